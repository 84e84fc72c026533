using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Turns sums into values, one filter after another: adds a partial sum, counts the thresholds that are reached or multiplies and shifts,
/// saturates, pools by the maximum.
/// </summary>
/// <remarks>
/// Five stages, behind a sum that several lanes may join: the sum with its partial sum; the comparison and the product; the shift; the pool; the value. Nothing ever stops.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed class ValueUnit(ArrayConfiguration configuration) : Module
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
        var scaled = unscaled;
        if (Requantise is { } requantise)
        {
            Register(out var product, added.SignExtend(wide) * word.Truncate(configuration.MultiplierBits).SignExtend(wide));
            Register(out var shift, word.Bits(configuration.LevelValueBits, ArrayConfiguration.ScaleShiftBits));

            // Half of the last place that stays: nothing where nothing is shifted.
            Wire(out var half, Concatenate(Constant(0, 1), Constant(1, wide).ShiftLeft(shift).Bits(1, wide - 1)));
            Wire(out var shifted, (product + half).ShiftRightSigned(shift));
            Wire(out var chosen, Choose(requantise, shifted, unscaled));
            scaled = chosen;
        }

        Wire(out var moved, scaled + _fields[DescriptorField.FirstValue].SignExtend(wide));
        Wire(out var least, _fields[DescriptorField.LeastValue].SignExtend(wide));
        Wire(out var greatest, _fields[DescriptorField.GreatestValue].SignExtend(wide));
        Wire(out var bounded, Choose(moved.LessThanSigned(least), least, Choose(greatest.LessThanSigned(moved), greatest, moved)));
        Wire(out var result, Choose(Saturate, bounded, moved));
        Discard(result.Bits(Bits, wide - Bits));

        // Fourth: the pool. Behind a falling function the greatest value has the least result.
        Register(out var scaledValid, complete, reset: 0);
        Register(out var candidate, result.Truncate(Bits));
        var pooling = Stage("scaled", completeAbout);
        Wire(out var falls, pooling["direction"] & ~DirectionBeforePool);
        Wire(out var pooled, Bits);
        Wire(out var pooledBefore, Pooled(scaledValid, pooling["filter"], pooled));
        Wire(out var worst, Concatenate(~falls, Repeat(falls, Bits - 1)));
        Wire(out var offered, Choose(pooling["outside"], worst, candidate));
        Wire(out var better, Choose(falls, offered.LessThanSigned(pooledBefore), pooledBefore.LessThanSigned(offered)));
        pooled.Drive(Choose(pooling["pool_first"] | better, offered, pooledBefore));

        // Fifth: the value.
        Register(out var pooledValid, scaledValid & pooling["pool_last"], reset: 0);
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

    /// <summary>A halving: where its threshold is, and, with that threshold a cycle later, by how much the count grows where it is reached.</summary>
    private sealed record Halving(Signal Address, Signal Compares, Signal Step, Signal Within);

    /// <summary>
    /// Thresholds ascend: the count grows by the greatest power of two in the number of levels, if the threshold there is reached, then by the half of it, to one.
    /// A halving asks for its threshold in one cycle and compares in the next; the first asks when the sum has left the queue.
    /// </summary>
    private Halving? Search(Signal first, Signal count)
    {
        if (SearchLevels is null)
        {
            return null;
        }

        using var scope = Scope("search");
        var levels = _fields[DescriptorField.Levels];
        var bits = count.Width;
        Wire(out var top, Concatenate([.. Enumerable.Range(0, bits).Reverse().Select(bit => bit == bits - 1 ? levels[bit] : levels[bit] & ~levels.Bits(bit + 1, bits - bit - 1).AnyOne())]));
        Register(out var again, 1, reset: 0);
        Register(out var half, bits);
        Wire(out var asks, first | again);
        Wire(out var step, Choose(first, top, half));
        Wire(out var target, (Choose(first, Constant(0, bits), count).ZeroExtend(bits + 1) + step.ZeroExtend(bits + 1)));
        Register(out var compares, asks, reset: 0);
        Register(out var compared, step);
        Register(out var within, ~levels.ZeroExtend(bits + 1).LessThan(target));
        When(asks, () => half.Drive(Concatenate(Constant(0, 1), step.Bits(1, bits - 1))));
        again.Drive(compares & ~compared[0] & compared.AnyOne());
        Wire(out var address, LevelAddress + (target - 1).FitTo(configuration.LevelAddressBits, beyond => Discard(beyond)));
        return new Halving(address, compares, compared, within);
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
