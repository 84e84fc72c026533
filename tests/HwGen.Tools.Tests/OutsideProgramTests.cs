using System.Diagnostics;
using System.Globalization;

namespace HwGen.Tools.Tests;

public sealed class OutsideProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        string[] arguments = ["a b", "$HOME", "*", "", "quote\"'", "new\nline", "ü€", "--", "-n", "; echo no"];
        var show = _folder.Script("show", "for a in \"$@\"; do printf '%s|' \"$a\"; done");
        var result = await OutsideProgram.RunAsync(new ProgramRequest(show, arguments));
        result.Output.ShouldBe(string.Concat(arguments.Select(argument => argument + "|")));
        result.Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Streams_exit_code_and_working_folder_are_reported()
    {
        var result = await OutsideProgram.RunAsync(
            ProgramRequest.Of("sh", "-c", "pwd; echo oops >&2; exit 7") with { WorkingDirectory = _folder.FullPath });
        result.Output.ShouldBe(_folder.FullPath + "\n");
        result.Error.ShouldBe("oops\n");
        result.ExitCode.ShouldBe(7);
        result.TimedOut.ShouldBeFalse();
        var error = Should.Throw<ToolException>(() => result.EnsureSucceeded());
        error.ExitCode.ShouldBe(ExitCode.ToolFailed);
        error.Message.ShouldContain("exit code 7");
        error.Message.ShouldContain("oops");
        error.Message.ShouldContain("sh -c 'pwd; echo oops >&2; exit 7'");
    }

    [Fact]
    public async Task A_signal_is_reported_the_way_shells_do()
    {
        var result = await OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", "kill -SEGV $$"));
        result.ExitCode.ShouldBe(128 + 11);
    }

    [Fact]
    public async Task Standard_input_is_empty_unless_given()
    {
        (await OutsideProgram.RunAsync(ProgramRequest.Of("cat"))).Output.ShouldBe("");
        (await OutsideProgram.RunAsync(ProgramRequest.Of("cat") with { StandardInput = "äbc" })).Output.ShouldBe("äbc");
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_does_not_hold_us_up()
    {
        var result = await OutsideProgram.RunAsync(
            ProgramRequest.Of("sh", "-c", "exec 0<&-; echo done") with { StandardInput = new string('x', 1 << 20) });
        result.Output.ShouldBe("done\n");
    }

    [Fact]
    public async Task Variables_are_set_and_removed()
    {
        var result = await OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", "echo \"${ADDED-none} ${HOME-none}\"") with
        {
            Environment = new Dictionary<string, string?> { ["ADDED"] = "here", ["HOME"] = null },
        });
        result.Output.ShouldBe("here none\n");
    }

    [Theory]
    [InlineData("hwgen-no-such-program")]
    [InlineData("./no/such/program")]
    [InlineData("/proc/version")] // a file that cannot be run
    public async Task A_missing_program_is_a_tool_error_that_names_it(string program)
    {
        var error = await Should.ThrowAsync<ToolException>(() => OutsideProgram.RunAsync(ProgramRequest.Of(program)));
        error.Message.ShouldContain(program);
        error.Tool.ShouldBe(program);
    }

    [Fact]
    public async Task A_missing_working_folder_is_a_tool_error()
    {
        var error = await Should.ThrowAsync<ToolException>(
            () => OutsideProgram.RunAsync(ProgramRequest.Of("true") with { WorkingDirectory = _folder["none"] }));
        error.Message.ShouldContain(_folder["none"]);
    }

    [Fact]
    public async Task Long_output_keeps_its_beginning_and_its_end()
    {
        var result = await OutsideProgram.RunAsync(
            ProgramRequest.Of("seq", "1", "200000") with { KeptCharacters = 1000, LogFile = _folder["logs/run.log"] });
        result.Output.ShouldStartWith("1\n2\n3\n");
        result.Output.ShouldEndWith("199999\n200000\n");
        result.Output.ShouldContain("characters left out");
        result.Output.Length.ShouldBeLessThan(1100);
        // The log has all of it.
        File.ReadAllLines(_folder["logs/run.log"]).ShouldBe(Enumerable.Range(1, 200000).Select(number => number.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_log_has_a_limit_too()
    {
        await OutsideProgram.RunAsync(ProgramRequest.Of("seq", "1", "1000") with { LogFile = _folder["log"], LogCharacters = 100 });
        new FileInfo(_folder["log"]).Length.ShouldBeLessThan(200);
        File.ReadAllText(_folder["log"]).ShouldEndWith("left out ...\n");
    }

    [Fact]
    public async Task Lines_are_handed_on_as_they_come()
    {
        List<string> output = [], error = [];
        await OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", "printf 'one\\r\\n\\ntwo'; echo three >&2") with
        {
            OnOutputLine = output.Add,
            OnErrorLine = error.Add,
        });
        output.ShouldBe(["one", "", "two"]);
        error.ShouldBe(["three"]);
    }

    [Fact]
    public async Task A_time_limit_ends_the_whole_tree()
    {
        // A child, a grandchild that has lost its parent, and one with a session of its own.
        var result = await OutsideProgram.RunAsync(Tree() with { TimeLimit = TimeSpan.FromSeconds(1) });
        result.TimedOut.ShouldBeTrue();
        result.Succeeded.ShouldBeFalse();
        Should.Throw<ToolException>(() => result.EnsureSucceeded()).Message.ShouldContain("did not end within 1 s");
        ShouldBeGone();
    }

    [Fact]
    public async Task A_cancellation_ends_the_whole_tree()
    {
        using var source = new CancellationTokenSource();
        var run = OutsideProgram.RunAsync(Tree() with { OnOutputLine = line => { if (line == "ready") source.Cancel(); } }, source.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => run);
        ShouldBeGone();
    }

    [Fact]
    public async Task A_cancelled_token_starts_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(
            () => OutsideProgram.RunAsync(ProgramRequest.Of("touch", _folder["made"]), new CancellationToken(true)));
        File.Exists(_folder["made"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Grace_lets_a_program_tidy_up()
    {
        using var source = new CancellationTokenSource();
        var request = ProgramRequest.Of("sh", "-c", $"trap 'touch {_folder["tidied"]}; exit 0' TERM; echo ready; while :; do sleep 0.05; done") with
        {
            Grace = TimeSpan.FromSeconds(30),
            OnOutputLine = _ => source.Cancel(),
        };
        await Should.ThrowAsync<OperationCanceledException>(() => OutsideProgram.RunAsync(request, source.Token));
        File.Exists(_folder["tidied"]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_child_that_keeps_the_output_open_does_not_hold_us_up()
    {
        var watch = Stopwatch.StartNew();
        var result = await OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", $"(sleep 600 & echo $! > {_folder["pids"]}); echo done"));
        result.Output.ShouldBe("done\n");
        // Not a measurement: it would be 600 s.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(300));
        ShouldBeGone();
    }

    [Fact]
    public async Task What_a_program_leaves_running_is_ended_when_asked_for()
    {
        var quiet = $"sleep 600 > /dev/null 2>&1 < /dev/null & echo $! > {_folder["pids"]}";
        await OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", quiet) with { EndLeftovers = true });
        ShouldBeGone();
    }

    [Fact]
    public void The_path_is_searched_like_a_shell_does_but_never_the_current_folder()
    {
        var tool = _folder.Script("bin/tool", "true");
        File.WriteAllText(_folder["plain"], "");
        ProgramPath.Find("tool", $"/nowhere::{_folder["bin"]}").ShouldBe(tool);
        ProgramPath.Find("plain", _folder.FullPath).ShouldBeNull();
        ProgramPath.Find("tool", "").ShouldBeNull();
    }

    private ProgramRequest Tree() => ProgramRequest.Of("sh", "-c",
        $"sleep 600 & echo $! >> {_folder["pids"]}; (sleep 600 & echo $! >> {_folder["pids"]}); setsid sleep 600 & echo $! >> {_folder["pids"]}; sleep 0.2; echo ready; wait");

    private void ShouldBeGone()
    {
        var left = File.ReadAllLines(_folder["pids"]).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        left.ShouldNotBeEmpty();
        // Ended processes are waited for by their parent, or by init: give it time.
        for (var wait = 0; wait < 200 && left.Count > 0; wait++)
        {
            left.RemoveAll(process => !IsRunning(process));
            Thread.Sleep(25);
        }
        left.ShouldBeEmpty();
    }

    private static bool IsRunning(int process)
    {
        var status = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status";
        try
        {
            return File.ReadLines(status).All(line => !line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }
}
