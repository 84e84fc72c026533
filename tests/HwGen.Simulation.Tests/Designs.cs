namespace HwGen.Simulation.Tests;

/// <summary>Small designs, written by hand, that the engines' tests share.</summary>
internal static class Designs
{
    public static SimulationSource Counter { get; } = Source(
        """
        module counter (
            input  wire       clock,
            input  wire       reset_n,
            input  wire       enable,
            input  wire [7:0] limit,
            output reg  [7:0] count,
            output wire       at_limit
        );
            assign at_limit = count == limit;
            always @(posedge clock)
                if (!reset_n) count <= 8'd0;
                else if (enable) count <= count + 8'd1;
        endmodule
        """,
        new SimulationInterface
        {
            Top = "counter",
            Ports = [In("clock", 1), In("reset_n", 1), In("enable", 1), In("limit", 8), Out("count", 8), Out("at_limit", 1)],
            Clocks = ["clock"],
            Reset = new ResetDescription("reset_n", ActiveLow: true),
        });

    /// <summary>Ports of many widths, each inverted and registered: the places where engines change how they keep a value.</summary>
    public static SimulationSource Widths(IReadOnlyList<int> widths)
    {
        var ports = widths.Select(width => $"    input wire [{width - 1}:0] in_{width}, output reg [{width - 1}:0] out_{width}, output wire [{width - 1}:0] not_{width}");
        var bodies = widths.Select(width => $"    assign not_{width} = ~in_{width};\n    always @(posedge clock) out_{width} <= in_{width};");
        return Source(
            $"module widths (\n    input wire clock,\n{string.Join(",\n", ports)}\n);\n{string.Join("\n", bodies)}\nendmodule\n",
            new SimulationInterface
            {
                Top = "widths",
                Ports = [In("clock", 1), .. widths.SelectMany(width => new[] { In($"in_{width}", width), Out($"out_{width}", width), Out($"not_{width}", width) })],
                Clocks = ["clock"],
            });
    }

    /// <summary>A memory two levels down, read without a clock.</summary>
    public static SimulationSource Memory(int width, int depth) => Source(
        $$"""
        module words (input wire clock, input wire write, input wire [9:0] address, input wire [{{width - 1}}:0] data, output wire [{{width - 1}}:0] read);
            reg [{{width - 1}}:0] cells [0:{{depth - 1}}];
            assign read = cells[address];
            always @(posedge clock) if (write) cells[address] <= data;
        endmodule
        module middle (input wire clock, input wire write, input wire [9:0] address, input wire [{{width - 1}}:0] data, output wire [{{width - 1}}:0] read);
            words store_0 (.clock(clock), .write(write), .address(address), .data(data), .read(read));
        endmodule
        module memory (input wire clock, input wire write, input wire [9:0] address, input wire [{{width - 1}}:0] data, output wire [{{width - 1}}:0] read);
            middle bank (.clock(clock), .write(write), .address(address), .data(data), .read(read));
        endmodule
        """,
        new SimulationInterface
        {
            Top = "memory",
            Ports = [In("clock", 1), In("write", 1), In("address", 10), In("data", width), Out("read", width)],
            Clocks = ["clock"],
            Memories = [new MemoryDescription("cells", "words", "bank.store_0.cells", width, depth)],
        });

    /// <summary>Two counters on two clocks, and a register that takes one domain's count into the other.</summary>
    public static SimulationSource TwoClocks { get; } = Source(
        """
        module two_clocks (
            input  wire       fast,
            input  wire       slow,
            output reg  [7:0] fast_count,
            output reg  [7:0] slow_count,
            output reg  [7:0] crossed
        );
            initial begin fast_count = 0; slow_count = 0; crossed = 0; end
            always @(posedge fast) fast_count <= fast_count + 8'd1;
            always @(posedge slow) begin slow_count <= slow_count + 8'd1; crossed <= fast_count; end
        endmodule
        """,
        new SimulationInterface
        {
            Top = "two_clocks",
            Ports = [In("fast", 1), In("slow", 1), Out("fast_count", 8), Out("slow_count", 8), Out("crossed", 8)],
            Clocks = ["fast", "slow"],
        });

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
