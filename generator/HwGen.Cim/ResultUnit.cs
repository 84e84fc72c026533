using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// What follows the accumulators: sums the sectors of a filter, compares with its threshold, pools bits by OR, packs them
/// into operand words; or writes the sums as they are to the result memory.
/// </summary>
/// <remarks>Stage 1 holds the drained accumulator, stage 2 the filter's sum and threshold, stage 3 the packed word.</remarks>
/// <param name="configuration">The widths.</param>
public sealed class ResultUnit(ArrayConfiguration configuration) : Module
{
    /// <summary>1 when an accumulator is drained.</summary>
    public Input Drain { get; } = new(1);

    /// <summary>The accumulator.</summary>
    public Input Accumulator { get; } = new(configuration.AccumulatorBits);

    /// <summary>Its filter within the tile.</summary>
    public Input Filter { get; } = new(configuration.LaneBits);

    /// <summary>1 for the first sector of a filter.</summary>
    public Input First { get; } = new(1);

    /// <summary>1 for the last sector of a filter.</summary>
    public Input Last { get; } = new(1);

    /// <summary>1 for the very last accumulator of an output.</summary>
    public Input OutputEnd { get; } = new(1);

    /// <summary>The filter's threshold.</summary>
    public Input ThresholdAddress { get; } = new(configuration.ThresholdAddressBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Input PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Input PoolLast { get; } = new(1);

    /// <summary>1 before the first accumulator of an output.</summary>
    public Input OutputStart { get; } = new(1);

    /// <summary>Where the output begins.</summary>
    public Input OutputAddress { get; } = new(DescriptorField.OutputBase.Width(configuration));

    /// <summary>The bit of the first word that takes the first filter's bit.</summary>
    public Input FirstBit { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 to write sums to the result memory.</summary>
    public Input Raw { get; } = new(1);

    /// <summary>1 when the direction applies before the pool.</summary>
    public Input DirectionBeforePool { get; } = new(1);

    /// <summary>1 for the host to write a threshold.</summary>
    public Input ThresholdWrite { get; } = new(1);

    /// <summary>Where the host writes it.</summary>
    public Input ThresholdWriteAddress { get; } = new(configuration.ThresholdAddressBits);

    /// <summary>The threshold, two's complement, and above it the direction.</summary>
    public Input ThresholdWriteData { get; } = new(configuration.ThresholdBits + 1);

    /// <summary>Which result the host reads.</summary>
    public Input ResultReadAddress { get; } = new(configuration.ResultAddressBits);

    /// <summary>That result, one cycle later.</summary>
    public Output ResultReadData { get; } = new(configuration.AccumulatorBits);

    /// <summary>1 to write an operand word.</summary>
    public Output WordWrite { get; } = new(1);

    /// <summary>Where the word is written; its old content is wanted one cycle later.</summary>
    public Output WordAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>The old word.</summary>
    public Input WordOld { get; } = new(configuration.Columns);

    /// <summary>The new word: the old one with this layer's bits.</summary>
    public Output WordData { get; } = new(configuration.Columns);

    /// <inheritdoc/>
    protected override void Build()
    {
        var columns = configuration.Columns;
        Register(out var drained, Drain, reset: 0);
        Register(out var drainedValue, Accumulator);
        Register(out var drainedFirst, First);
        Register(out var drainedLast, Drain & Last, reset: 0);
        Register(out var drainedEnd, Drain & OutputEnd, reset: 0);
        Register(out var drainedFilter, Filter);
        Register(out var drainedThreshold, ThresholdAddress);

        Memory(out var thresholds, configuration.ThresholdWords, configuration.ThresholdBits + 1);
        thresholds.Write(ThresholdWrite, ThresholdWriteAddress, ThresholdWriteData);
        Register(out var threshold, thresholds.Read(drainedThreshold));
        Register(out var sum, configuration.AccumulatorBits);
        When(drained, () => sum.Drive(Choose(drainedFirst, drainedValue, sum + drainedValue)));
        Register(out var summed, drainedLast, reset: 0);
        Register(out var summedEnd, drainedEnd, reset: 0);
        Register(out var summedFilter, drainedFilter);

        Wire(out var direction, threshold[configuration.ThresholdBits]);
        Wire(out var reached, sum.SignExtend(configuration.ThresholdBits).AtLeastSigned(threshold.Truncate(configuration.ThresholdBits)));
        Wire(out var compared, reached ^ (direction & DirectionBeforePool));
        var pooledBefore = Pooled(summed, summedFilter, compared);
        Wire(out var pooled, compared | (pooledBefore & ~PoolFirst));
        _pooled!.Drive(pooled);
        Wire(out var outputBit, pooled ^ (direction & ~DirectionBeforePool));

        Wire(out var pack, summed & PoolLast & ~Raw);
        Register(out var place, columns);
        Register(out var bits, columns);
        Register(out var places, columns);
        Register(out var wordWrite, pack & (place[columns - 1] | summedEnd), reset: 0);
        Wire(out var keptBits, bits & ~Repeat(wordWrite, columns));
        Wire(out var keptPlaces, places & ~Repeat(wordWrite, columns));
        When(wordWrite, () =>
        {
            bits.Drive(Constant(0, columns));
            places.Drive(Constant(0, columns));
        });
        When(pack, () =>
        {
            bits.Drive(keptBits | (place & Repeat(outputBit, columns)));
            places.Drive(keptPlaces | place);
            place.Drive(Concatenate(place.Truncate(columns - 1), place[columns - 1]));
        });
        Register(out var wordAddress, configuration.OperandAddressBits);
        When(wordWrite, () => wordAddress.Drive(wordAddress + 1));
        Register(out var resultAddress, configuration.ResultAddressBits);
        Wire(out var writeResult, summed & Raw);
        When(writeResult, () => resultAddress.Drive(resultAddress + 1));
        When(OutputStart, () =>
        {
            place.Drive(Constant(1, columns).ShiftLeft(FirstBit));
            bits.Drive(Constant(0, columns));
            places.Drive(Constant(0, columns));
            wordAddress.Drive(OutputAddress.Truncate(configuration.OperandAddressBits));
            resultAddress.Drive(OutputAddress.Truncate(configuration.ResultAddressBits));
        });
        WordWrite.Drive(wordWrite);
        WordAddress.Drive(wordAddress);
        WordData.Drive((WordOld & ~places) | bits);

        Memory(out var resultMemory, configuration.ResultWords, configuration.AccumulatorBits);
        resultMemory.Write(writeResult, resultAddress, sum);
        Register(out var resultReadData, resultMemory.Read(ResultReadAddress));
        ResultReadData.Drive(resultReadData);
    }

    private Wire? _pooled;

    /// <summary>One bit a filter of the tile, kept over the pooled positions of an output.</summary>
    private Signal Pooled(Signal write, Signal filter, Signal shape)
    {
        Wire(out var poolNext, shape.Width);
        _pooled = poolNext;
        if (configuration.Lanes == 1)
        {
            Discard(filter);
            Register(out var poolBit, 1);
            When(write, () => poolBit.Drive(poolNext));
            return poolBit;
        }

        Memory(out var poolBits, configuration.Lanes, 1);
        poolBits.Write(write, filter, poolNext);
        return poolBits.Read(filter);
    }
}
