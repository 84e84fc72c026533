using System.Text.Json;
using HwGen.Synthesis.Manifests;
using HwGen.Tools;
using YamlDotNet.RepresentationModel;

namespace HwGen.Synthesis.Tests;

/// <summary>Each manifest is read by a parser of its format: JSON, make, Tcl with OpenSTA's commands, YAML.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ManifestTests()
    {
        var content = new ManifestContent(
            "chip", "clock", [new("count", false, 2), new("ready", false, 1), new("bits", true, 3), new("reset_n", true, 1)],
            ["rtl/a.v", "rtl/chip.v"], ["cells/a.v", "rtl/chip.v"], ["sim/a.sv", "rtl/chip.v"], 12.5);
        foreach (var (path, text) in FlowManifests.Of(content))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.Of(path))!);
            File.WriteAllText(_folder.Of(path), text);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LibreLane_gets_JSON()
    {
        var root = JsonDocument.Parse(File.ReadAllText(_folder.Of(FlowManifests.LibreLane))).RootElement;
        root.GetProperty("DESIGN_NAME").GetString().ShouldBe("chip");
        root.GetProperty("CLOCK_PORT").GetString().ShouldBe("clock");
        root.GetProperty("CLOCK_PERIOD").GetDouble().ShouldBe(12.5);
        root.GetProperty("VERILOG_FILES").EnumerateArray().Select(file => file.GetString()).ShouldBe(["dir::../cells/a.v", "dir::../rtl/chip.v"]);
    }

    [Fact]
    public async Task OpenROAD_gets_a_makefile()
    {
        File.WriteAllText(_folder.Of("print.mk"), "include orfs/config.mk\nall:\n\t@echo $(DESIGN_NAME) $(words $(VERILOG_FILES)) $(notdir $(lastword $(VERILOG_FILES))) $(SDC_FILE)\n");
        var result = await OutsideProgram.RunAsync(ProgramRequest.Of("make", "-f", "print.mk") with { WorkingDirectory = _folder.Path });
        result.EnsureSucceeded();
        var words = result.Output.Trim().Split(' ');
        words[..3].ShouldBe(["chip", "2", "chip.v"]);
        File.Exists(words[3]).ShouldBeTrue();
    }

    [Fact]
    public async Task Constraints_are_taken_by_a_timing_tool()
    {
        File.WriteAllText(_folder.Of("netlist.v"), """
            module chip (count, ready, bits, reset_n, clock);
              output [1:0] count; output ready; input [2:0] bits; input reset_n, clock;
              DFFPOSX1 a (.CLK(clock), .D(bits[0]), .Q(count[0]));
              DFFPOSX1 b (.CLK(clock), .D(bits[1]), .Q(count[1]));
              NAND2X1 c (.A(bits[2]), .B(reset_n), .Y(ready));
            endmodule
            """);
        File.WriteAllText(_folder.Of("run.tcl"), $"read_liberty {SynthesisOptions.Osu018Liberty}\nread_verilog netlist.v\nlink_design chip\nsource {FlowManifests.Constraint}\nputs \"slack [worst_slack]\"\nexit\n");
        var result = await OutsideProgram.RunAsync(ProgramRequest.Of("sta", "-no_splash", "-exit", "run.tcl") with { WorkingDirectory = _folder.Path });
        result.EnsureSucceeded();
        (result.Output + result.Error).ShouldNotContain("Error");
        // Through the gate: 12.5 ns less 20 % for the inputs and 20 % for the outputs, less the gate.
        var slack = double.Parse(result.Output.Split("slack ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        slack.ShouldBeInRange(7, 7.5);
    }

    [Fact]
    public void FuseSoC_gets_a_core_file()
    {
        var text = File.ReadAllText(_folder.Of("chip.core"));
        text.ShouldStartWith("CAPI=2:\n");
        var yaml = new YamlStream();
        // The first line is the format's mark; what follows is YAML.
        yaml.Load(new StringReader(text[(text.IndexOf('\n') + 1)..]));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        ((YamlScalarNode)root["name"]).Value.ShouldBe("hwgen:cim:chip:1.0.0");
        var targets = (YamlMappingNode)root["targets"];
        foreach (var target in (string[])["default", "lint", "sim", "synth"])
            ((YamlScalarNode)targets[target]["toplevel"]).Value.ShouldBe("chip");
        var sets = (YamlMappingNode)root["filesets"];
        ((YamlSequenceNode)sets["sim"]["files"]).Select(file => ((YamlScalarNode)file).Value).ShouldBe(["sim/a.sv", "rtl/chip.v"]);
    }
}
