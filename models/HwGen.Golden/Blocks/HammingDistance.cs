namespace HwGen.Golden;

/// <summary>The distance of the similarity unit by definition.</summary>
public static class HammingDistance
{
    /// <summary>The number of columns in the mask where two rows differ.</summary>
    /// <exception cref="ArgumentException">The lists are of different lengths.</exception>
    public static int Of(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, ReadOnlySpan<bool> mask) =>
        RowOperation.Count(RowFunction.Xor, first, second, mask);
}
