namespace HwGen.Networks;

/// <summary>The integers and the scales of constant weights.</summary>
/// <param name="Values">[filter][fan-in].</param>
/// <param name="Scales">One a filter.</param>
/// <param name="Format">The smallest format; ±1 where no weight is anything else.</param>
internal sealed record WeightCodes(int[] Values, ImmutableArray<Rational> Scales, NumberFormat Format)
{
    /// <summary>Reads weights that lie filter by filter.</summary>
    public static WeightCodes Of(Constant weights, int filters)
    {
        int fanIn = filters == 0 ? 0 : weights.Values.Length / filters;
        if (fanIn == 0 || weights.Values.Length != (long)fanIn * filters)
            throw new NodeException(Invariant($"has {weights.Values.Length} weights for {filters} filters"));
        long[] codes = weights.Codes ?? [];
        var scales = ImmutableArray.CreateBuilder<Rational>(filters);
        if (weights.Codes is null)
        {
            (codes, double scale) = Plain(weights);
            scales.AddRange(Enumerable.Repeat(Exact.Of(scale), filters));
        }
        else
        {
            for (int filter = 0; filter < filters; filter++)
            {
                double scale = weights.Scales![filter * fanIn];
                if (scale == 0 || weights.Scales.AsSpan(filter * fanIn, fanIn).ContainsAnyExcept(scale))
                    throw new NodeException(Invariant($"the weights of filter {filter} have a scale of 0 or more than one scale"));
                scales.Add(Exact.Of(scale));
            }
        }
        var values = new int[codes.Length];
        for (int i = 0; i < codes.Length; i++)
            values[i] = codes[i] is >= int.MinValue and <= int.MaxValue ? (int)codes[i] : throw new NodeException(Invariant($"has the weight {codes[i]}; 32 bits are supported"));
        NumberFormat format = values.All(value => value is 1 or -1)
            ? NumberFormat.Bipolar : NumberFormat.Smallest(new ValueRange(values.Min(), values.Max()));
        return new WeightCodes(values, scales.MoveToImmutable(), format);
    }

    /// <summary>Numbers without a quantiser are weights when they are small whole numbers, or −c, 0 and c of one size.</summary>
    private static (long[] Codes, double Scale) Plain(Constant weights)
    {
        const int Bound = 1 << 15;
        if (weights.Values.All(value => Math.Abs(value) <= Bound && Math.Round(value) == value))
            return ([.. weights.Values.Select(value => (long)value)], 1);
        double size = weights.Values.Max(Math.Abs);
        if (weights.Values.All(value => value == 0 || Math.Abs(value) == size))
            return ([.. weights.Values.Select(value => (long)Math.Sign(value))], size);
        throw new NodeException("its weights are float and no quantiser stands before them: a float network is taken with --quantize int8 --calibrate SET");
    }
}
