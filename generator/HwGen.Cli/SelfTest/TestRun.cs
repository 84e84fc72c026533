using System.Diagnostics;
using System.Globalization;
using HwGen.Cli.Hosting;
using HwGen.Tools;

namespace HwGen.Cli.SelfTest;

/// <summary>Builds a checkout's test projects and runs them one after the other.</summary>
/// <param name="root">The checkout.</param>
/// <param name="full">Whether the long campaigns run too.</param>
/// <param name="context">Where to speak, and when to stop.</param>
internal sealed class TestRun(string root, bool full, RunContext context)
{
    private static readonly TimeSpan s_timeLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_fullTimeLimit = TimeSpan.FromHours(12);

    /// <summary>The test projects of a checkout, sorted by name.</summary>
    /// <param name="root">The checkout.</param>
    /// <param name="rooms">Rooms or projects by name (<c>Tools</c>, <c>HwGen.Tools.Tests</c>); none means all.</param>
    /// <returns>Full paths of project files.</returns>
    /// <exception cref="InputException">A name fits no project.</exception>
    public static IReadOnlyList<string> Projects(string root, IReadOnlyList<string> rooms)
    {
        var all = Directory.GetFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToList();
        if (rooms.Count == 0)
            return all;
        static string RoomOf(string project) => Path.GetFileNameWithoutExtension(project)["HwGen.".Length..^".Tests".Length];
        var unknown = rooms.Where(room => !all.Exists(project => IsNamed(project, room))).ToList();
        if (unknown.Count > 0)
        {
            throw new InputException([.. unknown.Select(room => new InputError("there is no such room with tests")
            {
                Key = "ROOM",
                Value = room,
                Allowed = string.Join(", ", all.Select(RoomOf)),
            })]);
        }
        return [.. all.Where(project => rooms.Any(room => IsNamed(project, room)))];

        static bool IsNamed(string project, string room) =>
            string.Equals(room, RoomOf(project), StringComparison.OrdinalIgnoreCase)
            || string.Equals(room, Path.GetFileNameWithoutExtension(project), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Builds the projects, in the Release configuration.</summary>
    /// <param name="projects">Project files; all of the solution is built when there are several.</param>
    /// <exception cref="ToolException">The build failed.</exception>
    public async Task BuildAsync(IReadOnlyList<string> projects)
    {
        context.Terminal.Say("building the tests");
        var watch = Stopwatch.StartNew();
        var what = projects.Count == 1 ? projects[0] : Path.Combine(root, "HwGen.sln");
        var result = await OutsideProgram.RunAsync(
            Dotnet("build", what, "-c", "Release", "-nologo", "-v", "quiet", "-consoleLoggerParameters:NoSummary") with { TimeLimit = s_timeLimit },
            context.CancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new ToolException("dotnet", PlainText.Escape(
                $"the tests could not be built\n{(result.Output + result.Error).Trim()}\n  command: {result.Request.CommandLine}", keepLines: true));
        }
        context.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"built in {watch.Elapsed.TotalSeconds:0} s"));
    }

    /// <summary>Runs one project that has been built.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="filter">An expression of the test runner that chooses tests; null: all.</param>
    /// <returns>Its results. A crash or a time-out is a failure among them.</returns>
    public async Task<TestResults> RunAsync(string project, string? filter)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var assembly = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Release", "net10.0", name + ".dll");
        var folder = Directory.CreateTempSubdirectory("hwgen-test-results-").FullName;
        try
        {
            // A built assembly, not a project: that spares MSBuild for every project.
            string[] arguments = ["test", assembly, "--logger", "trx;LogFileName=results.trx", "--results-directory", folder, "--nologo"];
            var result = await OutsideProgram.RunAsync(
                Dotnet(filter is null ? arguments : [.. arguments, "--filter", filter]) with
                {
                    TimeLimit = full ? s_fullTimeLimit : s_timeLimit,
                    OnOutputLine = context.Verbose ? context.Terminal.Say : null,
                },
                context.CancellationToken).ConfigureAwait(false);
            var results = TestResults.Read(Path.Combine(folder, "results.trx"));
            if (result.Succeeded && results is not null)
                return results;
            // A filter that leaves nothing of a project writes no results, and is no failure.
            if (result.Succeeded)
                return new TestResults(0, [], []);
            if (results is { Failures.Count: > 0 } && !result.TimedOut)
                return results;
            var why = result.TimedOut ? "did not end in time" : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {result.ExitCode}");
            return new TestResults(results?.Passed ?? 0,
                [.. results?.Failures ?? [], ($"{name} (the run)", $"{why}\n{Tail(result.Output + result.Error)}")],
                results?.Skips ?? []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private ProgramRequest Dotnet(params string[] arguments) => new("dotnet", arguments)
    {
        WorkingDirectory = root,
        EndLeftovers = true,
        Environment = new Dictionary<string, string?>
        {
            ["HWGEN_FULL"] = full ? "1" : null,
            ["HWGEN_ROOT"] = root,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            // No build server of ours stays behind, and none of another checkout is in the way.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        },
    };

    private static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(15));
}
