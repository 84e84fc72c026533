using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HwGen.Netlist.Tests.Tools;

/// <summary>Compiles C# text against the library.</summary>
internal static class Compiler
{
    private const string Usings = "using System; using System.Linq; using System.Numerics; using System.Collections.Generic; using HwGen.Netlist;\n#nullable enable\n";

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "examples", [CSharpSyntaxTree.ParseText(Usings + source)], References.DistinctBy(r => Path.GetFileName(r.Display)), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    public static IReadOnlyList<string> Errors(string source) =>
        [.. Compile(source).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.Id)];

    public static IReadOnlyList<string> Warnings(string source, DiagnosticAnalyzer analyzer)
    {
        var compilation = Compile(source);
        compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        return [.. compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
            .OrderBy(d => d.Location.SourceSpan.Start).Select(d => $"{d.Id}: {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")];
    }

    public static System.Reflection.Assembly Load(string source)
    {
        using var stream = new MemoryStream();
        var result = Compile(source).Emit(stream);
        result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        return System.Reflection.Assembly.Load(stream.ToArray());
    }
}
