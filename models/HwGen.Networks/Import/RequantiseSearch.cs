using System.Numerics;

namespace HwGen.Networks;

/// <summary>
/// Looks for a multiplier and a shift that give the same value as the source's quantiser for every value of the accumulator. Both are step functions, so
/// equal steps mean equal values over the whole range.
/// </summary>
internal static class RequantiseSearch
{
    private const int MaximumShift = 40;
    private const long MaximumMultiplier = 1L << 31;

    /// <summary>M and s of one channel; null when none is exact.</summary>
    /// <param name="ratio">The source's factor in output steps for each accumulator step.</param>
    /// <param name="zeroPoint">The whole number added behind the shift.</param>
    /// <param name="steps">The thresholds of the source's quantiser.</param>
    /// <param name="range">The accumulator's range.</param>
    /// <param name="low">The lowest output.</param>
    /// <param name="high">The highest output.</param>
    public static (long Multiplier, int Shift)? Find(Rational ratio, long zeroPoint, Steps steps, ValueRange range, long low, long high)
    {
        for (int shift = 0; shift <= MaximumShift; shift++)
        {
            BigInteger multiplier = RoundingRules.Round(ratio * Rational.FromInteger(BigInteger.One << shift), Rounding.HalfEven);
            if (BigInteger.Abs(multiplier) >= MaximumMultiplier)
                return null;
            if (!multiplier.IsZero && (multiplier.Sign < 0) == steps.Falling && Same((long)multiplier, shift, zeroPoint, steps, range, low, high))
                return ((long)multiplier, shift);
        }
        return null;
    }

    private static bool Same(long multiplier, int shift, long zeroPoint, Steps steps, ValueRange range, long low, long high)
    {
        Int128 half = shift == 0 ? 0 : Int128.One << (shift - 1);
        for (int i = 0; i < steps.Thresholds.Length; i++)
        {
            // Rising: the least x with x·M + half ≥ (value − z)·2^s. Falling: one more than the greatest such x, for the value above the step.
            long value = steps.Falling ? high - i : low + 1 + i;
            Int128 bound = (((Int128)value - zeroPoint) << shift) - half;
            Int128 threshold = multiplier > 0 ? Ceiling(bound, multiplier) : Floor(bound, multiplier) + 1;
            if (Int128.Clamp(threshold, range.Minimum, (Int128)range.Maximum + 1) != steps.Thresholds[i])
                return false;
        }
        return true;
    }

    private static Int128 Floor(Int128 numerator, Int128 denominator)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(numerator, denominator);
        return remainder != 0 && ((remainder < 0) != (denominator < 0)) ? quotient - 1 : quotient;
    }

    private static Int128 Ceiling(Int128 numerator, Int128 denominator) => -Floor(-numerator, denominator);
}
