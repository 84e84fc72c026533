using System.Numerics;

namespace HwGen.Golden;

/// <summary>The statistics of a layer's distances by definition: over the pairs of filters that are both alive.</summary>
/// <param name="Pairs">P, the pairs.</param>
/// <param name="Sum">Σd.</param>
/// <param name="Squares">Σd².</param>
public readonly record struct SimilarityStatistics(long Pairs, BigInteger Sum, BigInteger Squares)
{
    /// <summary>Gathers them.</summary>
    /// <param name="alive">Which filters are alive.</param>
    /// <param name="distance">The distance of two filters, the lower first.</param>
    public static SimilarityStatistics Of(ReadOnlySpan<bool> alive, Func<int, int, long> distance)
    {
        long pairs = 0;
        BigInteger sum = 0;
        BigInteger squares = 0;
        for (int low = 0; low < alive.Length; low++)
        {
            for (int high = low + 1; high < alive.Length; high++)
            {
                if (!alive[low] || !alive[high])
                    continue;
                BigInteger value = distance(low, high);
                pairs++;
                sum += value;
                squares += value * value;
            }
        }
        return new SimilarityStatistics(pairs, sum, squares);
    }

    /// <summary>
    /// d &lt; mean − b·variance with b = mantissa·2^−exponent, mean = Σd/P and variance = Σd²/P − mean², times P²·2^exponent: in integers, exactly.
    /// </summary>
    public bool IsSimilar(BigInteger distance, int mantissa, int exponent)
    {
        BigInteger scale = BigInteger.Pow(2, exponent);
        BigInteger variance = (Pairs * Squares) - (Sum * Sum);
        return scale * Pairs * Pairs * distance < (scale * Pairs * Sum) - (mantissa * variance);
    }

    /// <summary>The smallest distance, 0 or more, that is not similar.</summary>
    /// <param name="mantissa">m of b = m·2^−e.</param>
    /// <param name="exponent">e of b = m·2^−e.</param>
    /// <param name="largest">No distance is larger.</param>
    public long Threshold(int mantissa, int exponent, long largest)
    {
        // What is similar is so from 0 up to a last distance: halve until it is found.
        long similar = -1;
        long other = largest + 1;
        while (other - similar > 1)
        {
            long middle = similar + ((other - similar) / 2);
            if (IsSimilar(middle, mantissa, exponent))
                similar = middle;
            else
                other = middle;
        }
        return other;
    }
}
