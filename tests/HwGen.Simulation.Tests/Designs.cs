using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>Small designs that the engines' tests share.</summary>
internal static class Designs
{
    public static SimulationSource Counter { get; } = NetlistSource.Of(Design.Elaborate(new Counter()));

    /// <summary>Ports of many widths, each inverted and registered: the places where engines change how they keep a value.</summary>
    public static SimulationSource Widths(IReadOnlyList<int> widths) => NetlistSource.Of(Design.Elaborate(new WidthsModule(widths)));

    /// <summary>A memory two levels down, read without a clock.</summary>
    public static SimulationSource Memory(int width, int depth) => NetlistSource.Of(Design.Elaborate(new MemoryModule(width, depth)));

    /// <summary>Two counters on two clocks, and a register that takes one domain's count into the other.</summary>
    public static SimulationSource TwoClocks { get; } = NetlistSource.Of(Design.Elaborate(new TwoClocks()));

    /// <summary>Ends itself when the input says how.</summary>
    public static SimulationSource Ending { get; } = Source(
        """
        module ending (input wire clock, input wire [1:0] how, output reg [7:0] count);
            initial count = 0;
            always @(posedge clock) begin
                count <= count + 8'd1;
                if (how == 2'd1) begin $display("finishing at %0d", count); $finish; end
                if (how == 2'd2) $stop;
            end
        endmodule
        """,
        new SimulationInterface
        {
            Top = "ending",
            Ports = [In("clock", 1), In("how", 2), Out("count", 8)],
            Clocks = ["clock"],
        });

    public static PortDescription In(string name, int width) => new(name, width, PortDirection.Input);

    public static PortDescription Out(string name, int width) => new(name, width, PortDirection.Output);

    public static SimulationSource Source(string text, SimulationInterface description) => new(description, [new SourceFile(description.Top + ".v", text)]);
}
