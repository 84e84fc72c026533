using System.Numerics;

namespace HwGen.Golden;

/// <summary>The integer root by definition.</summary>
public static class IntegerRoot
{
    /// <summary>⌊√value⌋: the largest number whose square is at most the value, found by halving the range in which it lies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static BigInteger Of(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BigInteger below = BigInteger.Zero;
        BigInteger above = value + 1;
        while (above - below > 1)
        {
            BigInteger middle = (below + above) / 2;
            if (middle * middle <= value)
                below = middle;
            else
                above = middle;
        }
        return below;
    }

    /// <summary>⌊√(256·d²)⌋: a squared distance as Euclidean statistics take it.</summary>
    public static long OfDistance(long squared) => (long)Of((BigInteger)squared * 256);
}
