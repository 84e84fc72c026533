namespace HwGen.Golden;

/// <summary>The shift-add by definition: an accumulator takes a popcount times a power of two, added or subtracted.</summary>
public static class ShiftAdd
{
    /// <summary>accumulator ± count · 2^shift.</summary>
    /// <param name="accumulator">The value before.</param>
    /// <param name="count">The popcount, not negative.</param>
    /// <param name="shift">The planes' weight b + k, 0 to 62.</param>
    /// <param name="subtract">Whether the product is taken away: exactly one of the planes is a sign plane.</param>
    /// <exception cref="OverflowException">The result leaves 64 signed bits.</exception>
    public static long Apply(long accumulator, int count, int shift, bool subtract)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(shift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, 62);
        long product = checked(count * (1L << shift));
        return checked(subtract ? accumulator - product : accumulator + product);
    }
}
