using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace HwGen.Netlist.Analyzers;

/// <summary>
/// Reports a local variable or parameter of a signal that is assigned again inside a body of <c>When</c>, <c>ElseWhen</c>, <c>Else</c> or <c>Switch</c>:
/// the body runs always, so the assignment holds whatever the condition is. A loop that folds signals is no mistake, and is not reported.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReassignedSignalAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableHashSet<string> Branches = ImmutableHashSet.Create("When", "ElseWhen", "Else", "Switch");

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        "HWA002", "A signal is reassigned in a branch", "{0} is assigned inside {1}, which runs whatever its condition is: use Choose, or drive a register",
        "Hardware", DiagnosticSeverity.Warning, isEnabledByDefault: true);

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
                start.RegisterOperationAction(c => Analyze(c, signal), OperationKind.SimpleAssignment, OperationKind.CompoundAssignment);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, INamedTypeSymbol signal)
    {
        var target = ((IAssignmentOperation)context.Operation).Target;
        ISymbol? variable = target switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            IFieldReferenceOperation field => field.Field,
            _ => null,
        };
        if (variable is null || !SignalTypes.IsSignal(target.Type, signal))
        {
            return;
        }

        for (var operation = context.Operation.Parent; operation is not null; operation = operation.Parent)
        {
            // A variable that the body declares itself lives in the body alone.
            if (operation is IAnonymousFunctionOperation body && !DeclaredIn(variable, body)
                && BranchAround(body) is { } branch)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rule, context.Operation.Syntax.GetLocation(), variable.Name, branch));
                return;
            }
        }
    }

    private static bool DeclaredIn(ISymbol variable, IAnonymousFunctionOperation body)
    {
        foreach (var reference in variable.DeclaringSyntaxReferences)
        {
            if (reference.SyntaxTree == body.Syntax.SyntaxTree && body.Syntax.Span.Contains(reference.Span))
            {
                return true;
            }
        }

        return false;
    }

    private static string? BranchAround(IAnonymousFunctionOperation body)
    {
        for (var operation = body.Parent; operation is not null and not IBlockOperation; operation = operation.Parent)
        {
            if (operation is IInvocationOperation call)
            {
                return Branches.Contains(call.TargetMethod.Name) && call.TargetMethod.ContainingNamespace?.ToDisplayString() == "HwGen.Netlist" ? call.TargetMethod.Name : null;
            }
        }

        return null;
    }
}
