namespace HwGen.Networks;

/// <summary>The range that the accumulators of a weighted layer can reach: per filter from its own weights, then over all filters.</summary>
public static class AccumulatorRange
{
    /// <summary>The union of the ranges of all filters.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The range of its input values.</param>
    /// <param name="padded">Whether an input may be a padded position, which contributes 0.</param>
    public static ValueRange Of(WeightedLayer layer, ValueRange input, bool padded)
    {
        ValueRange range = OfFilter(layer, 0, input, padded);
        for (int filter = 1; filter < layer.Weights.Filters; filter++)
            range = range.Union(OfFilter(layer, filter, input, padded));
        return range;
    }

    /// <summary>The range of one filter's accumulator.</summary>
    public static ValueRange OfFilter(WeightedLayer layer, int filter, ValueRange input, bool padded)
    {
        Int128 minimum = layer.Biases.Length == 0 ? 0 : layer.Biases[filter], maximum = minimum;
        foreach (int weight in layer.Weights.Filter(filter))
        {
            Int128 one = (Int128)weight * input.Minimum, other = (Int128)weight * input.Maximum;
            Int128 low = Int128.Min(one, other), high = Int128.Max(one, other);
            minimum += padded ? Int128.Min(low, 0) : low;
            maximum += padded ? Int128.Max(high, 0) : high;
        }
        return Checked(minimum, maximum);
    }

    internal static ValueRange Checked(Int128 minimum, Int128 maximum) =>
        minimum < ValueRange.Widest.Minimum || maximum > ValueRange.Widest.Maximum
            ? throw new RuleException("reaches beyond ±2^61")
            : new ValueRange((long)minimum, (long)maximum);
}
