using System.Globalization;
using HwGen.Synthesis.Netlists;

namespace HwGen.Synthesis;

/// <summary>The map that makes black boxes of memories that are too large for flip-flops.</summary>
internal static class MemoryMaps
{
    /// <summary>How the names of the black boxes begin; depth and width follow.</summary>
    public const string BlackBoxName = "memory_black_box_";

    /// <summary>The module of the black boxes.</summary>
    public const string BlackBoxCell = BlackBoxName + "cell";

    /// <summary>The behaviour of a black box: words that are read at once or at the clock, old words when they are written in the same cycle.</summary>
    public const string Model = $$"""
        module {{BlackBoxCell}} (read_clock, read_enable, read_reset, read_address, read_data, write_clock, write_enable, write_address, write_data);
          parameter WORDS = 4;
          parameter WIDTH = 8;
          parameter ADDRESS_BITS = 2;
          parameter READ_PORTS = 1;
          parameter WRITE_PORTS = 1;
          parameter CLOCKED_READS = 0;
          input [READ_PORTS-1:0] read_clock, read_enable, read_reset;
          input [READ_PORTS*ADDRESS_BITS-1:0] read_address;
          output [READ_PORTS*WIDTH-1:0] read_data;
          input [WRITE_PORTS-1:0] write_clock;
          input [WRITE_PORTS*WIDTH-1:0] write_enable, write_data;
          input [WRITE_PORTS*ADDRESS_BITS-1:0] write_address;
          reg [WIDTH-1:0] words [0:WORDS-1];
        `ifdef __ICARUS__
          integer word;
          initial for (word = 0; word < WORDS; word = word + 1) words[word] = { (WIDTH + 31) / 32 {$random} };
        `endif
          genvar port;
          generate
            for (port = 0; port < READ_PORTS; port = port + 1) begin : reads
              if ((CLOCKED_READS >> port) & 1) begin : clocked
                reg [WIDTH-1:0] taken;
                always @(posedge read_clock[port])
                  if (read_reset[port]) taken <= 0;
                  else if (read_enable[port]) taken <= words[read_address[port*ADDRESS_BITS +: ADDRESS_BITS]];
                assign read_data[port*WIDTH +: WIDTH] = taken;
              end else begin : at_once
                assign read_data[port*WIDTH +: WIDTH] = words[read_address[port*ADDRESS_BITS +: ADDRESS_BITS]];
              end
            end
            for (port = 0; port < WRITE_PORTS; port = port + 1) begin : writes
              always @(posedge write_clock[port])
                if (|write_enable[port*WIDTH +: WIDTH])
                  words[write_address[port*ADDRESS_BITS +: ADDRESS_BITS]]
                    <= (words[write_address[port*ADDRESS_BITS +: ADDRESS_BITS]] & ~write_enable[port*WIDTH +: WIDTH]) | (write_data[port*WIDTH +: WIDTH] & write_enable[port*WIDTH +: WIDTH]);
            end
          endgenerate
        endmodule

        """;

    /// <summary>The map: memories of more bits than a limit become instances that no library has.</summary>
    public static string BlackBoxes(int largestFlipFlopMemory) => string.Create(CultureInfo.InvariantCulture, $$"""
        (* techmap_celltype = "$mem_v2" *)
        module memory_map (RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
          parameter MEMID = "";
          parameter signed SIZE = 4;
          parameter signed OFFSET = 0;
          parameter signed ABITS = 2;
          parameter signed WIDTH = 8;
          parameter signed INIT = 1'bx;
          parameter signed RD_PORTS = 1;
          parameter RD_CLK_ENABLE = 1'b1;
          parameter RD_CLK_POLARITY = 1'b1;
          parameter RD_TRANSPARENCY_MASK = 1'b0;
          parameter RD_COLLISION_X_MASK = 1'b0;
          parameter RD_WIDE_CONTINUATION = 1'b0;
          parameter RD_CE_OVER_SRST = 1'b0;
          parameter RD_ARST_VALUE = 1'b0;
          parameter RD_SRST_VALUE = 1'b0;
          parameter RD_INIT_VALUE = 1'b0;
          parameter signed WR_PORTS = 1;
          parameter WR_CLK_ENABLE = 1'b1;
          parameter WR_CLK_POLARITY = 1'b1;
          parameter WR_PRIORITY_MASK = 1'b0;
          parameter WR_WIDE_CONTINUATION = 1'b0;
          input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
          input [RD_PORTS*ABITS-1:0] RD_ADDR;
          output [RD_PORTS*WIDTH-1:0] RD_DATA;
          input [WR_PORTS-1:0] WR_CLK;
          input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
          input [WR_PORTS*ABITS-1:0] WR_ADDR;
          wire [1023:0] _TECHMAP_DO_ = "proc; opt_clean";
          wire _TECHMAP_FAIL_ = SIZE * WIDTH <= {{largestFlipFlopMemory}} || RD_TRANSPARENCY_MASK != 0;
          (* keep *)
          {{BlackBoxCell}} #(.WORDS(SIZE), .WIDTH(WIDTH), .ADDRESS_BITS(ABITS), .READ_PORTS(RD_PORTS), .WRITE_PORTS(WR_PORTS), .CLOCKED_READS(RD_CLK_ENABLE)) _TECHMAP_REPLACE_ (
            .read_clock(RD_CLK), .read_enable(RD_EN), .read_reset(RD_SRST), .read_address(RD_ADDR), .read_data(RD_DATA),
            .write_clock(WR_CLK), .write_enable(WR_EN), .write_address(WR_ADDR), .write_data(WR_DATA));
        endmodule

        """);

    /// <summary>Bits of a black box, from its address and data pins and its parameters.</summary>
    public static long BitsOf(NetlistInstance instance) =>
        instance.Parameters.TryGetValue("WORDS", out var words) && instance.Parameters.TryGetValue("WIDTH", out var width) ? words * width : 0;
}
