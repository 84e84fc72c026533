namespace HwGen.Golden;

/// <summary>What is done to each value by itself, by definition.</summary>
internal static class ValueDefinitions
{
    public static long[] Threshold(ThresholdLayer layer, long[] x, TensorShape shape)
    {
        var y = new long[x.Length];
        int levels = layer.Levels;
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i / (shape.Height * shape.Width), reached = 0;
            for (int level = 0; level < levels; level++)
            {
                if (x[i] >= layer.Thresholds[(channel * levels) + level])
                    reached++;
            }
            int count = layer.Directions[channel] ? levels - reached : reached;
            y[i] = layer.Output.Kind == NumberKind.Bipolar ? (2 * count) - 1 : layer.FirstValue + count;
        }
        return y;
    }

    public static long[] Requantise(RequantiseLayer layer, long[] x, TensorShape shape)
    {
        var y = new long[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i / (shape.Height * shape.Width);
            Int128 multiplier = layer.Multipliers[layer.Multipliers.Length == 1 ? 0 : channel];
            int shift = layer.Shifts[layer.Shifts.Length == 1 ? 0 : channel];
            Int128 half = shift == 0 ? 0 : Int128.One << (shift - 1);
            Int128 value = (((x[i] * multiplier) + half) >> shift) + layer.ZeroPoint;
            y[i] = (long)Int128.Max(layer.Saturation.Minimum, Int128.Min(layer.Saturation.Maximum, value));
        }
        return y;
    }

    public static long[] Add(AddLayer layer, long[] first, long[] second)
    {
        var y = new long[first.Length];
        ValueRange bounds = layer.Output.Range;
        for (int i = 0; i < y.Length; i++)
            y[i] = Math.Max(bounds.Minimum, Math.Min(bounds.Maximum, first[i] + second[i]));
        return y;
    }
}
