using System.Globalization;
using HwGen.Tools;
using HwGen.Tools.Tests;
using Xunit.Abstractions;

namespace HwGen.Cli.Tests;

/// <summary>What <c>hwgen generate</c> writes depends on the configuration alone: not on culture, hash seed (each process has its own), threads, or folders.</summary>
public sealed class SameTextTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_files_are_the_same_under_a_comma_culture_another_hash_seed_other_threads_and_another_folder()
    {
        await Run(ProgramRun.Request("generate", "edge64", "-o", _folder["first"]));
        var expected = Files(_folder["first"]);
        expected.Count.ShouldBeGreaterThan(15);

        // The program from another folder, in another working folder, on one thread, under another locale.
        Copy(Path.GetDirectoryName(ProgramRun.Assembly)!, _folder["elsewhere/program"], _ => true);
        Directory.CreateDirectory(_folder["elsewhere/work"]);
        var moved = new ProgramRequest("dotnet", ["exec", _folder["elsewhere/program/hwgen.dll"], "generate", "edge64", "-o", "second"])
        {
            WorkingDirectory = _folder["elsewhere/work"],
            TimeLimit = TimeSpan.FromMinutes(5),
            Environment = new Dictionary<string, string?>
            {
                ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
                ["DOTNET_PROCESSOR_COUNT"] = "1",
                ["LC_ALL"] = "de_DE.UTF-8",
                ["HWGEN_ROOT"] = null,
            },
        };
        await Run(moved);
        Same(expected, Files(_folder["elsewhere/work/second"]), "another folder, one thread");

        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign, comma.NumberFormat.NumberGroupSeparator) = (",", "minus", ".");
        try
        {
            CultureInfo.CurrentCulture = comma;
            (await CommandRun.Of("generate", "edge64", "-o", _folder["third"])).Code.ShouldBe(ExitCode.Good);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Same(expected, Files(_folder["third"]), "a comma culture");
    }

    /// <summary>The whole checkout built in another folder. It costs a build of everything, so only the full run has it.</summary>
    [Fact, Trait("Run", "full")]
    public async Task The_files_are_the_same_from_another_checkout()
    {
        await Run(ProgramRun.Request("generate", "edge64", "-o", _folder["first"]));
        Copy(ProgramRun.Root, _folder["checkout"], path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git" or ".build"));
        await Run(new ProgramRequest("dotnet", ["build", "generator/HwGen.Cli", "-c", "Release", "-o", _folder["built"], "-nologo", "-v", "quiet", "-nodeReuse:false"])
        {
            WorkingDirectory = _folder["checkout"],
            TimeLimit = TimeSpan.FromMinutes(20),
        });
        await Run(new ProgramRequest("dotnet", ["exec", _folder["built/hwgen.dll"], "generate", "edge64", "-o", _folder["second"]]) { TimeLimit = TimeSpan.FromMinutes(5) });
        Same(Files(_folder["first"]), Files(_folder["second"]), "another checkout");
    }

    private static async Task Run(ProgramRequest request) => (await OutsideProgram.RunAsync(request)).EnsureSucceeded();

    private static void Copy(string from, string to, Func<string, bool> isWanted)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => isWanted(Path.GetRelativePath(from, file))))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static SortedDictionary<string, byte[]> Files(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes), StringComparer.Ordinal);

    private void Same(SortedDictionary<string, byte[]> expected, SortedDictionary<string, byte[]> actual, string what)
    {
        actual.Keys.ShouldBe(expected.Keys);
        expected.Where(file => !file.Value.AsSpan().SequenceEqual(actual[file.Key])).Select(file => file.Key).ShouldBeEmpty(what);
        output.WriteLine($"{what}: {expected.Count} files, {expected.Values.Sum(file => file.LongLength)} bytes, the same");
    }
}
