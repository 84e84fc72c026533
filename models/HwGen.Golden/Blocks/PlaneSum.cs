using System.Numerics;

namespace HwGen.Golden;

/// <summary>The sum of a filter out of the sums of its weight bit-planes, by definition.</summary>
public static class PlaneSum
{
    /// <summary>Σ 2^k · sum_k; the highest plane counts negatively where it is a sign.</summary>
    /// <param name="sums">The sum of each plane, the highest first.</param>
    /// <param name="isSigned">True when the highest plane is the sign of two's complement weights.</param>
    public static BigInteger Of(ReadOnlySpan<long> sums, bool isSigned)
    {
        BigInteger total = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            var counted = BigInteger.Pow(2, sums.Length - 1 - i) * sums[i];
            total += i == 0 && isSigned ? -counted : counted;
        }

        return total;
    }
}
