using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Timing;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

/// <summary>The shortest period that is searched for, and paths that do not count.</summary>
public sealed class StaticTimingTests : IDisposable
{
    // A long path from a configuration register, a short one from another.
    private const string Netlist = """
        module chip (clock, value, out, other);
          input clock; input [1:0] value; output out; output other;
          DFFPOSX1 a (.CLK(clock), .D(value[0]), .Q(\descriptor.mode ));
          DFFPOSX1 b (.CLK(clock), .D(value[1]), .Q(\counter.bit ));
          XOR2X1 g0 (.A(\descriptor.mode ), .B(\counter.bit ), .Y(n0));
          XOR2X1 g1 (.A(\descriptor.mode ), .B(n0), .Y(n1));
          INVX1 i0 (.A(\descriptor.mode ), .Y(m0));
          INVX1 i1 (.A(m0), .Y(m1));
          INVX1 i2 (.A(m1), .Y(m2));
          INVX1 i3 (.A(m2), .Y(m3));
          INVX1 i4 (.A(m3), .Y(m4));
          INVX1 i5 (.A(m4), .Y(m5));
          INVX1 i6 (.A(m5), .Y(m6));
          INVX1 i7 (.A(m6), .Y(m7));
          INVX1 i8 (.A(m7), .Y(m8));
          INVX1 i9 (.A(m8), .Y(m9));
          DFFPOSX1 c (.CLK(clock), .D(n1), .Q(out));
          DFFPOSX1 d (.CLK(clock), .D(m9), .Q(other));
        endmodule
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paths_from_static_configuration_do_not_decide_the_clock()
    {
        var plain = await TimeAsync("plain", []);
        plain.WorstPath!.From.ShouldBe("descriptor.mode");
        plain.WorstPath.To.ShouldBe("other");
        var without = await TimeAsync("static", ["descriptor."]);
        without.WorstPath!.From.ShouldBe("counter.bit");
        without.MinimumPeriod.ShouldBeLessThan(plain.MinimumPeriod - 0.1);
        File.ReadAllText(_folder.Of("static/constraints.sdc")).ShouldContain("set_false_path -from [get_pins {a/CLK}]");
        File.ReadAllText(_folder.Of("plain/constraints.sdc")).ShouldNotContain("set_false_path");
    }

    [Fact]
    public void A_generated_folder_says_what_is_static_of_the_whole_design_only()
    {
        File.WriteAllText(_folder.Of("chip.v"), Netlist);
        File.WriteAllText(_folder.Of("part.v"), "module part (input wire a, output wire b);\n    assign b = a;\nendmodule\n");
        File.WriteAllText(_folder.Of("rtl.f"), "chip.v\npart.v\n");
        File.WriteAllText(_folder.Of("summary.json"), """{ "topModule": "chip", "staticRegisters": ["descriptor."] }""");
        SynthesisSource.Read(_folder.Path, adderCells: true).StaticRegisters.ShouldBe(["descriptor."]);
        SynthesisSource.Read(_folder.Path, adderCells: true, "chip").StaticRegisters.ShouldBe(["descriptor."]);
        SynthesisSource.Read(_folder.Path, adderCells: true, "part").StaticRegisters.ShouldBeEmpty();
        File.WriteAllText(_folder.Of("summary.json"), """{ "topModule": "chip", "staticRegisters": 3 }""");
        Should.Throw<InputException>(() => SynthesisSource.Read(_folder.Path, adderCells: true));
        File.Delete(_folder.Of("summary.json"));
        SynthesisSource.Read(_folder.Path, adderCells: true, "chip").Top.ShouldBe("chip");
    }

    /// <summary>OpenSTA 2.0.17 drops an assignment to a concatenation and an instance with parameters, and goes on without: they are written in another way.</summary>
    [Fact]
    public async Task Nothing_of_a_netlist_is_lost_on_its_way_to_the_timing_tool()
    {
        const string text = """
            module chip (clock, value, out);
              input clock; input [1:0] value; output [2:0] out;
              wire [1:0] \a.b ;
              DFFPOSX1 \f.0 (.CLK(clock), .D(value[0]), .Q(\a.b [0]));
              DFFPOSX1 f1 (.CLK(clock), .D(value[1]), .Q(\a.b [1]));
              memory #(.WORDS(32'd4)) m (.address({ \a.b [1], value }), .data());
              assign { out[2], out[1:0] } = { 1'h0, \a.b };
            endmodule
            """;
        var library = CellLibrary.Read(SynthesisOptions.Osu018Liberty);
        var netlist = MappedNetlist.Parse("chip.v", text);
        var flat = FlatVerilog.Of(netlist);
        flat.ShouldContain("  DFFPOSX1 \\f.0  (.CLK(clock), .D(value[0]), .Q(\\a.b[0] ));\n");
        flat.ShouldContain("  memory m (.address({ \\a.b[1] , value[1], value[0] }));\n");
        flat.ShouldContain("  assign out[1] = \\a.b[1] ;\n  assign out[2] = 1'b0;\n");
        MappedNetlist.Parse("flat.v", flat).Ports.Single(port => port.Name == "out").Bits.ShouldBe(["a.b[0]", "a.b[1]", "1'b0"]);

        var run = new ToolRun(_folder.Of("flat"), TimeSpan.FromMinutes(1));
        var timing = await StaticTiming.RunAsync(run, netlist, library, Constraints.Of(netlist, library, new SynthesisOptions(SynthesisTarget.Osu018)), CancellationToken.None);
        timing.MinimumPeriod.ShouldBeGreaterThan(0.05);
        run.Write("bad.tcl", $"read_liberty {library.File}\nread_verilog bad.v\nexit\n");
        run.Write("bad.v", text);
        var result = await run.RunAsync("sta", ["-no_splash", "-exit", "bad.tcl"], "bad", CancellationToken.None);
        Should.Throw<ToolException>(() => StaticTiming.EnsureRead(result)).Message.ShouldContain("syntax error");
    }

    private async Task<TimingResult> TimeAsync(string name, IReadOnlyList<string> staticRegisters)
    {
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { StaticRegisters = staticRegisters };
        var run = new ToolRun(_folder.Of(name), TimeSpan.FromMinutes(1));
        run.Write("netlist.v", Netlist);
        var library = CellLibrary.Read(options.Liberty);
        var netlist = MappedNetlist.Parse("netlist.v", Netlist);
        var constraints = Constraints.Of(netlist, library, options);
        var timing = await StaticTiming.RunAsync(run, netlist, library, constraints, CancellationToken.None);

        // The search ends where the slack does.
        var period = timing.MinimumPeriod.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllText(run.PathOf("slack.tcl"), $"read_liberty {library.File}\nread_verilog netlist.v\nlink_design chip\n{constraints.ToSdc(period)}puts \"slack [worst_slack]\"\nexit\n");
        var slack = (await run.RunAsync("sta", ["-no_splash", "-exit", "slack.tcl"], "slack", CancellationToken.None)).Output.Split("slack ")[1].Split('\n')[0];
        double.Parse(slack, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(0, 0.0002);
        return timing;
    }
}
