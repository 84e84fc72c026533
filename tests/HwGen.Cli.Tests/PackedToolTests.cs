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
