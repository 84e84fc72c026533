using System.CommandLine;
using System.Text.Json;
using HwGen.Cli.Hosting;
using HwGen.Netlist;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Tests;

public class ApplicationTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData]
    public async Task Help_is_a_result_and_good(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);
        run.Code.ShouldBe(ExitCode.Good);
        run.Output.ShouldStartWith("Description:");
        run.Output.ShouldContain("doctor");
        run.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--bad")]
    [InlineData("frob")]
    [InlineData("doctor", "--bad")]
    [InlineData("doctor", "extra")]
    [InlineData("clean", "--data=maybe")]
    [InlineData("test", "--filter")]
    [InlineData("@response-file")]
    public async Task A_bad_command_line_is_wrong_input(params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("--help");
        run.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task An_unknown_command_is_told_what_there_is() =>
        (await CommandRun.Of("frob")).Error.ShouldContain("commands: demo, generate, ");

    [Fact]
    public async Task The_command_whose_options_are_wrong_is_named() =>
        (await CommandRun.Of("doctor", "--bad")).Error.ShouldContain("hwgen doctor --help");

    public static TheoryData<Exception, ExitCode> Errors => new()
    {
        { new InputException("bad"), ExitCode.WrongInput },
        { new ToolException("yosys", "bad"), ExitCode.ToolFailed },
        { new InputFileException("net.hwnet", "layers[0]", "bad"), ExitCode.WrongInput },
        { new InvalidNetworkException("net", ["bad"]), ExitCode.WrongInput },
        { new FileNotFoundException("bad"), ExitCode.WrongInput },
        { new UnauthorizedAccessException("bad"), ExitCode.WrongInput },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Every_known_error_has_its_exit_code_and_no_stack_trace(Exception exception, ExitCode code)
    {
        var run = await CommandRun.Failing(exception);
        run.Code.ShouldBe(code);
        run.Error.ShouldContain("bad");
        run.Error.ShouldNotContain("   at ");
        run.Output.ShouldBeEmpty();
        (await CommandRun.Failing(exception, "--verbose")).Error.ShouldContain("   at ");
    }

    [Fact]
    public async Task Several_input_errors_are_a_line_each()
    {
        var run = await CommandRun.Failing(new InputException(
            [new InputError("unknown key") { File = "a.yaml", Line = 2, Key = "arry" }, new InputError("must be positive") { Key = "array.rows", Value = "0" }]));
        run.Error.ShouldBe("hwgen: a.yaml:2: arry: unknown key\nhwgen: array.rows = 0: must be positive\n");
    }

    [Fact]
    public async Task An_error_cannot_drive_the_terminal() =>
        (await CommandRun.Failing(new IOException("\u001b[2Jgone"))).Error.ShouldBe("hwgen: \\u001b[2Jgone\n");

    [Fact]
    public async Task Json_of_a_failed_run_is_a_summary_and_nothing_else()
    {
        var run = await CommandRun.Failing(new InputException([new InputError("one"), new InputError("two")]), "--json");
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("formatVersion").GetInt32().ShouldBe(1);
        summary.GetProperty("command").GetString().ShouldBe("fail");
        summary.GetProperty("exitCode").GetInt32().ShouldBe(2);
        summary.GetProperty("errors").EnumerateArray().Select(error => error.GetString()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_result_goes_to_standard_error_when_standard_output_is_for_json()
    {
        static Command Say() => new Command("say").Runs((_, context) =>
        {
            context.Terminal.Result("a result");
            context.Terminal.Table(["name", ">number"], [["x", "1"]]);
            context.Terminal.Say("progress");
            return Task.FromResult(context.Finish(new RunSummary("say").Add("value", 1), ExitCode.Differs));
        });
        var plain = await CommandRun.Of(["say"], CancellationToken.None, Say());
        plain.Code.ShouldBe(ExitCode.Differs);
        plain.Output.ShouldContain("a result\n");
        plain.Output.ShouldContain("| x    |      1 |");
        plain.Error.ShouldBe("progress\n");
        var json = await CommandRun.Of(["say", "--json"], CancellationToken.None, Say());
        JsonDocument.Parse(json.Output).RootElement.GetProperty("exitCode").GetInt32().ShouldBe(1);
        json.Error.ShouldContain("a result\n");
        json.Error.ShouldContain("| x    |      1 |");
    }

    [Fact]
    public async Task An_interrupted_run_says_so_whatever_it_threw()
    {
        using var source = new CancellationTokenSource();
        var command = new Command("wait").Runs((_, context) =>
        {
            source.Cancel();
            // Work that is torn down by a cancellation fails in many ways.
            throw new InvalidOperationException("pipe closed");
        });
        var run = await CommandRun.Of(["wait"], source.Token, command);
        run.Code.ShouldBe(ExitCode.Interrupted);
        run.Error.ShouldContain("interrupted");
        run.Error.ShouldNotContain("pipe closed");
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_bug() =>
        (await CommandRun.Failing(new OperationCanceledException())).Code.ShouldBe(ExitCode.OwnBug);

    [Fact]
    public async Task Progress_off_a_terminal_is_plain_lines_once_a_tenth()
    {
        var command = new Command("work").Runs(async (_, context) => await context.Terminal.ProgressAsync("building", report =>
        {
            for (var step = 0; step <= 1000; step++)
                report(step / 1000.0);
            report(double.NaN);
            report(0.2);
            return Task.FromResult(ExitCode.Good);
        }));
        var run = await CommandRun.Of(["work"], CancellationToken.None, command);
        run.Error.ShouldBe("building\n" + string.Concat(Enumerable.Range(1, 10).Select(tenth => FormattableString.Invariant($"building: {10 * tenth} %\n"))));
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Explain_prints_the_page_of_a_diagnostic_and_names_the_codes_there_are()
    {
        var page = await CommandRun.Of("explain", "HW0006");
        page.Code.ShouldBe(ExitCode.Good);
        page.Output.ShouldBe(DiagnosticPages.Of("HW0006"));
        page.Output.Split('\n').Length.ShouldBeGreaterThan(8);
        (await CommandRun.Of("explain", "hwa001")).Output.ShouldStartWith("## HWA001: ");
        var unknown = await CommandRun.Of("explain", "HW9999");
        unknown.Code.ShouldBe(ExitCode.WrongInput);
        unknown.Error.ShouldContain("HW9999");
        unknown.Error.ShouldContain("HW0001");
    }
}
