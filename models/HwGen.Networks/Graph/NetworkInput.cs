namespace HwGen.Networks;

/// <summary>
/// How a byte of the data set becomes an integer of the network: a table of 256 values. Every rule on 8-bit pixels is such a
/// table: a comparison, the pixel itself, the pixel as a signed byte, or a normalised and quantised pixel.
/// </summary>
/// <param name="Name">The rule in words for tables, such as <c>pixel ≥ 128 → +1</c>.</param>
/// <param name="Format">The number format of the result.</param>
/// <param name="Table">The value of each byte, 256 values of the format.</param>
public sealed record PixelRule(string Name, NumberFormat Format, ImmutableArray<int> Table)
{
    /// <summary>Bytes of at least <paramref name="threshold"/> (1 to 255) become +1, others −1.</summary>
    public static PixelRule BipolarAt(int threshold = 128) => new(
        Invariant($"pixel >= {threshold} -> +1"), NumberFormat.Bipolar,
        [.. Enumerable.Range(0, 256).Select(pixel => pixel >= threshold ? 1 : -1)]);

    /// <summary>The byte as it is, 0 … 255.</summary>
    public static PixelRule Unsigned8 { get; } = new("pixel", NumberFormat.Unsigned(8), [.. Enumerable.Range(0, 256)]);

    /// <summary>The byte read as two's complement, −128 … 127.</summary>
    public static PixelRule Signed8 { get; } = new(
        "signed pixel", NumberFormat.TwosComplement(8), [.. Enumerable.Range(0, 256).Select(pixel => (int)(sbyte)pixel)]);

    /// <summary>The range of the table's values.</summary>
    public ValueRange Range => new(Table.Min(), Table.Max());
}

/// <summary>The network's input: 8-bit pixels in CHW order and the rule that makes integers of them.</summary>
/// <param name="Name">The name by which layers read it.</param>
/// <param name="Shape">Channels × height × width.</param>
/// <param name="Rule">Byte to integer.</param>
public sealed record NetworkInput(string Name, TensorShape Shape, PixelRule Rule);
