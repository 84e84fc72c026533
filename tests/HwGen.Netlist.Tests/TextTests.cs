namespace HwGen.Netlist.Tests;

/// <summary>What the text of small modules looks like, line by line.</summary>
public class TextTests
{
    /// <summary>Prettifying makes complements of choices; the complement of one would be <c>~~a</c>, which Icarus does not read.</summary>
    [Fact]
    public void AComplementOfAComplementIsTheValue() => Text.BodyOf(new Sketch("twice", [("a", 1), ("b", 1)], [("y", 1), ("z", 4)], m =>
    {
        var turned = m.Choose(m.In("a"), m.Constant(0, 1), m.Constant(1, 1));
        m.Out("y").Drive(~turned & m.In("b"));
        m.Out("z").Drive((~m.Choose(~turned, m.Constant(0, 1), m.Constant(1, 1))).SignExtend(4));
    })).ShouldBe("""
        assign y = a & b;
        assign z = {4{a}};
        """);

    [Fact]
    public void AModuleReadsLikeAPersonsVerilog() => Text.Of(new RowCounter(8)).ShouldBe("""
        // Applies the selected Boolean operation to one stored row and the operand, and counts the ones.
        module row_counter_c8 (
            output reg  [3:0]    count,
            input  wire [7:0]    stored,
            input  wire [7:0]    operand,
            input  wire [1:0]    operation,
            input  wire          reset_n,
            input  wire          clock
        );
            wire [7:0] not_both = ~(stored & operand);
            wire [7:0] either = stored | operand;
            reg [7:0] bits;
            always @* begin
                case (operation)
                    2'd0:    bits = not_both;
                    2'd1:    bits = ~not_both;
                    2'd2:    bits = not_both & either;
                    default: bits = either;
                endcase
            end
            wire [3:0] count_pop_count_5296;
            popcount_n8 count_pop_count_5296_counter (.count(count_pop_count_5296), .bits(bits));

            always @(posedge clock)
                if (!reset_n) count <= 4'd0;
                else count <= count_pop_count_5296;
        endmodule

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void AssociativeOperatorsTakeNoParentheses() => Body(s => (s.In("a") & s.In("b") & s.In("c")) | (s.In("a") | (s.In("b") | s.In("c"))))
        .ShouldBe("assign y = (a & b & c) | a | b | c;");

    [Fact]
    public void SumsKeepTheirStructure() => Body(s => (s.In("a") - s.In("b") - s.In("c")) + (s.In("a") - (s.In("b") * s.In("c") + s.In("a"))))
        .ShouldBe("assign y = a - b - c + (a - (b * c + a));");

    [Fact]
    public void NestedConcatenationsAreOne() =>
        Body(s => s.Concatenate(s.In("a").Bits(0, 2), s.Concatenate(s.In("b")[0], s.In("c")[7]).ZeroExtend(4)).ZeroExtend(8))
            .ShouldBe("assign y = {2'd0, a[1:0], 2'd0, b[0], c[7]};");

    [Fact]
    public void SignExtensionCopiesTheSign() => Body(s => s.In("a").Bits(0, 1).SignExtend(2).ZeroExtend(4).ZeroExtend(7).SignExtend(8) ^ s.In("b"))
        .ShouldBe("""
            assign y = {6'd0, {2{a[0]}}} ^ b;
            """);

    [Fact]
    public void ChoicesAreAChain() => Body(s => s.Choose(s.In("a")[0], s.In("a"), s.Choose(s.In("b").EqualTo(3), s.In("b"), s.In("c") + 1)))
        .ShouldBe("assign y = a[0] ? a : (b == 8'd3) ? b : c + 8'd1;");

    [Fact]
    public void ComparisonsAreTurnedRound() => Body(s => s.Concatenate(
            s.In("a").NotEqualTo(s.In("b")), s.In("a").AtLeast(7), s.In("a").AtLeastSigned(s.In("b")), ~s.In("a").AllOnes()).ZeroExtend(8))
        .ShouldBe("assign y = {4'd0, a != b, a >= 8'd7, $signed(a) >= $signed(b), ~(&a)};");

    [Fact]
    public void TheParityOfAComplementIsNotAnXnor() => Body(s => (~s.In("a")).Parity().ZeroExtend(8)).ShouldBe("assign y = {7'd0, ^(~a)};");

    [Fact]
    public void AnOutputLendsItsNameToAStatement() => Text.Of(new Sketch("lend", [("s", 1), ("a", 8)], [("y", 8), ("z", 8)], m =>
        {
            var chosen = m.Select(m.Concatenate(m.In("s"), m.In("a")[0]), m.In("a"), ~m.In("a"), m.In("a") + 1);
            m.Out("y").Drive(chosen);
            m.Out("z").Drive(chosen);
        })).ShouldBe("""
            // A module that a test describes in place: ports by list, logic by a delegate that sees the language.
            module sketch_lend (
                output reg  [7:0]    y,
                output wire [7:0]    z,
                input  wire          s,
                input  wire [7:0]    a
            );
                always @* begin
                    case ({s, a[0]})
                        2'd0:    y = a;
                        2'd1:    y = ~a;
                        default: y = a + 8'd1;
                    endcase
                end

                assign z = y;
            endmodule

            """);

    [Fact]
    public void AWireDrivenLateIsDeclaredFirst() => Text.BodyOf(new Sketch("late", [("a", 4)], [("y", 4)], m =>
        {
            var late = m.LateWire("late", 4);
            m.Out("y").Drive(late + 1);
            late.Drive(m.In("a") ^ m.In("a").ShiftLeft(1));
        })).ShouldBe("""
            wire [3:0] late;

            assign y = late + 4'd1;
            assign late = a ^ {a[2:0], 1'd0};
            """);

    [Fact]
    public void BranchesPrintAsTheyWereWritten() => Text.BodyOf(new Sketch("branches", [("clear", 1), ("load", 1), ("step", 1), ("d", 4)], [("q", 4), ("busy", 1)], m =>
        {
            var q = m.Register("q", 4, reset: 0);
            var busy = m.Register("busy", 1, reset: 0);
            m.Out("q").Drive(q);
            m.Out("busy").Drive(busy);
            m.When(m.In("clear"), () => q.Drive(0), (m.In("load"), () =>
            {
                q.Drive(m.In("d"));
                busy.Drive(1);
            }
            ), (null, () => m.When(m.In("step"), () => q.Drive(q + 1))));
            m.When(q.EqualTo(15), () => busy.Drive(0));
        })).ShouldBe("""
            always @(posedge clock)
                if (!reset_n) begin
                    q <= 4'd0;
                    busy <= 1'd0;
                end else begin
                    if (clear) begin
                        q <= 4'd0;
                    end else if (load) begin
                        q <= d;
                        busy <= 1'd1;
                    end else begin
                        if (step) q <= q + 4'd1;
                    end
                    if (q == 4'd15) busy <= 1'd0;
                end
            """);

    [Fact]
    public void ARegisterWithAnEnableTakesThreeLines() => Text.BodyOf(new Sketch("enable", [("enable", 1)], [("count", 4)], m =>
        {
            var count = m.Register("count", 4, reset: 9);
            m.When(m.In("enable"), () => count.Drive(count + 1));
            m.Out("count").Drive(count);
        })).ShouldBe("""
            always @(posedge clock)
                if (!reset_n) count <= 4'd9;
                else if (enable) count <= count + 4'd1;
            """);

    [Fact]
    public void RegistersThatShareAnEnableShareABlock() => Text.BodyOf(new Sketch("shared", [("enable", 1), ("d", 4)], [("q", 4), ("p", 4), ("r", 4)], m =>
        {
            foreach (var (name, step) in new[] { ("q", 0), ("p", 1), ("r", 2) })
            {
                var register = m.Register(name, 4);
                if (step < 2)
                {
                    m.When(m.In("enable"), () => register.Drive(m.In("d") + step));
                }
                else
                {
                    register.Drive(m.In("d"));
                }

                m.Out(name).Drive(register);
            }
        })).ShouldBe("""
            always @(posedge clock)
                if (enable) begin
                    q <= d;
                    p <= d + 4'd1;
                end
            always @(posedge clock)
                r <= d;
            """);

    [Fact]
    public void ASwitchOfARegisterIsACase() => Text.BodyOf(new Sketch("switch", [("go", 1)], [("state", 2)], m =>
        {
            var state = m.Register("state", 2);
            m.Switch(state, [(0, () => m.When(m.In("go"), () => state.Drive(1))), (1, () => state.Drive(2))], () => state.Drive(0));
            m.Out("state").Drive(state);
        })).ShouldBe("""
            always @(posedge clock)
                case (state)
                    2'd0: begin
                        if (go) state <= 2'd1;
                    end
                    2'd1: begin
                        state <= 2'd2;
                    end
                    default: begin
                        state <= 2'd0;
                    end
                endcase
            """);

    [Fact]
    public void LongExpressionsGetNamesAndLongLinesBreak()
    {
        var body = Text.BodyOf(new Sketch("long", [("first_operand", 8), ("second_operand", 8)], [("y", 8)], m =>
        {
            Signal sum = m.In("first_operand");
            for (var i = 0; i < 20; i++)
            {
                sum = (sum ^ m.In("second_operand")) + i;
            }

            m.Out("y").Drive(sum);
        }));
        body.Split('\n').ShouldAllBe(line => line.Length <= 120);
        body.Split('\n').Count(line => line.StartsWith("wire [7:0] y_add_", StringComparison.Ordinal) || line.StartsWith("wire [7:0] y_xor_", StringComparison.Ordinal)).ShouldBeGreaterThan(4);
    }

    private static string Body(Func<Sketch, Signal> expression) => Text.BodyOf(new Sketch("body", [("a", 8), ("b", 8), ("c", 8)], [("y", 8)], m =>
    {
        m.Out("y").Drive(expression(m));
        m.Discard(m.In("a"));
        m.Discard(m.In("b"));
        m.Discard(m.In("c"));
    })).Split("\nwire unused_a")[0].TrimEnd('\n');
}
