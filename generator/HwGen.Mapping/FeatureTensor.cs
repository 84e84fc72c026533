using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>A feature map as it lies in the operand memory. A flattened map lies as it did before.</summary>
/// <param name="name">The network layer that it is, or a part of what one computes.</param>
/// <param name="channels">Channels.</param>
/// <param name="height">Pixels along y.</param>
/// <param name="width">Pixels along x.</param>
/// <param name="range">The values that can occur.</param>
/// <param name="isBipolar">True for ±1, one bit a value.</param>
internal sealed class FeatureTensor(string name, int channels, int height, int width, ValueRange range, bool isBipolar)
{
    public string Name { get; } = name;

    public int Channels { get; } = channels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public bool IsBipolar { get; } = isBipolar;

    /// <summary>Bit-planes of a value: no more than the values that can occur need.</summary>
    public int Planes { get; } = PlanesOf(range, isBipolar);

    /// <summary>Bit-planes that do useful work: fewer where values take more than they need because of what lies between them.</summary>
    public int ValuePlanes { get; init; } = PlanesOf(range, isBipolar);

    /// <summary>True when the last plane is a sign.</summary>
    public bool IsSigned { get; } = !isBipolar && range.Minimum < 0;

    public ValueRange Range { get; } = range;

    public long Count => (long)Channels * Height * Width;

    /// <summary>Bit-planes that values of a range take.</summary>
    public static int PlanesOf(ValueRange range, bool isBipolar) => isBipolar ? 1 : NumberFormat.Smallest(range).Bits;
}
