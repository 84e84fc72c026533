using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>The program as a process of its own: exit codes, streams, Ctrl-C, reports.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bad_options_end_with_2_and_help_with_0()
    {
        (await OutsideProgram.RunAsync(ProgramRun.Request("--bad"))).ExitCode.ShouldBe(2);
        (await OutsideProgram.RunAsync(ProgramRun.Request("--help"))).ExitCode.ShouldBe(0);
        (await OutsideProgram.RunAsync(ProgramRun.Request("--version"))).Output.ShouldStartWith("0.1.0");
    }

    [Fact]
    public async Task Doctor_lists_every_tool_and_what_it_is_for()
    {
        var run = await OutsideProgram.RunAsync(ProgramRun.Request("doctor"));
        run.ExitCode.ShouldBe(0);
        foreach (var tool in ToolCatalogue.All)
        {
            run.Output.ShouldContain(tool.Program);
            run.Output.ShouldContain(tool.Purpose);
        }
        run.Output.ShouldContain("Verilator 5");
        // Not a terminal: no escape sequence.
        run.Output.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task Doctor_names_what_is_missing_and_the_exact_command()
    {
        var run = await OutsideProgram.RunAsync(WithPath(ProgramRun.Request("doctor", "--json"), "dotnet", "setsid"));
        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("MISSING");
        run.Error.ShouldContain(FormattableString.Invariant($"{ToolCatalogue.Needed.Count} of {ToolCatalogue.Needed.Count} needed tools are missing"));
        var packages = string.Join(' ', ToolCatalogue.Needed.Select(tool => tool.Package).Order(StringComparer.Ordinal));
        packages.ShouldContain("iverilog make nextpnr-ice40 nodejs npm opensta");
        run.Error.ShouldContain("apt-get install -y --no-install-recommends " + packages);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("missing").GetArrayLength().ShouldBe(ToolCatalogue.Needed.Count);
    }

    [Fact]
    public async Task Doctor_install_without_apt_is_a_tool_error()
    {
        var run = await OutsideProgram.RunAsync(WithPath(ProgramRun.Request("doctor", "--install"), "dotnet", "setsid"));
        run.ExitCode.ShouldBe(3);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("missing: verilator, g++, make, yosys, iverilog");
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Ctrl_c_ends_the_whole_tree_with_130(PosixSignal signal)
    {
        // A tool that never answers, with a child of its own.
        _folder.Script("bin/verilator", $"sleep 600 & echo $! > {_folder["child"]}; mv {_folder["child"]} {_folder["started"]}; wait");
        var request = WithPath(ProgramRun.Request("doctor"), "dotnet", "env", "setsid", "sleep", "mv");
        // A test run in the background passes on an ignored interrupt, which no program could take back: env does. The number of the program itself, to signal it and not the test.
        var script = $"env --default-signal=INT dotnet exec {request.Arguments[1]} doctor & echo $! > {_folder["program"]}; wait $!";
        var run = OutsideProgram.RunAsync(request with { Program = "/bin/bash", Arguments = ["-c", "set -m; " + script] });
        while (!File.Exists(_folder["started"]))
        {
            run.IsCompleted.ShouldBeFalse();
            await Task.Delay(20);
        }
        var number = File.ReadAllText(_folder["program"]).Trim();
        (await OutsideProgram.RunAsync(ProgramRequest.Of("kill", signal == PosixSignal.SIGINT ? "-INT" : "-TERM", number))).Succeeded.ShouldBeTrue();
        var result = await run;
        result.ExitCode.ShouldBe(130);
        result.Error.ShouldContain("interrupted");
        var child = int.Parse(File.ReadAllText(_folder["started"]), CultureInfo.InvariantCulture);
        for (var wait = 0; wait < 200 && IsRunning(child); wait++)
            await Task.Delay(25);
        IsRunning(child).ShouldBeFalse();
    }

    [Fact]
    public async Task Clean_empties_the_cache_but_keeps_data_sets()
    {
        var cache = new BuildCache("verilator", _folder["cache/hwgen"]);
        cache.GetOrCreate("a", folder => File.WriteAllBytes(Path.Combine(folder, "x"), new byte[1_500_000]));
        Directory.CreateDirectory(_folder["cache/hwgen/data/mnist"]);
        File.WriteAllText(_folder["cache/hwgen/data/mnist/x"], "x");
        Directory.CreateDirectory(_folder["cache/hwgen/reports"]);
        File.WriteAllText(_folder["cache/hwgen/reports/x"], "x");

        var run = await OutsideProgram.RunAsync(WithCache(ProgramRun.Request("clean")));
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldBe($"removed 2 entries, 1.5 MB, from {_folder["cache/hwgen"]}\n");
        cache.Contains("a").ShouldBeFalse();
        File.Exists(_folder["cache/hwgen/data/mnist/x"]).ShouldBeTrue();

        (await OutsideProgram.RunAsync(WithCache(ProgramRun.Request("clean", "--data")))).ExitCode.ShouldBe(0);
        Directory.Exists(_folder["cache/hwgen/data"]).ShouldBeFalse();
        (await OutsideProgram.RunAsync(WithCache(ProgramRun.Request("clean")))).Output.ShouldStartWith("removed 0 entries");
    }

    [Fact]
    public async Task Test_outside_a_checkout_is_wrong_input()
    {
        var request = ProgramRun.Request("test") with { WorkingDirectory = _folder.FullPath };
        var run = await OutsideProgram.RunAsync(request with { Environment = new Dictionary<string, string?>(request.Environment) { ["HWGEN_ROOT"] = null } });
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("checkout");
    }

    /// <summary>Only the named programs, and what the test puts into bin, can be found.</summary>
    private ProgramRequest WithPath(ProgramRequest request, params string[] programs)
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var program in programs)
            File.CreateSymbolicLink(_folder["bin/" + program], ProgramPath.Find(program).ShouldNotBeNull());
        return request with { Environment = new Dictionary<string, string?>(request.Environment) { ["PATH"] = _folder["bin"] } };
    }

    private ProgramRequest WithCache(ProgramRequest request) =>
        request with { Environment = new Dictionary<string, string?>(request.Environment) { ["XDG_CACHE_HOME"] = _folder["cache"] } };

    private static bool IsRunning(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").All(line => !line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }
}
