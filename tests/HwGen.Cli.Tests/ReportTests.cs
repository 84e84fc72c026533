using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>These change the environment of the process, so they run alone.</summary>
[CollectionDefinition(nameof(ReportTests), DisableParallelization = true)]
[Collection(nameof(ReportTests))]
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");

    public ReportTests() => Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _folder["cache"]);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _before);
        _folder.Dispose();
    }

    [Fact]
    public async Task Our_own_bug_writes_a_report_with_the_stack_trace()
    {
        var run = await CommandRun.Failing(new InvalidOperationException("never\nhappens"));
        run.Code.ShouldBe(ExitCode.OwnBug);
        run.Error.ShouldContain("a bug of ours: InvalidOperationException: never\n");
        run.Error.ShouldNotContain("   at ");
        var report = Directory.GetFiles(_folder["cache/hwgen/reports"]).ShouldHaveSingleItem();
        run.Error.ShouldContain(report);
        var text = File.ReadAllText(report);
        text.ShouldContain("hwgen fail");
        text.ShouldContain("never\nhappens");
        text.ShouldContain("   at HwGen.Cli");
        // The same bug again: the same file.
        await CommandRun.Failing(new InvalidOperationException("never\nhappens"));
        Directory.GetFiles(_folder["cache/hwgen/reports"]).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_does_not_hide_the_bug()
    {
        File.WriteAllText(_folder["cache"], "a file where the folder should be");
        var run = await CommandRun.Failing(new InvalidOperationException("never"));
        run.Code.ShouldBe(ExitCode.OwnBug);
        run.Error.ShouldContain("never");
        run.Error.ShouldContain("could not be written");
    }
}
