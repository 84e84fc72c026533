namespace HwGen.Golden;

/// <summary>Distances of two filters by definition, from their weights; every weight is ±1 or an integer in two's complement.</summary>
public static class FilterDistance
{
    /// <summary>Bits that differ, over all bit-planes.</summary>
    /// <param name="first">The weights of one filter.</param>
    /// <param name="second">As many of the other.</param>
    /// <param name="bits">Bits of a weight; 1 for ±1.</param>
    public static long Hamming(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int bits) => Planewise(first, second, bits, isWeighted: false);

    /// <summary>Bits that differ, each times 2^plane.</summary>
    /// <inheritdoc cref="Hamming"/>
    public static long PlaneWeighted(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int bits) => Planewise(first, second, bits, isWeighted: true);

    /// <summary>The sum of the squares of the differences.</summary>
    public static long Squared(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        long sum = 0;
        for (int i = 0; i < first.Length; i++)
            sum += ((long)first[i] - second[i]) * ((long)first[i] - second[i]);
        return sum;
    }

    private static long Planewise(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int bits, bool isWeighted)
    {
        long sum = 0;
        for (int i = 0; i < first.Length; i++)
        {
            for (int plane = 0; plane < bits; plane++)
            {
                if (Bit(first[i], plane, bits) != Bit(second[i], plane, bits))
                    sum += isWeighted ? 1L << plane : 1;
            }
        }
        return sum;
    }

    private static bool Bit(int weight, int plane, int bits) => bits == 1 ? weight > 0 : ((weight >> plane) & 1) == 1;
}
