namespace HwGen.Networks;

/// <summary>A closed range of integers.</summary>
/// <param name="Minimum">The least value.</param>
/// <param name="Maximum">The greatest value, at least the minimum.</param>
public readonly record struct ValueRange(long Minimum, long Maximum)
{
    /// <summary>The widest range that a network may reach: ±2^61, so that no sum of two overflows.</summary>
    public static ValueRange Widest { get; } = new(-(1L << 61), 1L << 61);

    /// <summary>Whether the value lies in the range.</summary>
    public bool Contains(long value) => value >= Minimum && value <= Maximum;

    /// <summary>Whether the other range lies within this one.</summary>
    public bool Contains(ValueRange other) => other.Minimum >= Minimum && other.Maximum <= Maximum;

    /// <summary>The smallest range that holds both.</summary>
    public ValueRange Union(ValueRange other) =>
        new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));

    /// <summary>The value moved to the nearest end if it lies outside.</summary>
    public long Saturate(long value) => Math.Clamp(value, Minimum, Maximum);

    /// <summary>The range as <c>−784…784</c>.</summary>
    public override string ToString() => Invariant($"{Minimum}…{Maximum}");
}
