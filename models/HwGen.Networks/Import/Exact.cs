namespace HwGen.Networks;

/// <summary>Small conversions between the source's floats and exact numbers.</summary>
internal static class Exact
{
    public static Rational Of(double value) => Rational.FromDouble(value);

    public static Rational One { get; } = Rational.FromInteger(1);

    public static long? WholeNumber(Rational value)
    {
        if (!value.Denominator.IsOne || value.Numerator < ValueRange.Widest.Minimum || value.Numerator > ValueRange.Widest.Maximum)
            return null;
        return (long)value.Numerator;
    }

    /// <summary>√value: exact for squares of fractions, else correct to 128 binary digits.</summary>
    public static Rational SquareRoot(Rational value)
    {
        System.Numerics.BigInteger numerator = Root(value.Numerator), denominator = Root(value.Denominator);
        if (numerator * numerator == value.Numerator && denominator * denominator == value.Denominator)
            return new Rational(numerator, denominator);
        // √(n/d) = √(n·d·4^k) / (d·2^k), with k large enough for small values too.
        int extra = 128 + (int)Math.Max(0, value.Denominator.GetBitLength() - value.Numerator.GetBitLength());
        return new Rational(Root(value.Numerator * value.Denominator << (2 * extra)), value.Denominator << extra);
    }

    private static System.Numerics.BigInteger Root(System.Numerics.BigInteger value)
    {
        if (value.IsZero)
            return value;
        var guess = System.Numerics.BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            System.Numerics.BigInteger next = (guess + (value / guess)) >> 1;
            if (next >= guess)
                return guess;
            guess = next;
        }
    }
}
