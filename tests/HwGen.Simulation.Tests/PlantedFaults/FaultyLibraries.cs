using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>
/// The sources of the netlist and simulation libraries and of the random circuits, compiled into one assembly with all faults planted in them, each switched on by its number.
/// </summary>
internal sealed partial class FaultyLibraries
{
    private readonly MethodInfo _trace;
    private readonly MethodInfo _texts;

    public FaultyLibraries(IReadOnlyList<PlantedFault> faults)
    {
        var root = Root();
        var trees = new List<SyntaxTree>();
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var planted = 0;
        foreach (var path in Sources(root))
        {
            var text = Generated().Replace(File.ReadAllText(path), "private static Regex ${name}() => new Regex(${arguments});");
            var name = Path.GetRelativePath(Path.Combine(root, "generator"), path).Replace('\\', '/');
            for (var number = 0; number < faults.Count; number++)
            {
                if (faults[number].File == name)
                {
                    text = faults[number].Plant(text, number);
                    planted++;
                }
            }

            trees.Add(CSharpSyntaxTree.ParseText(text, options, path));
        }

        planted.ShouldBe(faults.Count, "each fault has its file");
        trees.Add(CSharpSyntaxTree.ParseText(Extra, options));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is not ("HwGen.Netlist.dll" or "HwGen.Simulation.dll" or "HwGen.Simulation.Tests.dll"))
            .DistinctBy(Path.GetFileName).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "HwGen.FaultyLibraries", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream);
        result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5).ShouldBeEmpty();
        var run = Assembly.Load(stream.ToArray()).GetType("HwGen.Simulation.Tests.PlantedFaults.FaultRun", throwOnError: true)!;
        _trace = run.GetMethod("Trace")!;
        _texts = run.GetMethod("Texts")!;
    }

    /// <summary>All outputs of some random circuits, or random arrays, before and after each step, with a fault or, at −1, without.</summary>
    public string[] Trace(int fault, string engine, bool isOfArrays, int firstSeed, int count) => Call<string[]>(_trace, fault, engine, isOfArrays, firstSeed, count);

    /// <summary>The Verilog of some random circuits under a prefix: names and texts.</summary>
    public string[][] Texts(int fault, string prefix, int firstSeed, int count) => Call<string[][]>(_texts, fault, prefix, firstSeed, count);

    private static T Call<T>(MethodInfo method, params object[] arguments)
    {
        try
        {
            return (T)method.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
        {
            throw inner;
        }
    }

    /// <summary>The engines of text are left out: their tools read what the writer of this assembly writes.</summary>
    private static IEnumerable<string> Sources(string root)
    {
        foreach (var room in new[] { "HwGen.Netlist", "HwGen.Simulation" })
        {
            var folder = Path.Combine(root, "generator", room);
            foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var part = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0];
                if (part is not ("obj" or "bin" or "Verilator" or "Icarus"))
                    yield return file;
            }
        }

        var tests = Path.Combine(root, "tests", "HwGen.Simulation.Tests");
        foreach (var file in new[] { "RandomModule.cs", "RandomModule.Parts.cs", "RandomBatch.cs", "RandomStimulus.cs", "RandomArray.cs" })
            yield return Path.Combine(tests, file);
        yield return Path.Combine(tests, "PlantedFaults", "FaultRun.cs");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("the tests run outside the repository");
    }

    private const string Extra = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        namespace HwGen.Netlist
        {
            internal static class Planted
            {
                public static int Active = -1;
                public static bool Is(int number) => Active == number;
            }
        }
        """;

    [GeneratedRegex(@"\[GeneratedRegex\((?<arguments>.*)\)\]\s*private static partial Regex (?<name>\w+)\(\);")]
    private static partial Regex Generated();
}
