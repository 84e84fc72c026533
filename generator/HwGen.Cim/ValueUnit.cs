using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Turns sums into values, one filter after another: adds a partial sum, counts the thresholds that are reached or multiplies and shifts,
/// saturates, pools by the maximum.
/// </summary>
/// <remarks>
/// Seven stages, behind a sum that several lanes may join: the sum with its partial sum; the comparison and the product; the shift; the offset; the saturation; the pool; the value. Nothing ever stops.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed partial class ValueUnit(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration, DescriptorField.Levels, DescriptorField.FirstValue, DescriptorField.LeastValue, DescriptorField.GreatestValue);

    private int Bits => configuration.AccumulatorBits;

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when a sum meets a word of the level memory.</summary>
    public Input Drain { get; } = new(1);

    /// <summary>The sum, and above it the direction of its filter.</summary>
    public Input Sum { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>1 when the sum is a plane of a filter of which others follow; none in a core of one weight plane.</summary>
    public Input? Joins { get; } = configuration.WeightBits > 1 ? new(1) : null;

    /// <summary>1 at the first plane of a filter.</summary>
    public Input? JoinFirst { get; } = configuration.WeightBits > 1 ? new(1) : null;

    /// <summary>1 when the first of several planes is subtracted.</summary>
    public Input? SignedJoin { get; } = configuration.WeightBits > 1 ? new(1) : null;

    /// <summary>Where the word of the level memory is; while a count is found by halving, the first of the filter's.</summary>
    public Input LevelAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>1 at the first word of a filter.</summary>
    public Input FilterFirst { get; } = new(1);

    /// <summary>1 at the last word of a filter.</summary>
    public Input FilterLast { get; } = new(1);

    /// <summary>The filter within the tile.</summary>
    public Input Filter { get; } = new(configuration.TotalLaneBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Input PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Input PoolLast { get; } = new(1);

    /// <summary>1 when the position lies inside the input.</summary>
    public Input WithinInput { get; } = new(1);

    /// <summary>1 at the last value of an output.</summary>
    public Input OutputLast { get; } = new(1);

    /// <summary>1 at the last value of the layer.</summary>
    public Input ValuesLast { get; } = new(1);

    /// <summary>The bit of a word that takes the value.</summary>
    public Input Place { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 when the value completes its words.</summary>
    public Input Completes { get; } = new(1);

    /// <summary>The partial sum, one cycle after the added.</summary>
    public Input PartialSum { get; } = new(configuration.AccumulatorBits);

    /// <summary>1 to add it.</summary>
    public Input AddSums { get; } = new(1);

    /// <summary>1 when negative sums count as 0.</summary>
    public Input Relu { get; } = new(1);

    /// <summary>1 when the value is a count of thresholds.</summary>
    public Input LevelOutput { get; } = new(1);

    /// <summary>1 when that count is found by halving; none in a core whose values have too few levels for it.</summary>
    public Input? SearchLevels { get; } = configuration.SearchesLevels ? new(1) : null;

    /// <summary>1 when the value is multiplied and shifted; none in a core that does not requantise.</summary>
    public Input? Requantise { get; } = configuration.MultiplierBits > 0 ? new(1) : null;

    /// <summary>1 when values saturate.</summary>
    public Input Saturate { get; } = new(1);

    /// <summary>1 when a pool takes no value of a position outside of the input.</summary>
    public Input SkipOutside { get; } = new(1);

    /// <summary>1 when the direction applies before the pool.</summary>
    public Input DirectionBeforePool { get; } = new(1);

    /// <summary>1 for the host to write a word of the level memory.</summary>
    public Input LevelWrite { get; } = new(1);

    /// <summary>Where the host writes it.</summary>
    public Input LevelWriteAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>The word.</summary>
    public Input LevelData { get; } = new(configuration.LevelBits);

    /// <summary>1 when a value is complete.</summary>
    public Output Valid { get; } = new(1);

    /// <summary>The value, two's complement.</summary>
    public Output Value { get; } = new(configuration.AccumulatorBits);

    /// <summary>1 when it is the last value of its output.</summary>
    public Output ValueOutputLast { get; } = new(1);

    /// <summary>1 when it is the last value of the layer.</summary>
    public Output ValueLast { get; } = new(1);

    /// <summary>The bit of a word that takes it.</summary>
    public Output ValuePlace { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 when it completes its words.</summary>
    public Output ValueCompletes { get; } = new(1);

    /// <summary>Connects the descriptor fields that the unit reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var about = new Dictionary<string, Signal>
        {
            ["direction"] = Sum[Bits],
            ["filter"] = Filter,
            ["pool_first"] = PoolFirst,
            ["pool_last"] = PoolLast,
            ["outside"] = SkipOutside & ~WithinInput,
            ["output_last"] = OutputLast,
            ["layer_last"] = ValuesLast,
            ["place"] = Place,
            ["completes"] = Completes,
        };

        // First stage: the sum and its word of the level memory are there.
        Memory(out var levelMemory, configuration.LevelWords, configuration.LevelBits);
        levelMemory.Write(LevelWrite, LevelWriteAddress, LevelData);
        Register(out var drained, Drain, reset: 0);
        Register(out var drainedFirst, FilterFirst);
        Register(out var drainedLast, FilterLast);
        Register(out var drainedSum, Joined());
        Register(out var count, configuration.InputBits);
        var search = Search(drained & drainedFirst, count);
        Register(out var drainedWord, levelMemory.Read(search is null ? LevelAddress : Choose(SearchLevels!, search.Address, LevelAddress)));
        about = Stage("drained", about);
        Wire(out var total, drainedSum + (PartialSum & Repeat(AddSums, Bits)));
        Wire(out var positive, total & ~Repeat(Relu & total[Bits - 1], Bits));

        // Second: thresholds are compared, the product is made.
        Register(out var summed, drained, reset: 0);
        Register(out var summedFirst, drainedFirst);
        Register(out var summedLast, drainedLast);
        Register(out var added, positive);
        Register(out var word, drainedWord);
        about = Stage("summed", about);
        Wire(out var threshold, search is null ? word.Truncate(Bits) : Choose(SearchLevels!, drainedWord.Truncate(Bits), word.Truncate(Bits)));
        Wire(out var reached, added.AtLeastSigned(threshold));
        Wire(out var countedBefore, Choose(summedFirst, Constant(0, count.Width), count));
        var one = count.Width == 1 ? reached : reached.ZeroExtend(count.Width);
        if (search is null)
        {
            When(summed, () => count.Drive(countedBefore + one));
        }
        else
        {
            Wire(out var taken, Choose(SearchLevels!, search.Step & Repeat(reached & search.Within, count.Width), one));
            When(Choose(SearchLevels!, search.Compares, summed), () => count.Drive(countedBefore + taken));
        }

        // Third: what the filter's value is.
        Register(out var complete, summed & summedLast, reset: 0);
        var completeAbout = Stage("complete", about);
        var wide = configuration.MultiplierBits > 0 ? Bits + configuration.MultiplierBits : Bits + 1;
        Wire(out var level, Choose(completeAbout["direction"], _fields[DescriptorField.Levels] - count, count));
        Register(out var completeSum, added);
        Wire(out var unscaled, Choose(LevelOutput, level.ZeroExtend(Bits), completeSum).SignExtend(wide));
        Signal scaled = unscaled, roundsUp = Constant(0, 1);
        if (Requantise is { } requantise)
        {
            Register(out var product, Product(added, word.Truncate(configuration.MultiplierBits)));
            Register(out var shift, word.Bits(configuration.LevelValueBits, ArrayConfiguration.ScaleShiftBits));

            // The last bit that is shifted out says whether to round up; where nothing is shifted it is 0.
            Wire(out var shifted, Concatenate(product, Constant(0, 1)).ShiftRightSigned(shift));
            (scaled, roundsUp) = (Choose(requantise, shifted.Bits(1, wide), unscaled), requantise & shifted[0]);
        }

        // Fourth: it is rounded and moved.
        Register(out var scaledValid, complete, reset: 0);
        Register(out var scaledValue, scaled);
        Register(out var scaledRoundsUp, roundsUp);
        var scaledAbout = Stage("scaled", completeAbout);
        Wire(out var moved, scaledValue + _fields[DescriptorField.FirstValue].SignExtend(wide) + scaledRoundsUp.ZeroExtend(wide));

        // Fifth: it saturates.
        Register(out var movedValid, scaledValid, reset: 0);
        Register(out var movedValue, moved);
        var movedAbout = Stage("moved", scaledAbout);
        Wire(out var least, _fields[DescriptorField.LeastValue].SignExtend(wide));
        Wire(out var greatest, _fields[DescriptorField.GreatestValue].SignExtend(wide));
        Wire(out var bounded, Choose(movedValue.LessThanSigned(least), least, Choose(greatest.LessThanSigned(movedValue), greatest, movedValue)));
        Wire(out var result, Choose(Saturate, bounded, movedValue));
        Discard(result.Bits(Bits, wide - Bits));

        // Sixth: the pool. Behind a falling function the greatest value has the least result.
        Register(out var candidateValid, movedValid, reset: 0);
        Register(out var candidate, result.Truncate(Bits));
        var pooling = Stage("candidate", movedAbout);
        Wire(out var falls, pooling["direction"] & ~DirectionBeforePool);
        Wire(out var pooled, Bits);
        Wire(out var pooledBefore, Pooled(candidateValid, pooling["filter"], pooled));
        Wire(out var worst, Concatenate(~falls, Repeat(falls, Bits - 1)));
        Wire(out var offered, Choose(pooling["outside"], worst, candidate));
        Wire(out var better, Choose(falls, offered.LessThanSigned(pooledBefore), pooledBefore.LessThanSigned(offered)));
        pooled.Drive(Choose(pooling["pool_first"] | better, offered, pooledBefore));

        // Seventh: the value.
        Register(out var pooledValid, candidateValid & pooling["pool_last"], reset: 0);
        Register(out var pooledValue, pooled);
        var pooledAbout = Stage("pooled", new Dictionary<string, Signal>
        {
            ["output_last"] = pooling["output_last"],
            ["layer_last"] = pooling["layer_last"],
            ["place"] = pooling["place"],
            ["completes"] = pooling["completes"],
        });
        Valid.Drive(pooledValid);
        Value.Drive(pooledValue);
        ValueOutputLast.Drive(pooledAbout["output_last"]);
        ValueLast.Drive(pooledAbout["layer_last"]);
        ValuePlace.Drive(pooledAbout["place"]);
        ValueCompletes.Drive(pooledAbout["completes"]);
    }

    /// <summary>The product of two's complement numbers, in as many bits as both have: of their bits as they are, less what each sign bit counts too much.</summary>
    private Signal Product(Signal left, Signal right)
    {
        var width = left.Width + right.Width;
        Wire(out var unsignedProduct, left.ZeroExtend(width) * right.ZeroExtend(width));
        Wire(out var leftSign, Concatenate(right & Repeat(left[left.Width - 1], right.Width), Constant(0, left.Width)));
        Wire(out var rightSign, Concatenate(left & Repeat(right[right.Width - 1], left.Width), Constant(0, right.Width)));
        return unsignedProduct - leftSign - rightSign;
    }

    /// <summary>The sum of a filter: planes that lie in lanes of their own come highest first, and each counts twice the next.</summary>
    private Signal Joined()
    {
        var sum = Sum.Truncate(Bits);
        if (Joins is null)
        {
            return sum;
        }

        Register(out var higherPlanes, Bits - 1);
        Wire(out var doubled, Concatenate(higherPlanes, Constant(0, 1)) & ~Repeat(JoinFirst!, Bits));
        Wire(out var joined, Choose(JoinFirst! & Joins & SignedJoin!, doubled - sum, doubled + sum));
        When(Joins, () => higherPlanes.Drive(joined.Truncate(Bits - 1)));
        return joined;
    }

    /// <summary>What is known of a value goes with it.</summary>
    private Dictionary<string, Signal> Stage(string name, Dictionary<string, Signal> about)
    {
        using var scope = Scope(name);
        var later = new Dictionary<string, Signal>();
        foreach (var (key, signal) in about.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Register(out var register, signal, name: key);
            later.Add(key, register);
        }

        return later;
    }

    private Signal Pooled(Signal write, Signal filter, Signal pooled)
    {
        if (configuration.TotalLanes == 1)
        {
            Discard(filter);
            Register(out var poolValue, pooled.Width);
            When(write, () => poolValue.Drive(pooled));
            return poolValue;
        }

        Memory(out var poolValues, configuration.TotalLanes, pooled.Width);
        poolValues.Write(write, filter, pooled);
        return poolValues.Read(filter);
    }
}
