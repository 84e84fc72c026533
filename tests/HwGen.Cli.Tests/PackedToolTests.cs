using System.Text.RegularExpressions;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>The program packed as a .NET tool, installed into an empty folder, away from the repository.</summary>
public sealed class PackedToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_packed_tool_runs_without_the_repository()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        (await Dotnet("pack", Path.Combine(ProgramRun.Root, "generator", "HwGen.Cli"), "-c", configuration, "--no-build", "-o", _folder["feed"], "-nologo", "-v", "quiet"))
            .EnsureSucceeded();
        // Only the folder of the package is a source: nothing of the machine helps.
        File.WriteAllText(_folder["sources.xml"],
            $"<configuration><packageSources><clear /><add key=\"here\" value=\"{_folder["feed"]}\" /></packageSources></configuration>");
        (await Dotnet("tool", "install", "HwGen", "--tool-path", _folder["tool"], "--configfile", _folder["sources.xml"])).EnsureSucceeded();

        Directory.CreateDirectory(_folder["empty"]);
        var help = await Tool("--help");
        help.ExitCode.ShouldBe(0);
        help.Output.ShouldContain("doctor");
        var doctor = await Tool("doctor");
        doctor.ExitCode.ShouldBe(0);
        doctor.Output.ShouldContain("all needed tools are there");
        (await Tool("test")).ExitCode.ShouldBe(2);
        // Nothing of the machine's data is near: it is looked for, and what to do is said.
        var data = await Tool("data");
        data.ExitCode.ShouldBe(0);
        data.Output.ShouldContain("hwgen data get mnist");
        File.Copy(Path.Combine(ProgramRun.Root, "models/zoo/mnist-binary/recipe.yaml"), _folder["recipe.yaml"]);
        var train = await Tool("train", _folder["recipe.yaml"], "-o", "out");
        train.ExitCode.ShouldBe(2);
        train.Error.ShouldContain("hwgen data get mnist");
        Directory.GetFileSystemEntries(_folder["empty"]).ShouldBeEmpty();
        await TheDemoRuns();
    }

    /// <summary>Without MNIST the demo draws its own digits, and says so; all that it needs came with the package.</summary>
    private async Task TheDemoRuns()
    {
        var first = await Tool("demo");
        first.ExitCode.ShouldBe(0, first.Error);
        first.Output.ShouldContain("runs on digits that it draws itself");
        first.Output.ShouldContain("2,000 images, accuracy 99.95 %");
        first.Output.ShouldContain("logit hash equal to the zoo's");
        first.Output.ShouldContain("logit hash of the first 100 images equal to the zoo's");
        Regex.IsMatch(first.Output.TrimEnd().Split('\n')[^1], @"^compared [\d,]+ values over 100 images: 0 mismatches; accuracy [\d.]+ %; ([\d,]+) cycles an image \(predicted \1\)$").ShouldBeTrue(first.Output);
        foreach (var file in (string[])
            [
                "summary.json", "layers.csv", "comparison.csv", "logits.npy", "golden-logits.npy", "first-image.vcd.gz", "network.hwnet",
                "core/rtl.f", "core/sim.f", "core/core.md", "core/rtl/edge64_core.v", "program/program.json", "program/rows.hex",
            ])
        {
            new FileInfo(_folder["empty/out/demo/" + file]).Length.ShouldBeGreaterThan(0, file);
        }
        // The meaning of ports comes from documentation that is packed too.
        File.ReadAllText(_folder["empty/out/demo/core/core.md"]).ShouldContain("| `start` | input | 1 | 1 to run the layer");

        // A second demo replaces what the first made, and nothing that it did not make.
        var summary = File.ReadAllText(_folder["empty/out/demo/summary.json"]);
        (await Tool("demo", "--images", "100")).ExitCode.ShouldBe(0);
        File.ReadAllText(_folder["empty/out/demo/summary.json"]).ShouldBe(summary);
        Directory.CreateDirectory(_folder["empty/mine"]);
        File.WriteAllText(_folder["empty/mine/thesis.txt"], "mine");
        (await Tool("demo", "-o", "mine")).ExitCode.ShouldBe(2);
        File.Exists(_folder["empty/mine/thesis.txt"]).ShouldBeTrue();
    }

    private Task<ProgramResult> Tool(params string[] arguments) => OutsideProgram.RunAsync(new ProgramRequest(_folder["tool/hwgen"], arguments)
    {
        WorkingDirectory = _folder["empty"],
        TimeLimit = TimeSpan.FromMinutes(5),
        Environment = new Dictionary<string, string?> { ["HWGEN_ROOT"] = null, ["HWGEN_DATA"] = null, ["XDG_CACHE_HOME"] = _folder["cache"] },
    });

    private static Task<ProgramResult> Dotnet(params string[] arguments) => OutsideProgram.RunAsync(new ProgramRequest("dotnet", arguments)
    {
        TimeLimit = TimeSpan.FromMinutes(10),
        EndLeftovers = true,
        Environment = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
    });
}
