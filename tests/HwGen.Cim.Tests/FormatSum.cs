using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>A lane beside its definition: each column is decided by a table of its two bits, and the ones are added one by one.</summary>
internal sealed class LanePair(int columns, IReadOnlyList<RowOperation> operations, bool isFaulty = false) : Module
{
    public Input Stored { get; } = new(columns);

    public Input Operation { get; } = new(2);

    public Input Operand { get; } = new(columns);

    public Input Mask { get; } = new(columns);

    public Output Same { get; } = new(1);

    protected override void Build()
    {
        Instance(out var lane, new Lane(columns, operations));
        lane.Stored.Drive(Stored);
        lane.Operand.Drive(Operand);
        lane.Mask.Drive(Mask);

        // Rows hold operations that are built: any other code becomes the first of them.
        Wire(out var builtOperation, Select(Operation, [.. ArrayConfiguration.AllOperations.Select(o => Constant((int)(operations.Contains(o) ? o : operations[0]), 2))]));
        lane.Operation?.Drive(builtOperation);

        // The table of an operation: bit 2·stored + operand.
        var tables = ArrayConfiguration.AllOperations.Select(Table).ToArray();
        var bits = Widths.Count(columns);
        Signal count = Constant(0, bits);
        for (var i = 0; i < columns; i++)
        {
            var pair = Concatenate(Stored[i], Operand[i]);
            var isOne = Select(builtOperation, [.. tables.Select(t => Bit(t, pair))]);
            count += (isOne & Mask[i]).ZeroExtend(bits);
        }

        Register(out var expected, count);
        Same.Drive(expected.EqualTo(lane.Count));
    }

    private int Table(RowOperation operation) => operation switch
    {
        RowOperation.Nand => isFaulty ? 0b1000 : 0b0111,
        RowOperation.And => 0b1000,
        RowOperation.Xor => 0b0110,
        _ => 0b1110,
    };

    private Signal Bit(int table, Signal index) => Select(index, [.. Enumerable.Range(0, 4).Select(i => Constant((table >> i) & 1, 1))]);
}

/// <summary>
/// Lane and shift-add, stepped through all pairs of bit-planes of weights and inputs that stay as they are, as the sequencer steps them: the sign of a pair is negative when exactly one of both is
/// the sign plane of a signed number. In the end the accumulator is the sum of the products, by multiplication.
/// </summary>
internal sealed class FormatSum(string format, int weightPlanes, int inputPlanes, bool isFaulty = false) : Module
{
    public const int FanIn = 3;

    private const int AccumulatorBits = 12;

    private readonly string _weights = format.Split(" × ")[0], _inputs = format.Split(" × ")[1];

    public int Steps => weightPlanes * inputPlanes;

    /// <summary>The weights, plane by plane.</summary>
    public Input Weights { get; } = new(FanIn * weightPlanes);

    /// <summary>The inputs, plane by plane.</summary>
    public Input Inputs { get; } = new(FanIn * inputPlanes);

    public Input Bias { get; } = new(6);

    public Output Sum { get; } = new(AccumulatorBits);

    protected override void Build()
    {
        const int StepBits = 4;
        Register(out var step, StepBits, reset: 0);
        Register(out var heldWeights, Weights, enable: step.EqualTo(0));
        Register(out var heldInputs, Inputs, enable: step.EqualTo(0));
        Register(out var heldBias, Bias, enable: step.EqualTo(0));

        // Step 0 takes numbers, step 1 writes the initial value, step 2 reads it; then the pairs, a step each: the row operation, and a step later its count is added.
        When(step.LessThan(Steps + 5), () => step.Drive(step + 1));
        Wire(out var pair, step - 2);
        Wire(out var isPair, step.AtLeast(2) & pair.LessThan(Steps));
        var isXor = _weights == "±1" && _inputs == "±1";
        var pairs = Enumerable.Range(0, Steps).Select(i => (Weight: i % weightPlanes, Input: i / weightPlanes)).ToArray();
        var choice = pair.Truncate(Math.Max(1, Widths.Index(Math.Max(2, Steps))));
        var rowPlanes = Encoded(heldWeights, weightPlanes, _weights);
        var operandPlanes = Encoded(heldInputs, inputPlanes, _inputs);
        Signal Of(Func<(int Weight, int Input), Signal> value) => Steps == 1 ? value(pairs[0]) : Select(choice, [.. pairs.Select(value), .. Enumerable.Repeat(value(pairs[0]), (1 << choice.Width) - Steps)]);
        Instance(out var lane, new Lane(FanIn, [isXor ? RowOperation.Xor : RowOperation.And]));
        Wire(out var operand, Of(p => operandPlanes.Bits(p.Input * FanIn, FanIn)));
        Wire(out var row, Of(p => rowPlanes.Bits(p.Weight * FanIn, FanIn)));
        lane.Stored.Drive(row);
        lane.Operand.Drive(operand);
        lane.Mask.Drive(Ones(FanIn));

        // ±1 doubles the count and subtracts what it is compared with: all columns, the operand's ones, or the row's.
        var weightsAreSigns = _weights == "±1";
        var inputsAreSigns = _inputs == "±1";
        Register(out var reference, isXor ? Constant(FanIn, 2) : weightsAreSigns ? PopCount(operand) : inputsAreSigns ? PopCount(row) : Constant(0, 2));
        Register(out var adds, isPair, reset: 0);
        Register(out var isFirst, pair.EqualTo(0));
        Register(out var shift, Of(p => Constant(p.Weight + p.Input, 3)));
        var signedWeights = IsSigned(_weights) && !isFaulty;
        var signedInputs = IsSigned(_inputs) && !isFaulty;
        Register(out var negate, Of(p => Constant((signedWeights && p.Weight == weightPlanes - 1) != (signedInputs && p.Input == inputPlanes - 1) != isXor ? 1 : 0, 1)));
        Instance(out var filter, new ShiftAdd(2, 3, AccumulatorBits, 1));
        filter.Count.Drive(lane.Count);
        filter.Reference.Drive(reference);
        filter.Doubled.Drive(weightsAreSigns || inputsAreSigns ? 1 : 0);
        filter.Negate.Drive(negate);
        filter.Shift.Drive(shift);
        filter.Add.Drive(adds);
        filter.First.Drive(isFirst);
        filter.InitialWrite.Drive(step.EqualTo(1));
        filter.InitialData.Drive(Concatenate(Constant(0, 1), heldBias.SignExtend(AccumulatorBits)));
        filter.Capture.Drive(step.EqualTo(Steps + 3));
        filter.Next.Drive(0);
        filter.QueueIn.Drive(Constant(0, AccumulatorBits + 1));
        Discard(filter.Reached);
        Discard(filter.Direction);
        Wire(out var sum, filter.QueueOut.Truncate(AccumulatorBits));
        Discard(filter.QueueOut[AccumulatorBits]);
        Sum.Drive(sum);

        // By definition.
        Signal expected = heldBias.SignExtend(AccumulatorBits);
        for (var i = 0; i < FanIn; i++)
        {
            expected += Number(heldWeights, weightPlanes, _weights, i) * Number(heldInputs, inputPlanes, _inputs, i);
        }

        Wire(out var ends, step.AtLeast(Steps + 4));
        Assert(~ends | sum.EqualTo(expected), "the_sum_is_the_sum_of_products");
        Cover(ends & sum.NotEqualTo(0), "a_sum_ends");
    }

    private static bool IsSigned(string kind) => kind is not ("unsigned" or "±1");

    /// <summary>The rows or operands that hold numbers of a format: two's complement, whatever the planes that the numbers come in.</summary>
    private Signal Encoded(Signal planes, int count, string kind)
    {
        var (low, high) = (planes.Truncate(FanIn), count > 1 ? planes.Bits(FanIn, FanIn) : planes);
        switch (kind)
        {
            case "ternary":
                // Non-zero below, negative above: −1 is 11 in both.
                Assume(~(high & ~low).AnyOne(), "what_is_negative_is_not_zero");
                return planes;
            case "sign-magnitude":
                return Concatenate(high & low, low);
            case "zero point":
                // A code of two bits less a zero point of 2.
                return Concatenate(~high, low);
            default:
                return planes;
        }
    }

    private Signal Number(Signal planes, int count, string kind, int index)
    {
        if (kind == "±1")
        {
            return Choose(planes[index], Constant(1, AccumulatorBits), Ones(AccumulatorBits));
        }

        var bits = Concatenate([.. Enumerable.Range(0, count).Reverse().Select(p => planes[(p * FanIn) + index])]);
        return kind switch
        {
            "signed" => bits.SignExtend(AccumulatorBits),
            "ternary" or "sign-magnitude" => Choose(bits[0], Choose(bits[1], Ones(AccumulatorBits), Constant(1, AccumulatorBits)), Constant(0, AccumulatorBits)),
            "zero point" => bits.ZeroExtend(AccumulatorBits) - 2,
            _ => bits.ZeroExtend(AccumulatorBits),
        };
    }
}
