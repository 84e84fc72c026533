using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Turns accumulators into values of several levels: counts the thresholds that each filter reaches, one a cycle, pools the counts by
/// the maximum, and packs the values bit-plane by bit-plane into operand words.
/// </summary>
/// <remarks>
/// First stage: the accumulator and its threshold are there. Second: the count is complete. Third: the value joins its words. A full set
/// of words is written in two cycles each, the old word read first: bits of other filters in it stay as they are.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed class LevelUnit(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration,
        DescriptorField.Levels, DescriptorField.FirstValue, DescriptorField.OutputPlanes, DescriptorField.OutputBase, DescriptorField.OutputStep,
        DescriptorField.FirstOutputBit);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when the layer starts.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when an accumulator meets a threshold.</summary>
    public Input Drain { get; } = new(1);

    /// <summary>1 at the first threshold of a filter.</summary>
    public Input FilterFirst { get; } = new(1);

    /// <summary>1 at the last threshold of a filter.</summary>
    public Input FilterLast { get; } = new(1);

    /// <summary>1 at the last filter of an output.</summary>
    public Input OutputLast { get; } = new(1);

    /// <summary>The filter within the tile.</summary>
    public Input Filter { get; } = new(configuration.LaneBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Input PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Input PoolLast { get; } = new(1);

    /// <summary>1 when the direction applies before the pool.</summary>
    public Input DirectionBeforePool { get; } = new(1);

    /// <summary>Where the threshold is.</summary>
    public Input Threshold { get; } = new(configuration.LevelAddressBits);

    /// <summary>The accumulator.</summary>
    public Input Accumulator { get; } = new(configuration.AccumulatorBits);

    /// <summary>The direction of its filter: 1 counts the thresholds that are not reached.</summary>
    public Input Direction { get; } = new(1);

    /// <summary>1 for the host to write a threshold.</summary>
    public Input ThresholdWrite { get; } = new(1);

    /// <summary>Where the host writes it.</summary>
    public Input ThresholdAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>The threshold, two's complement.</summary>
    public Input ThresholdData { get; } = new(configuration.AccumulatorBits);

    /// <summary>The old word.</summary>
    public Input WordOld { get; } = new(configuration.Columns);

    /// <summary>1 to write an operand word.</summary>
    public Output WordWrite { get; } = new(1);

    /// <summary>Where it is read and written.</summary>
    public Output WordAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>The new word.</summary>
    public Output WordData { get; } = new(configuration.Columns);

    /// <summary>Connects the descriptor fields that the unit reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (value, valid, end) = Count();
        Pack(value, valid, end);
    }

    /// <summary>The value of each filter, when it is complete.</summary>
    private (Signal Value, Signal Valid, Signal End) Count()
    {
        var bits = configuration.InputBits;
        Register(out var drained, Drain, reset: 0);
        Register(out var drainedFirst, FilterFirst);
        Register(out var drainedLast, FilterLast);
        Register(out var drainedEnd, OutputLast);
        Register(out var drainedFilter, Filter);
        Register(out var drainedDirection, Direction);
        Register(out var drainedValue, Accumulator);
        Memory(out var thresholds, configuration.LevelWords, configuration.AccumulatorBits);
        thresholds.Write(ThresholdWrite, ThresholdAddress, ThresholdData);
        Register(out var drainedThreshold, thresholds.Read(Threshold));

        Register(out var count, bits);
        Wire(out var reached, drainedValue.AtLeastSigned(drainedThreshold));
        Wire(out var counted, Choose(drainedFirst, Constant(0, bits), count) + (bits == 1 ? reached : reached.ZeroExtend(bits)));
        When(drained, () => count.Drive(counted));
        Register(out var complete, drained & drainedLast, reset: 0);
        Register(out var completeEnd, drainedEnd);
        Register(out var completeFilter, drainedFilter);
        Register(out var completeDirection, drainedDirection);

        // The greatest count is the greatest value: counts are pooled, before or behind the direction.
        var levels = _fields[DescriptorField.Levels];
        Wire(out var countBefore, Choose(completeDirection & DirectionBeforePool, levels - count, count));
        Wire(out var pooled, bits);
        Wire(out var pooledBefore, Pooled(complete, completeFilter, pooled));
        pooled.Drive(Choose(PoolFirst | pooledBefore.LessThan(countBefore), countBefore, pooledBefore));
        Wire(out var level, Choose(completeDirection & ~DirectionBeforePool, levels - pooled, pooled));
        Register(out var value, level + _fields[DescriptorField.FirstValue]);
        Register(out var valid, complete & PoolLast, reset: 0);
        Register(out var outputEnd, completeEnd);
        return (value, valid, outputEnd);
    }

    private Signal Pooled(Signal write, Signal filter, Signal pooled)
    {
        if (configuration.Lanes == 1)
        {
            Discard(filter);
            Register(out var poolCount, pooled.Width);
            When(write, () => poolCount.Drive(pooled));
            return poolCount;
        }

        Memory(out var poolCounts, configuration.Lanes, pooled.Width);
        poolCounts.Write(write, filter, pooled);
        return poolCounts.Read(filter);
    }

    /// <summary>Values gather in a word a plane; full words, or the last of an output, are moved out and written.</summary>
    private void Pack(Signal value, Signal valid, Signal end)
    {
        var columns = configuration.Columns;
        var planes = configuration.InputBits;
        Register(out var place, columns);
        Register(out var places, columns);
        Wire(out var moves, valid & (place[columns - 1] | end));
        Wire(out var placesNow, places | place);
        When(valid, () =>
        {
            places.Drive(Choose(moves, Constant(0, columns), placesNow));
            place.Drive(Concatenate(place.Truncate(columns - 1), place[columns - 1]));
        });
        Wire(out var firstPlace, Constant(1, columns).ShiftLeft(_fields[DescriptorField.FirstOutputBit]));
        When(Start | (moves & end), () =>
        {
            place.Drive(firstPlace);
            places.Drive(Constant(0, columns));
        });

        Register(out var writing, 1, reset: 0);
        Register(out var second, 1);
        Register(out var plane, DescriptorField.OutputPlanes.Width(configuration));
        Register(out var movedPlaces, columns);
        Register(out var movedEnd, 1);
        Wire(out var lastPlane, (plane + 1).EqualTo(_fields[DescriptorField.OutputPlanes]));
        Wire(out var writes, writing & second);
        var moved = new Signal[planes];
        for (var i = 0; i < planes; i++)
        {
            using var scope = Scope(FormattableString.Invariant($"plane_{i}"));
            Register(out var bits, columns);
            Register(out var movedBits, columns);
            Wire(out var bitsNow, bits | (place & Repeat(value[i], columns)));
            When(valid, () => bits.Drive(Choose(moves, Constant(0, columns), bitsNow)));
            When(Start, () => bits.Drive(Constant(0, columns)));
            When(moves, () => movedBits.Drive(bitsNow));
            moved[i] = movedBits;
        }

        When(writing, () => second.Drive(~second));
        When(writes, () => plane.Drive(plane + 1));
        When(writes & lastPlane, () => writing.Drive(0));
        When(moves, () =>
        {
            writing.Drive(1);
            second.Drive(0);
            plane.Drive(0);
            movedPlaces.Drive(placesNow);
            movedEnd.Drive(end);
        });

        var outputBase = Address(DescriptorField.OutputBase);
        Register(out var outputAddress, configuration.OperandAddressBits);
        Register(out var wordAddress, configuration.OperandAddressBits);
        Wire(out var nextOutput, outputAddress + Address(DescriptorField.OutputStep));
        When(writes, () => wordAddress.Drive(wordAddress + 1));
        When(writes & lastPlane & movedEnd, () =>
        {
            outputAddress.Drive(nextOutput);
            wordAddress.Drive(nextOutput);
        });
        When(Start, () =>
        {
            outputAddress.Drive(outputBase);
            wordAddress.Drive(outputBase);
        });
        WordWrite.Drive(writes);
        WordAddress.Drive(wordAddress);
        WordData.Drive((WordOld & ~movedPlaces) | (Select(plane.Width > Widths.Index(planes) ? plane.Truncate(Widths.Index(planes)) : plane, moved) & movedPlaces));
    }

    /// <summary>A field as an operand address: the field is wider where the result memory is the larger one.</summary>
    private Signal Address(DescriptorField field)
    {
        var (input, width) = (_fields[field], configuration.OperandAddressBits);
        if (input.Width > width)
        {
            Discard(input.Bits(width, input.Width - width));
        }

        return input.Truncate(width);
    }
}
