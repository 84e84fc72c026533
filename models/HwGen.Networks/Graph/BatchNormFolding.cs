namespace HwGen.Networks;

/// <summary>One folded channel: <c>bit = (x ≥ Threshold) xor Direction</c>.</summary>
/// <param name="Threshold">T, from the range's minimum (always reached) to its maximum + 1 (never).</param>
/// <param name="Direction">True where the batch norm falls with x.</param>
public readonly record struct FoldedThreshold(long Threshold, bool Direction);

/// <summary>Folds the sign of a batch norm into integer thresholds, and checks the fold value by value.</summary>
public static class BatchNormFolding
{
    /// <summary>
    /// The threshold of one channel over a range of accumulator values. A positive γ: T is the least x with batch norm ≥ 0. A negative
    /// γ: <c>x ≤ u</c> is direction 1 with T = ⌊u⌋ + 1. γ = 0: β decides, always (T = minimum) or never (T = maximum + 1).
    /// </summary>
    public static FoldedThreshold Fold(BatchNorm batchNorm, int channel, ValueRange range)
    {
        bool falling = batchNorm.Gamma[channel].Sign < 0;
        // The decision is monotone in x: the first x where it turns is found by halving, with the exact decision itself.
        long low = range.Minimum, high = range.Maximum + 1;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (batchNorm.IsAtLeastZero(channel, middle) != falling)
                high = middle;
            else
                low = middle + 1;
        }
        return new FoldedThreshold(low, falling);
    }

    /// <summary>A threshold layer with ±1 output, folded from a batch norm that it keeps.</summary>
    /// <param name="name">The new layer's name.</param>
    /// <param name="input">The layer that it reads.</param>
    /// <param name="batchNorm">The batch norm, one entry a channel of the input.</param>
    /// <param name="range">The range of the input's values, such as <c>network[input].Range</c> or <see cref="AccumulatorRange.Of"/>.</param>
    /// <exception cref="ArgumentException">The batch norm is not valid.</exception>
    public static ThresholdLayer Fold(string name, string input, BatchNorm batchNorm, ValueRange range)
    {
        if (!batchNorm.IsValid)
            throw new ArgumentException("a batch norm needs lists of one length and positive variances", nameof(batchNorm));
        FoldedThreshold[] folded = [.. Enumerable.Range(0, batchNorm.Channels).Select(channel => Fold(batchNorm, channel, range))];
        return new ThresholdLayer(name, input, [.. folded.Select(one => one.Threshold)], [.. folded.Select(one => one.Direction)])
        {
            Unfolded = batchNorm,
        };
    }

    /// <summary>
    /// Compares a folded layer with the batch norm that it keeps, for every channel and every value of the range.
    /// </summary>
    /// <returns>The number of compared decisions.</returns>
    /// <exception cref="ArgumentException">The layer keeps no batch norm.</exception>
    /// <exception cref="InvalidNetworkException">Some decision differs: layer, channel and value are named.</exception>
    public static long Check(ThresholdLayer layer, ValueRange range)
    {
        BatchNorm batchNorm = layer.Unfolded ?? throw new ArgumentException(Invariant($"layer '{layer.Name}' keeps no batch norm"), nameof(layer));
        long compared = 0;
        for (int channel = 0; channel < batchNorm.Channels; channel++)
        {
            for (long x = range.Minimum; x <= range.Maximum; x++, compared++)
            {
                bool folded = (x >= layer.Thresholds[channel]) ^ layer.Directions[channel];
                if (folded != batchNorm.IsAtLeastZero(channel, x))
                {
                    throw new InvalidNetworkException(layer.Name, [Invariant(
                        $"the folded threshold {layer.Thresholds[channel]} of channel {channel} says {folded} at {x}, its batch norm says {!folded}")]);
                }
            }
        }
        return compared;
    }
}
