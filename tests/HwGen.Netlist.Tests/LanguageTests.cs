using System.Text;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The larger parts of the language: what they print, and what it does in Icarus.</summary>
public class LanguageTests
{
    [Fact]
    public void AStateMachineNamesItsStates() => Text.BodyOf(new Runner()).ShouldBe("""
        localparam [1:0] PHASE_IDLE = 2'd0;
        localparam [1:0] PHASE_RUN = 2'd1;
        localparam [1:0] PHASE_DONE = 2'd2;
        reg [1:0] phase;
        reg [2:0] cycles;

        assign is_done = phase == PHASE_DONE;

        always @(posedge clock)
            if (!reset_n) begin
                phase <= PHASE_IDLE;
                cycles <= 3'd0;
            end else begin
                case (phase)
                    PHASE_IDLE: begin
                        if (start) phase <= PHASE_RUN;
                    end
                    PHASE_RUN: begin
                        cycles <= cycles + 3'd1;
                        if (cycles == 3'd6) phase <= PHASE_DONE;
                    end
                    PHASE_DONE: begin
                        phase <= PHASE_IDLE;
                    end
                    default: ;
                endcase
            end
        """);

    [Fact]
    public void ABundleNamesItsPorts() => Text.Of(new Passer()).ShouldContain("""
        module passer (
            output wire          source_ready,
            output wire [7:0]    result_data,
            output wire          result_valid,
            input  wire [7:0]    source_data,
            input  wire          source_valid,
            input  wire          result_ready,
            input  wire          reset_n,
            input  wire          clock
        );
        """);

    [Fact]
    public void ABlackBoxIsInstantiatedAndNotWritten()
    {
        var design = Design.Elaborate(new Board());
        var file = VerilogWriter.Write(design).ShouldHaveSingleItem();
        file.Text.ShouldContain("""
                VENDOR_FF #(.WIDTH(8), .MODE("FAST")) buffer (
                    .Q(buffer_q),
                    .D(data),
                    .CK(clock),
                    .RB(reset_n)
                );
            """.Replace("buffer_q", "buffer_Q"));
        design.NotChecked.ShouldHaveSingleItem().ShouldContain("VENDOR_FF");
    }

    [Fact]
    public void ACrossingStatesItsReason()
    {
        var design = Design.Elaborate(new TwoClocks());
        Text.Of(new TwoClocks()).ShouldContain("    // Clock crossing: synchronised by 2 registers.\n    wire seen_crossing = flag;\n");
        design.NotChecked.ShouldContain("The clock crossing two_clocks.seen_crossing: synchronised by 2 registers.");
        design.NotChecked.ShouldContain(limit => limit.StartsWith("The clocks of the inputs of two_clocks", StringComparison.Ordinal));
    }

    [Fact]
    public void BitsDrivenOneByOneAreJoined() => Text.BodyOf(new Sketch("bits", [("a", 4)], [("y", 4)], m =>
        {
            var parts = m.LateWire("parts", 4);
            parts.DriveBits(3, m.In("a")[0]);
            parts.DriveBits(0, m.In("a").Bits(1, 3));
            m.Out("y").DriveBits(0, parts.Bits(2, 2));
            m.Out("y").DriveBits(2, parts.Bits(0, 2));
        })).ShouldBe("""
            wire [3:0] parts;

            assign parts = {a[0], a[3:1]};

            assign y = {parts[1:0], parts[3:2]};
            """);

    [Fact]
    public void LocationsAreCommentsOnRequest()
    {
        var plain = VerilogWriter.Write(Design.Elaborate(new Passer())).ShouldHaveSingleItem();
        var commented = VerilogWriter.Write(Design.Elaborate(new Passer()), new VerilogOptions(SourceLocations.Comments)).ShouldHaveSingleItem();
        plain.Text.ShouldNotContain("Samples.cs");
        string.Join('\n', commented.Text.Split('\n').Where(l => !l.Contains("Samples.cs", StringComparison.Ordinal))).ShouldBe(plain.Text);
        var lines = plain.Text.Split('\n');
        plain.Origins.ShouldContain(o => lines[o.Line - 1] == "    reg full;" && o.Location.File.EndsWith("Samples.cs", StringComparison.Ordinal));
        commented.Text.ShouldContain("Samples.cs:");

        // The map is a file of its own, and leads from a line of the Verilog to the statement that made it.
        plain.MapFileName.ShouldBe("passer.v.map");
        var entries = plain.Map.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        entries.Count.ShouldBeGreaterThan(8);
        var (number, place) = entries.Where(entry => lines[int.Parse(entry[0], System.Globalization.CultureInfo.InvariantCulture) - 1] == "    reg full;").Select(entry => (entry[0], entry[1])).ShouldHaveSingleItem();
        var source = Repository.Read("tests", "HwGen.Netlist.Tests", "Samples.cs").Split('\n');
        source[int.Parse(place.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture) - 1].ShouldContain("Register(out var full");
    }

    [Fact]
    public void LogicOfConstantsAloneHasItsValueFromTheStart()
    {
        // always @* waits for a change: a case whose inputs are all constant would wait for ever.
        var files = VerilogWriter.Write(Design.Elaborate(new Sketch("constants", [], [("y", 8), ("z", 8)], m =>
        {
            var two = m.Wire("two", m.Constant(2, 2));
            m.Out("y").Drive(m.Select(two, m.Constant(7, 8), m.Constant(8, 8), m.Constant(9, 8), m.Constant(10, 8)));
            var three = m.Wire("three", two + 1);
            m.Out("z").Drive(m.Wire("chosen", m.Select(three, m.Constant(17, 8), m.Constant(18, 8), m.Constant(19, 8), m.Constant(20, 8))));
        })));
        using var folder = new TemporaryFolder();
        folder.Write("bench.v", "module bench; wire [7:0] y, z; sketch_constants dut (.y(y), .z(z)); initial #1 $display(\"%0d %0d\", y, z); endmodule\n");
        OutsideProgram.Run(folder.Path, "iverilog", ["-g2005", "-o", "bench.vvp", "bench.v", .. folder.Write(files, SourceRole.Simulation)]);
        OutsideProgram.Run(folder.Path, "vvp", "bench.vvp").Trim().ShouldBe("9 20");
    }

    [Fact]
    public void MemoriesDoWhatTheirModesSay()
    {
        var random = new Random(3);
        var files = VerilogWriter.Write(Design.Elaborate(new Memories()));
        var bench = new StringBuilder("""
            module bench;
            reg clock = 0; reg [3:0] address = 0; reg [1:0] enables = 0; reg [15:0] word = 0; integer compared = 0;
            wire [15:0] earlier, later, lanes, lanes_before, lanes_after; wire [7:0] square;
            memories dut (.earlier(earlier), .later(later), .square(square), .lanes(lanes), .lanes_before(lanes_before), .lanes_after(lanes_after), .address(address), .enables(enables), .word(word), .clock(clock));
            initial begin

            """);
        var words = new int[16];
        var lanes = Enumerable.Range(0, 16).Select(i => i < 10 ? i * 5000 : 0).ToArray();
        var held = 0;
        // The lanes have words from the start.
        for (var address = 0; address < 16; address++)
        {
            bench.Append(FormattableString.Invariant($"address = {address}; #1 compared = compared + 1; if (lanes !== {lanes[address]}) $display(\"word {address}: %0d\", lanes);\n"));
        }

        for (var cycle = 0; cycle < 300; cycle++)
        {
            // Every word is written before it is compared: memories start unknown.
            var address = cycle < 16 ? cycle : random.Next(16);
            var (enables, word) = (cycle < 16 ? 3 : random.Next(4), random.Next(1 << 16));
            var before = words[address];
            words[address] = (enables & 1) == 1 ? word : words[address];
            var mask = ((enables & 1) == 1 ? 0xff : 0) | ((enables & 2) == 2 ? 0xff00 : 0);
            var lanesBefore = lanes[address];
            lanes[address] = (lanes[address] & ~mask) | (word & mask);
            held = (enables & 2) == 2 ? address : held;
            bench.Append(FormattableString.Invariant($"address = {address}; enables = {enables}; word = {word}; #1 clock = 1; #1 clock = 0; #1\n"));
            if (cycle >= 16)
            {
                var square = address < 13 ? address * address : 0;
                bench.Append(FormattableString.Invariant(
                    $"compared = compared + 1; if (earlier !== {before} || later !== {words[address]} || lanes !== {lanes[address]} || lanes_before !== {lanesBefore} || lanes_after !== {lanes[held]} || square !== {square}) $display(\"cycle {cycle}: %0d %0d %0d %0d %0d %0d\", earlier, later, lanes, lanes_before, lanes_after, square);\n"));
            }
        }

        bench.Append("$display(\"compared %0d\", compared);\nend\nendmodule\n");
        using var folder = new TemporaryFolder();
        folder.Write("bench.v", bench.ToString());
        OutsideProgram.Run(folder.Path, "iverilog", ["-g2005", "-o", "bench.vvp", "bench.v", .. folder.Write(files, SourceRole.Simulation)]);
        OutsideProgram.Run(folder.Path, "vvp", "bench.vvp").Trim().ShouldBe("compared 300");
    }
}
