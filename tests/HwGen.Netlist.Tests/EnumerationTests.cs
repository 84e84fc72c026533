namespace HwGen.Netlist.Tests;

/// <summary>Signals of named values: their widths, comparisons and choices, and the names in the text.</summary>
public class EnumerationTests
{
    public enum Operation
    {
        Add,
        Subtract,
        Both,
    }

    public enum Sparse
    {
        Low = 1,
        High = 6,
        Highest = 700,
    }

    [Fact]
    public void TheWidthIsThatOfTheLargestCode()
    {
        Widths.Enumeration<Operation>().ShouldBe(2);
        Widths.Enumeration<Sparse>().ShouldBe(10);
        Widths.Enumeration<BundleSide>().ShouldBe(1);
    }

    [Fact]
    public void ValuesHaveNamesInTheText() => Text.BodyOf(new Unit()).ShouldBe("""
        localparam [1:0] OPERATION_ADD = 2'd0;
        localparam [1:0] OPERATION_SUBTRACT = 2'd1;
        localparam [1:0] OPERATION_BOTH = 2'd2;
        localparam [1:0] HELD_ADD = 2'd0;
        localparam [1:0] HELD_BOTH = 2'd2;
        reg [1:0] held;

        reg [7:0] chosen;
        always @* begin
            case (operation)
                OPERATION_ADD:      chosen = left + right;
                OPERATION_SUBTRACT: chosen = left - right;
                default:            chosen = 8'd0;
            endcase
        end
        assign is_either = (operation == OPERATION_SUBTRACT) | (operation == OPERATION_BOTH);
        wire [1:0] next = (operation == OPERATION_BOTH) ? 2'd0 : operation;
        assign is_same = operation == held;

        always @(posedge clock)
            if (!reset_n) held <= HELD_ADD;
            else if (operation == OPERATION_SUBTRACT) held <= HELD_BOTH;
            else held <= next;

        assign result = chosen;
        """);

    [Fact]
    public void ASparseEnumerationIsComparedOneByOne() => Text.BodyOf(new SparseUnit()).ShouldBe("""
        localparam [9:0] CODE_LOW = 10'd1;
        localparam [9:0] CODE_HIGHEST = 10'd700;
        assign result = (code == CODE_HIGHEST) ? 4'd2 : (code == CODE_LOW) ? 4'd1 : 4'd9;
        """);

    [Fact]
    public void AWholeTableNeedsNothingElse()
    {
        var text = Text.BodyOf(new WholeUnit());
        text.ShouldContain("assign result = side ? 4'd3 : 4'd5;");
        text.ShouldNotContain("4'd9");
    }

    /// <summary>Adds or subtracts.</summary>
    private sealed class Unit : Module
    {
        public Input Operation { get; } = new(Widths.Enumeration<Operation>());

        public Input Left { get; } = new(8);

        public Input Right { get; } = new(8);

        public Output Result { get; } = new(8);

        public Output IsEither { get; } = new(1);

        public Output IsSame { get; } = new(1);

        protected override void Build()
        {
            var operation = Enumeration<Operation>(Operation);
            Wire(out var chosen, operation.Select(
                Constant(0, 8), (EnumerationTests.Operation.Add, Left + Right), (EnumerationTests.Operation.Subtract, Left - Right)));
            Result.Drive(chosen);
            IsEither.Drive(operation.IsOneOf(EnumerationTests.Operation.Subtract, EnumerationTests.Operation.Both));
            StateMachine(out var held, EnumerationTests.Operation.Add);
            Wire(out var next, Choose(operation.Is(EnumerationTests.Operation.Both), Enumeration(EnumerationTests.Operation.Add), operation).Bits);
            When(operation.Is(EnumerationTests.Operation.Subtract), () => held.Go(EnumerationTests.Operation.Both)).Else(() => held.Go(Enumeration<Operation>(next)));
            IsSame.Drive(operation.EqualTo(held));
        }
    }

    /// <summary>Codes with gaps.</summary>
    private sealed class SparseUnit : Module
    {
        public Input Code { get; } = new(Widths.Enumeration<Sparse>());

        public Output Result { get; } = new(4);

        protected override void Build() =>
            Result.Drive(Enumeration<Sparse>(Code).Select(Constant(9, 4), (Sparse.Low, Constant(1, 4)), (Sparse.Highest, Constant(2, 4))));
    }

    /// <summary>A value for each code.</summary>
    private sealed class WholeUnit : Module
    {
        public Input Side { get; } = new(1);

        public Output Result { get; } = new(4);

        protected override void Build() =>
            Result.Drive(Enumeration<BundleSide>(Side).Select(Constant(9, 4), (BundleSide.Source, Constant(5, 4)), (BundleSide.Sink, Constant(3, 4))));
    }
}
