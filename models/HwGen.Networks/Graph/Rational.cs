using System.Globalization;
using System.Numerics;

namespace HwGen.Networks;

/// <summary>An exact fraction of two integers in lowest terms; the denominator is positive. The default value is 0.</summary>
public readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private readonly BigInteger _denominatorMinusOne;

    /// <summary>numerator / denominator, brought to lowest terms.</summary>
    /// <exception cref="DivideByZeroException">The denominator is 0.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException("a fraction with the denominator 0");
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0)
            divisor = -divisor;
        Numerator = numerator / divisor;
        _denominatorMinusOne = (denominator / divisor) - 1;
    }

    /// <summary>The numerator; it carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The denominator, at least 1.</summary>
    public BigInteger Denominator => _denominatorMinusOne + 1;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>An integer as a fraction.</summary>
    public static Rational FromInteger(BigInteger value) => new(value, BigInteger.One);

    /// <summary>The exact value of a double (every finite double is a fraction).</summary>
    /// <exception cref="ArgumentException">Infinite or not a number.</exception>
    public static Rational FromDouble(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException(Invariant($"{value} is not a finite number"), nameof(value));
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        if (exponent == 0)
            exponent++;
        else
            mantissa |= 1L << 52;
        BigInteger numerator = bits < 0 ? -mantissa : mantissa;
        int power = exponent - 1075;
        return power >= 0 ? FromInteger(numerator << power) : new Rational(numerator, BigInteger.One << -power);
    }

    /// <summary>Reads <c>-3</c>, <c>7/12</c> or <c>0.1307</c>; at most 4,000 characters.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Rational Parse(string text)
    {
        const int MaximumLength = 4000;
        if (text.Length > MaximumLength)
            throw new FormatException(Invariant($"a number of {text.Length} characters: at most {MaximumLength} are allowed"));
        const NumberStyles Sign = NumberStyles.AllowLeadingSign;
        int slash = text.IndexOf('/', StringComparison.Ordinal), point = text.IndexOf('.', StringComparison.Ordinal);
        if (slash >= 0
            && BigInteger.TryParse(text.AsSpan(0, slash), Sign, CultureInfo.InvariantCulture, out BigInteger above)
            && BigInteger.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger below)
            && !below.IsZero)
        {
            return new Rational(above, below);
        }
        if (slash < 0 && point > 0 && point < text.Length - 1 && char.IsAsciiDigit(text[point + 1])
            && BigInteger.TryParse(text.Remove(point, 1), Sign, CultureInfo.InvariantCulture, out BigInteger digits))
        {
            return new Rational(digits, BigInteger.Pow(10, text.Length - point - 1));
        }
        return slash < 0 && BigInteger.TryParse(text, Sign, CultureInfo.InvariantCulture, out BigInteger integer)
            ? FromInteger(integer)
            : throw new FormatException(Invariant($"'{text}' is not a number such as -3, 7/12 or 0.1307"));
    }

    /// <summary>The greatest integer that is not greater.</summary>
    public BigInteger Floor()
    {
        BigInteger quotient = BigInteger.DivRem(Numerator, Denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble() => (double)Numerator / (double)Denominator;

    /// <summary>The sum.</summary>
    public static Rational operator +(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>The difference.</summary>
    public static Rational operator -(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>The negative.</summary>
    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    /// <summary>The product.</summary>
    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>The quotient.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>Less.</summary>
    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    /// <summary>Greater.</summary>
    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    /// <summary>Greater or equal.</summary>
    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    /// <summary>Equal.</summary>
    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    /// <summary>Not equal.</summary>
    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    /// <inheritdoc/>
    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public bool Equals(Rational other) => Numerator == other.Numerator && _denominatorMinusOne == other._denominatorMinusOne;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, _denominatorMinusOne);

    /// <summary>The fraction as <see cref="Parse"/> reads it: <c>-3</c> or <c>7/12</c>.</summary>
    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : Numerator.ToString(CultureInfo.InvariantCulture) + "/" + Denominator.ToString(CultureInfo.InvariantCulture);
}
