using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Turns a popcount into its contribution, shifts it to the weight of its bit-plane and adds it to the accumulator of a filter.
/// The accumulator begins at the filter's initial value: minus its threshold, so that the sign says whether the
/// threshold is reached, or its bias.
/// </summary>
/// <param name="countBits">Bits of a popcount.</param>
/// <param name="shiftBits">Bits of the shift.</param>
/// <param name="accumulatorBits">Bits of the accumulator, two's complement; wide enough for every sum that the configuration allows.</param>
/// <param name="initialDepth">Initial values that are held.</param>
/// <param name="joinedLanes">Lanes by which the queue moves on when all planes of a filter leave at once; 1 where it moves on lane by lane alone.</param>
/// <param name="measuredBits">Low bits of the accumulator that the similarity unit reads; 0 for none. With some, the accumulator can begin at 0 in place of the initial value.</param>
public sealed class ShiftAdd(int countBits, int shiftBits, int accumulatorBits, int initialDepth, int joinedLanes = 1, int measuredBits = 0)
    : Module(FormattableString.Invariant($"p{countBits}_a{accumulatorBits}_d{initialDepth}") + (joinedLanes > 1 ? FormattableString.Invariant($"_j{joinedLanes}") : string.Empty) + (measuredBits > 0 ? FormattableString.Invariant($"_m{measuredBits}") : string.Empty))
{
    /// <summary>The popcount.</summary>
    public Input Count { get; } = new(countBits);

    /// <summary>What is subtracted from the count: 0, the operand's ones or the valid columns.</summary>
    public Input Reference { get; } = new(countBits);

    /// <summary>1 when the count counts twice (±1 arithmetic).</summary>
    public Input Doubled { get; } = new(1);

    /// <summary>1 to subtract the contribution.</summary>
    public Input Negate { get; } = new(1);

    /// <summary>The weight of the pair of bit-planes: the contribution counts 2^shift times.</summary>
    public Input Shift { get; } = new(shiftBits);

    /// <summary>1 to add.</summary>
    public Input Add { get; } = new(1);

    /// <summary>1 to begin with the initial value.</summary>
    public Input First { get; } = new(1);

    /// <summary>1 to begin at 0 in place of the initial value.</summary>
    public Input? FromZero { get; } = measuredBits > 0 ? new(1) : null;

    /// <summary>Which initial value the next cycle may begin with, or is written; none where there is one.</summary>
    public Input? InitialAddress { get; } = initialDepth > 1 ? new(Widths.Index(initialDepth)) : null;

    /// <summary>1 to write an initial value.</summary>
    public Input InitialWrite { get; } = new(1);

    /// <summary>The initial value, and above it the direction.</summary>
    public Input InitialData { get; } = new(accumulatorBits + 1);

    /// <summary>1 when the sum is complete: the queue takes it, and its direction.</summary>
    public Input Capture { get; } = new(1);

    /// <summary>1 when the queue moves on by one filter.</summary>
    public Input Next { get; } = new(1);

    /// <summary>1 when the queue moves on by all planes of a filter; none where it does not.</summary>
    public Input? NextFilter { get; } = joinedLanes > 1 ? new(1) : null;

    /// <summary>What the same plane of the next filter has in the queue.</summary>
    public Input? FilterQueueIn { get; } = joinedLanes > 1 ? new(accumulatorBits + 1) : null;

    /// <summary>What the next filter has in the queue.</summary>
    public Input QueueIn { get; } = new(accumulatorBits + 1);

    /// <summary>What this filter has in the queue: a sum, and above it the direction.</summary>
    public Output QueueOut { get; } = new(accumulatorBits + 1);

    /// <summary>The low bits of the accumulator; none where the similarity unit does not read them.</summary>
    public Output? Measured { get; } = measuredBits > 0 ? new(measuredBits) : null;

    /// <summary>1 when the accumulator is at least 0: the threshold is reached.</summary>
    public Output Reached { get; } = new(1);

    /// <summary>The direction of the filter in the accumulator.</summary>
    public Output Direction { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        Signal initialWord;
        if (InitialAddress is { } address)
        {
            Memory(out var initials, initialDepth, accumulatorBits + 1);
            initials.Write(InitialWrite, address, InitialData);
            ReadPort(out initialWord, initials, address, enable: ~InitialWrite);
        }
        else
        {
            Register(out var initialRegister, InitialData, enable: InitialWrite);
            initialWord = initialRegister;
        }

        var width = countBits + 2;
        Wire(out var weighted, Choose(Doubled, Concatenate(Count.ZeroExtend(width - 1), Constant(0, 1)), Count.ZeroExtend(width)));
        Wire(out var contribution, weighted - Reference.ZeroExtend(width));
        Wire(out var shifted, contribution.SignExtend(accumulatorBits).ShiftLeft(Shift));
        Register(out var accumulator, accumulatorBits);
        Register(out var direction, 1);
        Wire(out var beginning, FromZero is { } fromZero ? initialWord.Truncate(accumulatorBits) & ~Repeat(fromZero, accumulatorBits) : initialWord.Truncate(accumulatorBits));
        Wire(out var augend, Choose(First, beginning, accumulator));
        When(Add, () => accumulator.Drive(Choose(Negate, augend - shifted, augend + shifted)));
        When(Add & First, () => direction.Drive(initialWord[accumulatorBits]));

        // Sums leave through a queue, a filter a cycle, while the accumulators count the next round.
        Register(out var queued, accumulatorBits + 1);
        When(Next, () => queued.Drive(QueueIn));
        if (NextFilter is { } nextFilter)
        {
            When(nextFilter, () => queued.Drive(FilterQueueIn!));
        }

        When(Capture, () => queued.Drive(Concatenate(direction, accumulator)));
        QueueOut.Drive(queued);
        Measured?.Drive(accumulator.Truncate(measuredBits));
        Reached.Drive(~accumulator[accumulatorBits - 1]);
        Direction.Drive(direction);
    }
}
