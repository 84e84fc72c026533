using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Turns a popcount into its contribution, shifts it to the weight of its bit-plane and adds it to the accumulator.</summary>
/// <param name="countBits">Bits of a popcount.</param>
/// <param name="planeBits">Bits of the shift.</param>
/// <param name="accumulatorBits">Bits of the accumulator, two's complement; wide enough for every sum that the configuration allows.</param>
public sealed class ShiftAdd(int countBits, int planeBits, int accumulatorBits)
    : Module(FormattableString.Invariant($"p{countBits}_a{accumulatorBits}"))
{
    /// <summary>The popcount.</summary>
    public Input Count { get; } = new(countBits);

    /// <summary>What is subtracted from the count: 0, the operand's ones or the valid columns.</summary>
    public Input Reference { get; } = new(countBits);

    /// <summary>1 when the count counts twice (±1 arithmetic).</summary>
    public Input Doubled { get; } = new(1);

    /// <summary>1 to subtract the contribution.</summary>
    public Input Negate { get; } = new(1);

    /// <summary>The bit-plane: the contribution counts 2^plane times.</summary>
    public Input Plane { get; } = new(planeBits);

    /// <summary>1 to add.</summary>
    public Input Add { get; } = new(1);

    /// <summary>1 to set the accumulator to 0.</summary>
    public Input Clear { get; } = new(1);

    /// <summary>The accumulator.</summary>
    public Output Accumulator { get; } = new(accumulatorBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var width = countBits + 2;
        Wire(out var weighted, Choose(Doubled, Concatenate(Count.ZeroExtend(width - 1), Constant(0, 1)), Count.ZeroExtend(width)));
        Wire(out var contribution, weighted - Reference.ZeroExtend(width));
        Wire(out var shifted, contribution.SignExtend(accumulatorBits).ShiftLeft(Plane));
        Register(out var accumulator, accumulatorBits);
        When(Add, () => accumulator.Drive(Choose(Negate, accumulator - shifted, accumulator + shifted)));
        When(Clear, () => accumulator.Drive(0));
        Accumulator.Drive(accumulator);
    }
}
