using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The check of the emitted text finds what a faulty writer would do.</summary>
public class TextCheckTests
{
    private const string Sound = """
        // any comment
        module sound (
            output wire [3:0]    y,
            input  wire          a
        );
            localparam [1:0] STATE = 2'd1;
            wire [7:0] w = {8{a}} ^ 8'hff;
            child #(.MODE("no name")) part (.q(w), .p(a));
            assign y = $signed(w[3:0]) >>> STATE;
        `ifdef FORMAL
        endmodule
        """;

    [Fact]
    public void SoundTextPasses() => TextCheck.Hold("sound", Sound, ["child", "part"]);

    [Theory]
    [InlineData("assign y", "assign z", "z in sound is read and not declared")]
    [InlineData("wire [7:0] w", "wire [7:0] a", "a in sound is declared twice")]
    [InlineData("{8{a}}", "{8{late}}", "late in sound is read and not declared")]
    [InlineData("    assign y = $signed(w[3:0])", "    assign y = later;\n    wire later = a;\n    wire x = $signed(w[3:0])", "later in sound is read before it is declared")]
    public void AFaultThrows(string part, string fault, string message) =>
        Should.Throw<InvalidOperationException>(() => TextCheck.Hold("sound", Sound.Replace(part, fault), ["child", "part"])).Message.ShouldContain(message);
}
