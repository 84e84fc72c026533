namespace HwGen.Networks;

/// <summary>A quantiser of the source: from a tensor's value to one of our integers, and back to the value that it stands for.</summary>
/// <param name="Level">Channel and value to integer; rises with the value. For ±1: 0 or 1.</param>
/// <param name="Factors">The value that one step stands for, one or one a channel.</param>
/// <param name="Offsets">The value of the integer 0, one or one a channel.</param>
/// <param name="IsBipolar">Whether the integers are −1 and +1.</param>
internal sealed record Quantiser(Func<int, Rational, long> Level, ImmutableArray<Rational> Factors, ImmutableArray<Rational> Offsets, bool IsBipolar)
{
    /// <summary>Whether the level is 1 exactly where the value is at least 0: then a batch norm's sign can be decided exactly.</summary>
    public bool ComparesWithZero { get; init; }

    /// <summary>The steps that a value of 1 makes, for the search of a multiplier; empty when levels are not equally spaced.</summary>
    public ImmutableArray<Rational> StepsOfOne { get; init; } = [];
}

/// <summary>Makes the layer of a quantiser: thresholds where levels are few, multiply and shift where that is exact over the whole range, else thresholds.</summary>
internal static class QuantiserLayers
{
    private const int FewLevels = 15, MostLevels = 1 << 18;

    public static MapValue Apply(Node node, MapValue x, Quantiser quantiser)
    {
        FeatureMap map = node.Lowering.Map(x.Source);
        int channels = map.Shape.Channels;
        int distinct = x.Functions.Length == 1 && quantiser.Factors.Length == 1 && quantiser.StepsOfOne.Length <= 1 ? 1 : channels;
        if (quantiser.Factors.Length != 1 && quantiser.Factors.Length != channels)
            throw new NodeException(Invariant($"has {quantiser.Factors.Length} scales for {channels} channels"));
        if (channels > MostLevels)
            throw new NodeException(Invariant($"quantises {channels} channels; at most {MostLevels} are supported"));
        if (distinct == 1 && channels > 1)
            distinct = quantiser.Factors.Length;
        Layer layer = quantiser.IsBipolar ? Bipolar(node, x, quantiser, map, distinct) : Levels(node, x, quantiser, map, distinct);
        string name = node.Lowering.Add(layer);
        ImmutableArray<ElementFunction> functions =
            [.. quantiser.Factors.Select((factor, i) => ElementFunction.Affine(factor, quantiser.Offsets[quantiser.Offsets.Length == 1 ? 0 : i]))];
        return new MapValue(name, x.Dimensions, functions);
    }

    private static ThresholdLayer Bipolar(Node node, MapValue x, Quantiser quantiser, FeatureMap map, int distinct)
    {
        int channels = map.Shape.Channels;
        var folded = new Steps[distinct];
        for (int channel = 0; channel < distinct; channel++)
        {
            ElementFunction function = x.Function(channel);
            if (quantiser.ComparesWithZero && function.BatchNorm is { } norm)
            {
                FoldedThreshold one = BatchNormFolding.Fold(norm, 0, map.Range);
                folded[channel] = new Steps([one.Threshold], one.Direction);
                continue;
            }
            int current = channel;
            folded[channel] = StepSearch.Find(value => quantiser.Level(current, function.Apply(value)), map.Range, 0, 1);
        }
        bool keeps = quantiser.ComparesWithZero && distinct == channels && x.Functions.Length == channels && x.Functions.All(function => function.BatchNorm is not null);
        return new ThresholdLayer(
            node.NewName(), x.Source, [.. Spread(folded, channels).Select(one => one.Thresholds[0])], [.. Spread(folded, channels).Select(one => one.Falling)])
        {
            Unfolded = keeps ? Join(x.Functions) : null,
        };
    }

    private static Layer Levels(Node node, MapValue x, Quantiser quantiser, FeatureMap map, int distinct)
    {
        int channels = map.Shape.Channels;
        Func<int, long, long> level = (channel, value) => quantiser.Level(channel, x.Function(channel).Apply(value));
        long low = long.MaxValue, high = long.MinValue;
        for (int channel = 0; channel < distinct; channel++)
        {
            foreach (long end in new[] { map.Range.Minimum, map.Range.Maximum })
            {
                long value = level(channel, end);
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }
        var reached = new ValueRange(low, high);
        if ((Int128)(high - low) * distinct > MostLevels || (Int128)(high - low) * channels > 16 * MostLevels)
            throw new NodeException(Invariant($"makes {high - low + 1} levels in {channels} channels; that many cannot be held as thresholds"));
        if (high == low)
            high = low + 1;
        Steps[] steps = [.. Enumerable.Range(0, distinct).Select(channel => StepSearch.Find(value => level(channel, value), map.Range, low, high))];
        if (high - low > FewLevels && Requantise(node, x, quantiser, map, steps, reached) is { } requantise)
            return requantise;
        // A constant layer still has one threshold, which may then say more than the format needs.
        NumberFormat format = NumberFormat.Smallest(new ValueRange(low, high));
        return new ThresholdLayer(
            node.NewName(), x.Source, [.. Spread(steps, channels).SelectMany(one => one.Thresholds)], [.. Spread(steps, channels).Select(one => one.Falling)])
        {
            Output = format,
            FirstValue = low,
        };
    }

    private static RequantiseLayer? Requantise(Node node, MapValue x, Quantiser quantiser, FeatureMap map, Steps[] steps, ValueRange reached)
    {
        if (quantiser.StepsOfOne.IsEmpty)
            return null;
        var found = new List<(long Multiplier, int Shift)>();
        long? zeroPoint = null;
        for (int channel = 0; channel < steps.Length; channel++)
        {
            (Rational factor, Rational offset) = x.Function(channel).WithoutClamps();
            Rational perUnit = quantiser.StepsOfOne[quantiser.StepsOfOne.Length == 1 ? 0 : channel];
            var whole = RoundingRules.Round(offset * perUnit, Rounding.HalfEven);
            if (System.Numerics.BigInteger.Abs(whole) > int.MaxValue || (zeroPoint is { } other && other != (long)whole))
                return null;
            zeroPoint = (long)whole;
            if (RequantiseSearch.Find(factor * perUnit, (long)whole, steps[channel], map.Range, reached.Minimum, reached.Maximum) is not { } pair)
                return null;
            found.Add(pair);
        }
        if (found.Count != 1 && found.Count != map.Shape.Channels)
            return null;
        return new RequantiseLayer(
            node.NewName(), x.Source, [.. found.Select(pair => pair.Multiplier)], [.. found.Select(pair => pair.Shift)], NumberFormat.Smallest(reached))
        {
            ZeroPoint = zeroPoint!.Value,
            Saturation = reached,
        };
    }

    private static IEnumerable<Steps> Spread(Steps[] steps, int channels) =>
        Enumerable.Range(0, channels).Select(channel => steps[steps.Length == 1 ? 0 : channel]);

    private static BatchNorm Join(ImmutableArray<ElementFunction> functions)
    {
        BatchNorm[] norms = [.. functions.Select(function => function.BatchNorm!)];
        return new BatchNorm(
            [.. norms.Select(norm => norm.Gamma[0])], [.. norms.Select(norm => norm.Beta[0])], [.. norms.Select(norm => norm.Mean[0])],
            [.. norms.Select(norm => norm.Variance[0])], default);
    }
}
