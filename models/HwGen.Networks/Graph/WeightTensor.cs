namespace HwGen.Networks;

/// <summary>
/// Constant integer weights in the order [filter][channel][kernel y][kernel x], the last index fastest.
/// A dense layer has a kernel of 1 × 1 and one "channel" for each flattened input value (CHW order).
/// </summary>
/// <param name="Format">The number format; every value is one of its values.</param>
/// <param name="Filters">Filters (output channels), at least 1.</param>
/// <param name="Channels">Input channels that one filter reads: the layer's input channels divided by its groups.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Values">Filters · Channels · KernelHeight · KernelWidth values.</param>
public sealed record WeightTensor(
    NumberFormat Format, int Filters, int Channels, int KernelHeight, int KernelWidth, ImmutableArray<int> Values)
{
    /// <summary>The fan-in of one filter: channels · kernel height · kernel width.</summary>
    public int FanIn => Channels * KernelHeight * KernelWidth;

    /// <summary>The bits that the weights take: values · bits of the format.</summary>
    public long StoredBits => (long)Values.Length * Format.Bits;

    /// <summary>The weight at one place.</summary>
    public int this[int filter, int channel, int y, int x] =>
        Values[(((((filter * Channels) + channel) * KernelHeight) + y) * KernelWidth) + x];

    /// <summary>The weights of one filter, [channel][kernel y][kernel x].</summary>
    public ReadOnlySpan<int> Filter(int filter) => Values.AsSpan().Slice(filter * FanIn, FanIn);

    /// <summary>Weights of a dense layer, [output][input].</summary>
    public static WeightTensor Dense(NumberFormat format, int outputs, int inputs, ReadOnlySpan<int> values) =>
        new(format, outputs, inputs, 1, 1, [.. values]);

    /// <summary>Weights of a dense layer from bytes, [output][input].</summary>
    public static WeightTensor Dense(NumberFormat format, int outputs, int inputs, ReadOnlySpan<sbyte> values) =>
        new(format, outputs, inputs, 1, 1, Widen(values));

    /// <summary>Weights of a convolution, [filter][channel][kernel y][kernel x].</summary>
    public static WeightTensor Convolution(
        NumberFormat format, int filters, int channels, int kernelHeight, int kernelWidth, ReadOnlySpan<int> values) =>
        new(format, filters, channels, kernelHeight, kernelWidth, [.. values]);

    /// <summary>Weights of a convolution from bytes, [filter][channel][kernel y][kernel x].</summary>
    public static WeightTensor Convolution(
        NumberFormat format, int filters, int channels, int kernelHeight, int kernelWidth, ReadOnlySpan<sbyte> values) =>
        new(format, filters, channels, kernelHeight, kernelWidth, Widen(values));

    private static ImmutableArray<int> Widen(ReadOnlySpan<sbyte> values)
    {
        var wide = new int[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return ImmutableArray.Create(wide);
    }
}
