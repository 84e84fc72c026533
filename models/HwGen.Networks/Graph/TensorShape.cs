namespace HwGen.Networks;

/// <summary>
/// The shape of a feature map: channels × height × width (CHW). The last index runs fastest, so the value of
/// channel c, row y, column x lies at <c>(c·Height + y)·Width + x</c>. A flat vector of n values is n × 1 × 1.
/// </summary>
/// <param name="Channels">Feature maps, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Columns, at least 1.</param>
public readonly record struct TensorShape(int Channels, int Height, int Width)
{
    /// <summary>The largest number of values that one feature map may have (2^28): a guard against hostile files.</summary>
    public const long MaximumCount = 1L << 28;

    /// <summary>The number of values: channels · height · width.</summary>
    public long Count => (long)Channels * Height * Width;

    /// <summary>Whether height and width are 1, as behind a dense layer.</summary>
    public bool IsFlat => Height == 1 && Width == 1;

    /// <summary>Whether every extent is at least 1 and the count is within <see cref="MaximumCount"/>.</summary>
    public bool IsValid =>
        Channels > 0 && Height > 0 && Width > 0
        && (long)Height * Width <= MaximumCount && (Int128)Channels * Height * Width <= MaximumCount;

    /// <summary>The place of one value in CHW order.</summary>
    public int IndexOf(int channel, int y, int x) => ((channel * Height) + y) * Width + x;

    /// <summary>The shape of a flat vector.</summary>
    public static TensorShape Flat(int count) => new(count, 1, 1);

    /// <summary>The shape as people write it: <c>32×14×14</c>, or <c>10</c> for a flat vector.</summary>
    public override string ToString() =>
        IsFlat ? Invariant($"{Channels}") : Invariant($"{Channels}×{Height}×{Width}");
}
