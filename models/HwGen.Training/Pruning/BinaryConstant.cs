using System.Numerics;

namespace HwGen.Training.Pruning;

/// <summary>A constant of the similarity statistics as the hardware holds it: a 16-bit mantissa times 2^−exponent.</summary>
/// <param name="Mantissa">0, or 32,768 to 65,535.</param>
/// <param name="Exponent">0 or more.</param>
public readonly record struct BinaryConstant(int Mantissa, int Exponent)
{
    private const int MantissaBits = 16;

    /// <summary>The nearest constant to a decimal, halves to the even mantissa.</summary>
    /// <param name="value">0, or 2^−60 to below 32,768.</param>
    /// <returns>The constant.</returns>
    public static BinaryConstant Nearest(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, 32_768m);
        if (value == 0)
            return new BinaryConstant(0, 0);
        // A decimal is numerator / 10^scale exactly.
        Span<int> words = stackalloc int[4];
        decimal.GetBits(value, words);
        BigInteger numerator = ((BigInteger)(uint)words[2] << 64) | ((BigInteger)(uint)words[1] << 32) | (uint)words[0];
        BigInteger denominator = BigInteger.Pow(10, (words[3] >> 16) & 0xFF);
        int exponent = 0;
        while (numerator << (exponent + 1) < denominator << MantissaBits)
        {
            if (++exponent > 75)
                throw new ArgumentOutOfRangeException(nameof(value), value, "0, or 2^-60 and more, is allowed");
        }
        BigInteger mantissa = BigInteger.DivRem(numerator << exponent, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        if (half > 0 || (half == 0 && !mantissa.IsEven))
            mantissa++;
        // Rounding up from all ones gives 2^16: the same number with one bit less behind the point.
        return mantissa == 1 << MantissaBits ? new BinaryConstant(1 << (MantissaBits - 1), exponent - 1) : new BinaryConstant((int)mantissa, exponent);
    }
}
