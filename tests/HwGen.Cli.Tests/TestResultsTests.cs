using HwGen.Cli.SelfTest;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

public sealed class TestResultsTests : IDisposable
{
    private const string Header = "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"><Results>";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Results_are_counted_by_their_outcome()
    {
        var results = Read(Header
            + Result("a", "Passed") + Result("b", "Passed")
            + Result("c", "Failed", "<Output><ErrorInfo><Message>1 should be 2</Message></ErrorInfo></Output>")
            + Result("d", "NotExecuted", "<Output><ErrorInfo><Message>no shared data</Message></ErrorInfo></Output>")
            + Result("e", "Timeout")
            + "</Results><ResultSummary outcome=\"Failed\" /></TestRun>").ShouldNotBeNull();
        results.Passed.ShouldBe(2);
        results.Failures.ShouldBe([("c", "1 should be 2"), ("e", "no message")]);
        results.Skips.ShouldBe(["no shared data"]);
        results.Total.ShouldBe(5);
    }

    [Fact]
    public void A_run_that_was_aborted_is_a_failure_even_when_all_results_are_good()
    {
        var results = Read(Header + Result("a", "Passed")
            + "</Results><ResultSummary outcome=\"Failed\"><RunInfos><RunInfo><Text>Test host process crashed</Text></RunInfo></RunInfos></ResultSummary></TestRun>").ShouldNotBeNull();
        results.Passed.ShouldBe(1);
        results.Failures.ShouldHaveSingleItem().Message.ShouldContain("crashed");
    }

    [Fact]
    public void A_file_that_is_missing_or_cut_off_has_no_results()
    {
        TestResults.Read(_folder["none.trx"]).ShouldBeNull();
        Read(Header + Result("a", "Passed")).ShouldBeNull();
        Read("").ShouldBeNull();
    }

    [Fact]
    public void The_last_line_is_the_contract() =>
        TestResults.Line(1234, 0, 5).ShouldBe("1234 passed, 0 failed, 5 skipped");

    [Fact]
    public void Rooms_are_chosen_by_name()
    {
        string Project(string name)
        {
            Directory.CreateDirectory(_folder["tests/" + name]);
            var path = _folder[$"tests/{name}/{name}.csproj"];
            File.WriteAllText(path, "");
            return path;
        }

        var (tools, cim) = (Project("HwGen.Tools.Tests"), Project("HwGen.Cim.Tests"));
        TestRun.Projects(_folder.FullPath, []).ShouldBe([cim, tools]);
        TestRun.Projects(_folder.FullPath, ["tools"]).ShouldBe([tools]);
        TestRun.Projects(_folder.FullPath, ["HwGen.Cim.Tests", "Tools"]).ShouldBe([cim, tools]);
        var error = Should.Throw<InputException>(() => TestRun.Projects(_folder.FullPath, ["Tols", "Cim", "x"]));
        error.Errors.Count.ShouldBe(2);
        error.Message.ShouldContain("allowed: Cim, Tools");
    }

    private TestResults? Read(string text)
    {
        File.WriteAllText(_folder["results.trx"], text);
        return TestResults.Read(_folder["results.trx"]);
    }

    private static string Result(string name, string outcome, string inner = "") =>
        $"<UnitTestResult testName=\"{name}\" outcome=\"{outcome}\">{inner}</UnitTestResult>";
}
