using System.Text.Json;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary><c>hwgen synth</c>: what it says and writes, and how it fails.</summary>
public sealed class SynthCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_block_is_mapped_to_standard_cells_and_timed()
    {
        await GenerateAsync();
        var run = await CommandRun.Of("synth", _folder["core"], "--target", "osu018", "--top", "tiny_shift_add_p4_a9_d2", "--json", "-o", _folder["out"]);
        run.Error.ShouldNotContain("hwgen:");
        run.Code.ShouldBe(ExitCode.Good);
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("area").GetDouble().ShouldBeGreaterThan(1000);
        summary.GetProperty("flipFlops").GetInt32().ShouldBeGreaterThan(9);
        summary.GetProperty("minimumPeriodNs").GetDouble().ShouldBeInRange(0.5, 20);
        // The path is told in the names of the source.
        summary.GetProperty("worstPath").GetProperty("to").GetString()!.ShouldStartWith("accumulator[");
        summary.GetProperty("tools").GetProperty("yosys").GetString()!.ShouldContain("Yosys");
        File.ReadAllText(_folder["out/netlist.v"]).ShouldContain("DFFPOSX1");
        File.ReadAllText(_folder["out/constraints.sdc"]).ShouldContain("create_clock -name clock");
        File.ReadAllLines(_folder["out/worst_path.csv"])[0].ShouldBe("signal,cell,delay_ns,time_ns");
        File.Exists(_folder["out/logs/timing.log"]).ShouldBeTrue();
        // The same again is refused.
        (await CommandRun.Of("synth", _folder["core"], "--target", "osu018", "-o", _folder["out"])).Code.ShouldBe(ExitCode.WrongInput);
    }

    [Theory]
    [InlineData("generic")]
    [InlineData("ecp5")]
    [InlineData("xilinx")]
    [InlineData("gowin")]
    [InlineData("ice40")]
    public async Task A_block_is_mapped_to_every_other_target(string target)
    {
        await GenerateAsync();
        var run = await CommandRun.Of("synth", _folder["core"], "--target", target, "--top", "tiny_popcount_n8", "--json");
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("cells").GetInt32().ShouldBeGreaterThan(5);
        if (target != "generic")
            summary.GetProperty("luts").GetInt32().ShouldBeGreaterThan(3);
        if (target == "ice40")
            new FileInfo(_folder["core/synth-ice40/design.bin"]).Length.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public async Task Large_arrays_of_flip_flops_are_told_before_a_tool_runs()
    {
        (await CommandRun.Of("generate", "edge64", "-o", _folder["large"])).Error.ShouldContain("note: the 16,384 cells are flip-flops: past 16,384 synthesis");
        File.WriteAllText(_folder["poor.lib"], "library (x) { cell (A) { area : 1; pin (A) { direction : input; } } }");
        var run = await CommandRun.Of("synth", _folder["large"], "--target", "osu018", "--liberty", _folder["poor.lib"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("note: the 16,384 cells are flip-flops");
        await GenerateAsync();
        (await CommandRun.Of("synth", _folder["core"], "--target", "osu018", "--liberty", _folder["poor.lib"])).Error.ShouldNotContain("flip-flops");
    }

    [Fact]
    public async Task What_is_wrong_with_the_input_ends_with_2()
    {
        await GenerateAsync();
        File.WriteAllText(_folder["text.lib"], "library (x) {\n  cell (A) {\n    area = 1;\n");
        File.WriteAllText(_folder["poor.lib"], "library (x) { cell (A) { area : 1; pin (A) { direction : input; } } }");
        await Refused("there is no such folder", "synth", _folder["nowhere"], "--target", "osu018");
        await Refused("no such file", "synth", _folder["core"], "--target", "osu018", "--liberty", _folder["none.lib"]);
        await Refused("text.lib:3", "synth", _folder["core"], "--target", "osu018", "--liberty", _folder["text.lib"]);
        await Refused("lacks an inverter", "synth", _folder["core"], "--target", "osu018", "--liberty", _folder["poor.lib"]);
        await Refused("--liberty", "synth", _folder["core"], "--target", "ice40", "--liberty", _folder["poor.lib"]);
        await Refused("--top = nothing", "synth", _folder["core"], "--target", "osu018", "--top", "nothing");
        await Refused("tiny_macro", "synth", _folder["core"], "--target", "generic", "--top", "nothing");
        await Refused("--density", "synth", _folder["core"], "--target", "osu018", "--layout", "--density", "7");
        await Refused("--density", "synth", _folder["core"], "--target", "ecp5", "--density", "0.5");
        await Refused("asic", "synth", _folder["core"], "--target", "asic");
        await Refused("--period", "synth", _folder["core"], "--target", "osu018", "--period", "-1");
        Directory.Exists(_folder["core/synth-osu018"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_library_without_flip_flops_is_told_once_the_design_needs_one()
    {
        await GenerateAsync();
        var library = File.ReadAllText("/usr/share/qflow/tech/osu018/osu018_stdcells.lib");
        File.WriteAllText(_folder["gates.lib"], library.Replace("ff (", "unknown_group (", StringComparison.Ordinal).Replace("ff(", "unknown_group(", StringComparison.Ordinal));
        await Refused("lacks a D flip-flop", "synth", _folder["core"], "--target", "osu018", "--liberty", _folder["gates.lib"], "--top", "tiny_shift_add_p4_a9_d2");
        (await CommandRun.Of("synth", _folder["core"], "--target", "osu018", "--liberty", _folder["gates.lib"], "--top", "tiny_popcount_n8", "--period", "5")).Code.ShouldBe(ExitCode.Good);
    }

    [Fact]
    public async Task A_block_is_placed_and_routed_and_a_cell_without_a_layout_view_is_told()
    {
        await GenerateAsync();
        string[] block = ["synth", _folder["core"], "--target", "osu018", "--top", "tiny_shift_add_p4_a9_d2", "--period", "5", "--layout"];
        var run = await CommandRun.Of([.. block, "--density", "0.5", "-o", _folder["laid"], "--json"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        var layout = JsonDocument.Parse(run.Output).RootElement.GetProperty("layout");
        layout.GetProperty("failedRoutes").GetInt32().ShouldBe(0);
        layout.GetProperty("density").GetDouble().ShouldBe(0.5);
        layout.GetProperty("widthUm").GetDouble().ShouldBeInRange(50, 500);
        layout.GetProperty("frequencyAfterMHz").GetDouble().ShouldBeInRange(50, layout.GetProperty("frequencyBeforeMHz").GetDouble());
        File.ReadAllText(_folder["laid/layout/routed.def"]).ShouldContain("ROUTED");
        File.ReadAllText(_folder["laid/logs/qflow/route.log"]).ShouldContain("No failed routes");

        File.WriteAllText(_folder["few.lef"], "VERSION 5.4 ;\nMACRO INVX1\nEND INVX1\n");
        var refused = await CommandRun.Of([.. block, "--lef", _folder["few.lef"]]);
        refused.Code.ShouldBe(ExitCode.WrongInput, refused.Error);
        refused.Error.ShouldContain("DFFPOSX1");
    }

    [Fact]
    public async Task A_tool_that_fails_ends_with_3_its_own_message_and_a_log_that_is_there()
    {
        await GenerateAsync();
        File.AppendAllText(_folder["core/rtl/tiny_popcount_n8.v"], "module broken (;\n");
        var run = await CommandRun.Of("synth", _folder["core"], "--target", "generic", "--top", "tiny_popcount_n8");
        run.Code.ShouldBe(ExitCode.ToolFailed);
        run.Error.ShouldContain("syntax error");
        var log = run.Error.Split('\n').Single(line => line.Contains("  log: ", StringComparison.Ordinal)).Split("log: ")[1].Trim();
        File.ReadAllText(log).ShouldContain("syntax error");
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(log))!, recursive: true);
        Directory.Exists(_folder["core/synth-generic"]).ShouldBeFalse();
    }

    private async Task GenerateAsync()
    {
        File.WriteAllText(_folder["tiny.yaml"], """
            name: tiny
            array: { rows: 4, columns: 8, lanes: 2 }
            memories: { operandWords: 16, resultWords: 4, initialWords: 4, levelWords: 4 }
            arithmetic: { largestFanIn: 64, inputBits: 1, weightBits: 1 }
            """);
        (await CommandRun.Of("generate", _folder["tiny.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
    }

    private static async Task Refused(string message, params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);
        run.Code.ShouldBe(ExitCode.WrongInput, run.Error);
        run.Error.ShouldContain(message);
    }
}
