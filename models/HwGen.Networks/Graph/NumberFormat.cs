namespace HwGen.Networks;

/// <summary>How the bits of a value are read; the number formats of docs/hardware.md.</summary>
public enum NumberKind
{
    /// <summary>n bits, 0 … 2^n − 1.</summary>
    Unsigned,

    /// <summary>n bits two's complement, −2^(n−1) … 2^(n−1) − 1.</summary>
    TwosComplement,

    /// <summary>One bit: 1 stands for +1 and 0 for −1. There is no zero.</summary>
    Bipolar,

    /// <summary>−1, 0 or +1: a plane "not zero" and a plane "negative".</summary>
    Ternary,

    /// <summary>n bits: one sign and n − 1 magnitude bits, −(2^(n−1) − 1) … 2^(n−1) − 1.</summary>
    SignMagnitude,
}

/// <summary>A number format: a kind and the bits that store one value.</summary>
/// <param name="Kind">How the bits are read.</param>
/// <param name="Bits">Bits a value: 1 for ±1, 2 for ternary, 2 to 32 for sign-magnitude, 1 to 62 for the other two.</param>
public sealed record NumberFormat(NumberKind Kind, int Bits)
{
    /// <summary>The largest number of bits of an integer format.</summary>
    public const int MaximumBits = 62;

    /// <summary>±1, one bit.</summary>
    public static NumberFormat Bipolar { get; } = new(NumberKind.Bipolar, 1);

    /// <summary>−1, 0, +1: two planes.</summary>
    public static NumberFormat Ternary { get; } = new(NumberKind.Ternary, 2);

    /// <summary>0 … 2^bits − 1.</summary>
    public static NumberFormat Unsigned(int bits) => new(NumberKind.Unsigned, bits);

    /// <summary>−2^(bits−1) … 2^(bits−1) − 1.</summary>
    public static NumberFormat TwosComplement(int bits) => new(NumberKind.TwosComplement, bits);

    /// <summary>One sign bit and bits − 1 magnitude bits.</summary>
    public static NumberFormat SignMagnitude(int bits) => new(NumberKind.SignMagnitude, bits);

    /// <summary>Whether kind and bits go together.</summary>
    public bool IsValid => Kind switch
    {
        NumberKind.Bipolar => Bits == 1,
        NumberKind.Ternary => Bits == 2,
        NumberKind.SignMagnitude => Bits is >= 2 and <= 32,
        NumberKind.Unsigned or NumberKind.TwosComplement => Bits is >= 1 and <= MaximumBits,
        _ => false,
    };

    /// <summary>The least and the greatest value of the format.</summary>
    public ValueRange Range => Kind switch
    {
        NumberKind.Unsigned => new(0, (1L << Bits) - 1),
        NumberKind.TwosComplement => new(-(1L << (Bits - 1)), (1L << (Bits - 1)) - 1),
        NumberKind.SignMagnitude => new(-((1L << (Bits - 1)) - 1), (1L << (Bits - 1)) - 1),
        _ => new(-1, 1),
    };

    /// <summary>Whether the value can be written in this format (0 cannot be written in ±1).</summary>
    public bool Contains(long value) =>
        Range.Contains(value) && (Kind != NumberKind.Bipolar || value != 0);

    /// <summary>Whether some values are negative.</summary>
    public bool IsSigned => Kind != NumberKind.Unsigned;

    /// <summary>The smallest unsigned (no negative value) or two's complement format that holds a range.</summary>
    public static NumberFormat Smallest(ValueRange range)
    {
        bool signed = range.Minimum < 0;
        int bits = 1;
        while (!(signed ? TwosComplement(bits) : Unsigned(bits)).Range.Contains(range))
            bits++;
        return signed ? TwosComplement(bits) : Unsigned(bits);
    }

    /// <summary>The format as tables print it: <c>u8</c>, <c>s8</c>, <c>±1</c>, <c>ternary</c>, <c>sm8</c>.</summary>
    public override string ToString() => Kind switch
    {
        NumberKind.Unsigned => Invariant($"u{Bits}"),
        NumberKind.TwosComplement => Invariant($"s{Bits}"),
        NumberKind.SignMagnitude => Invariant($"sm{Bits}"),
        NumberKind.Bipolar => "±1",
        _ => "ternary",
    };
}
