using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HwGen.Cli.Hosting;
using HwGen.Cli.SelfTest;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen test</c>: installs the tools, builds and runs every test project, ends with one line over all.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var rooms = new Argument<string[]>("ROOM") { Description = "Rooms whose tests run, such as Tools; none: all", Arity = ArgumentArity.ZeroOrMore };
        var full = new Option<bool>("--full") { Description = "Add the long campaigns: random circuits, mutants, fuzzing, fault injection, all proofs" };
        var filter = new Option<string?>("--filter")
        {
            Description = "Run only the tests that the expression chooses, such as FullyQualifiedName~Popcount",
            HelpName = "EXPRESSION",
        };
        var yes = CommonOptions.Yes();
        return new Command("test", "Build and run the tests of this checkout") { rooms, full, filter, yes }
            .Runs((parsed, context) => RunAsync(parsed.GetValue(rooms) ?? [], parsed.GetValue(full), parsed.GetValue(filter), parsed.GetValue(yes), context));
    }

    /// <summary>Tests of this trait are whole campaigns, or bring in what a plain run does without: <c>--full</c> adds them.</summary>
    private const string WithoutCampaigns = "Run!=full";

    private static async Task<ExitCode> RunAsync(string[] rooms, bool full, string? filter, bool yes, RunContext context)
    {
        var root = Checkout.Find();
        var projects = TestRun.Projects(root, rooms);
        await context.EnsureToolsAsync(ToolCatalogue.Needed, yes).ConfigureAwait(false);
        filter ??= full ? null : WithoutCampaigns;
        var run = new TestRun(root, full, context);
        await run.BuildAsync(projects).ConfigureAwait(false);

        var (passed, failed) = (0, 0);
        var skips = new List<string>();
        foreach (var project in projects)
        {
            var watch = Stopwatch.StartNew();
            var results = await run.RunAsync(project, filter).ConfigureAwait(false);
            passed += results.Passed;
            failed += results.Failures.Count;
            skips.AddRange(results.Skips);
            foreach (var (name, message) in results.Failures)
            {
                context.Terminal.Say($"FAILED {name}");
                foreach (var line in message.TrimEnd().Split('\n'))
                    context.Terminal.Say("    " + line.TrimEnd('\r'));
            }
            context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileNameWithoutExtension(project)}: {TestResults.Line(results.Passed, results.Failures.Count, results.Skips.Count)} ({watch.Elapsed.TotalSeconds:0.0} s)"));
        }

        foreach (var reason in skips.GroupBy(reason => reason, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
            context.Terminal.Result(string.Create(CultureInfo.InvariantCulture, $"{reason.Count()} skipped: {reason.Key.ReplaceLineEndings(" ")}"));
        var code = failed > 0 || passed == 0 ? ExitCode.Differs : ExitCode.Good;
        if (passed + failed == 0)
            context.Terminal.Say("no test ran: that is a failure");
        context.Finish(
            new RunSummary("test").Add("full", full).Add("passed", passed).Add("failed", failed).Add("skipped", skips.Count), code);
        context.Terminal.Result(TestResults.Line(passed, failed, skips.Count));
        return code;
    }
}
