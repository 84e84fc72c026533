using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace HwGen.Netlist.Analyzers;

/// <summary>Reports a signal that a statement makes and drops, such as <c>a.EqualTo(b);</c>: it describes no hardware.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IgnoredSignalAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        "HWA001", "The result is ignored", "The signal that {0} gives is ignored: drive something with it, or call Discard", "Hardware", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Rule);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (SignalTypes.Find(start.Compilation) is { } signal)
            {
                start.RegisterOperationAction(c => Analyze(c, signal), OperationKind.ExpressionStatement);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, INamedTypeSymbol signal)
    {
        if (((IExpressionStatementOperation)context.Operation).Operation is IInvocationOperation call && SignalTypes.IsSignal(call.Type, signal))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule, call.Syntax.GetLocation(), call.TargetMethod.Name));
        }
    }
}
