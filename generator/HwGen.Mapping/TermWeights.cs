using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>The weights of a term, over the channels of the feature map as it lies in memory.</summary>
internal abstract class TermWeights
{
    /// <summary>Filters.</summary>
    public abstract int Filters { get; }

    /// <summary>True when every weight is −1 or +1: one bit-plane, and no weight is 0.</summary>
    public virtual bool IsBipolar => false;

    /// <summary>The bit-planes that hold a one somewhere.</summary>
    public abstract WeightBitPlanes Planes { get; }

    /// <summary>Products of one output: the fan-in.</summary>
    public abstract long FanIn { get; }

    /// <summary>The channels that a filter reads: the first, and how many.</summary>
    public abstract (int First, int Count) Channels(int filter);

    /// <summary>One weight; 0 where the filter does not read the channel.</summary>
    public abstract int At(int filter, int channel, int y, int x);
}

/// <summary>Bit-planes of weights, two's complement: those that hold no one take no row.</summary>
/// <param name="Set">Bit i is 1 where the plane of significance i holds a one; one plane at least.</param>
/// <param name="IsSigned">True when the highest is the sign.</param>
internal readonly record struct WeightBitPlanes(int Set, bool IsSigned)
{
    /// <summary>One plane that counts once.</summary>
    public static WeightBitPlanes One { get; } = new(1, false);

    /// <summary>How many there are.</summary>
    public int Count => System.Numerics.BitOperations.PopCount((uint)Set);

    /// <summary>The significance of the lowest.</summary>
    public int Lowest => System.Numerics.BitOperations.TrailingZeroCount(Set);

    /// <summary>The significance of the highest.</summary>
    public int Highest => System.Numerics.BitOperations.Log2((uint)Set);

    /// <summary>Planes from the lowest to the highest, those of zeros included.</summary>
    public int Span => Highest - Lowest + 1;

    /// <summary>The planes of some weights.</summary>
    public static WeightBitPlanes Of(ReadOnlySpan<int> values, bool isBipolar)
    {
        if (isBipolar)
        {
            return One;
        }

        int least = 0, greatest = 0, ones = 0;
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
            ones |= value;
        }

        var bits = NumberFormat.Smallest(new ValueRange(least, greatest)).Bits;
        return ones == 0 ? One : new WeightBitPlanes(ones & ((1 << bits) - 1), least < 0);
    }
}

/// <summary>Weights of a convolution; groups read a part of the channels each.</summary>
internal sealed class ConvolutionWeights(ConvolutionLayer layer) : TermWeights
{
    private readonly int _filtersOfGroup = layer.Weights.Filters / layer.Groups;

    public override int Filters => layer.Weights.Filters;

    // A group's neighbours in its operand words have weights of 0, which ±1 cannot say.
    public override bool IsBipolar { get; } = layer.Groups == 1 && layer.Weights.Format.Kind == NumberKind.Bipolar;

    public override WeightBitPlanes Planes { get; } = WeightBitPlanes.Of(layer.Weights.Values.AsSpan(), layer.Groups == 1 && layer.Weights.Format.Kind == NumberKind.Bipolar);

    public override long FanIn => layer.Weights.FanIn;

    public override (int First, int Count) Channels(int filter) => (filter / _filtersOfGroup * layer.Weights.Channels, layer.Weights.Channels);

    public override int At(int filter, int channel, int y, int x)
    {
        var (first, count) = Channels(filter);
        return channel < first || channel >= first + count ? 0 : layer.Weights[filter, channel - first, y, x];
    }
}

/// <summary>Weights of a convolution over windows that lie as the channels of a pixel each: channel, kernel row, kernel column.</summary>
internal sealed class WindowWeights(ConvolutionLayer layer) : TermWeights
{
    private readonly ConvolutionWeights _weights = new(layer);
    private readonly int _places = layer.Weights.KernelHeight * layer.Weights.KernelWidth;

    public override int Filters => _weights.Filters;

    public override bool IsBipolar => _weights.IsBipolar;

    public override WeightBitPlanes Planes => _weights.Planes;

    public override long FanIn => _weights.FanIn;

    public override (int First, int Count) Channels(int filter)
    {
        var (first, count) = _weights.Channels(filter);
        return (first * _places, count * _places);
    }

    public override int At(int filter, int channel, int y, int x) =>
        _weights.At(filter, channel / _places, channel / layer.Weights.KernelWidth % layer.Weights.KernelHeight, channel % layer.Weights.KernelWidth);
}

/// <summary>Weights of a dense layer, over a map that lies in memory with its pixels.</summary>
internal sealed class DenseWeights(DenseLayer layer, FeatureTensor source) : TermWeights
{
    public override int Filters => layer.Weights.Filters;

    public override bool IsBipolar { get; } = layer.Weights.Format.Kind == NumberKind.Bipolar;

    public override WeightBitPlanes Planes { get; } = WeightBitPlanes.Of(layer.Weights.Values.AsSpan(), layer.Weights.Format.Kind == NumberKind.Bipolar);

    public override long FanIn => layer.Weights.FanIn;

    public override (int First, int Count) Channels(int filter) => (0, source.Channels);

    public override int At(int filter, int channel, int y, int x) => layer.Weights.Filter(filter)[(((channel * source.Height) + y) * source.Width) + x];
}

/// <summary>Every channel by itself, times 1: what a layer without weights reads, and the sum of a window.</summary>
internal sealed class IdentityWeights(int channels, int places) : TermWeights
{
    public override int Filters => channels;

    public override WeightBitPlanes Planes => WeightBitPlanes.One;

    public override long FanIn => places;

    public override (int First, int Count) Channels(int filter) => (filter, 1);

    public override int At(int filter, int channel, int y, int x) => filter == channel ? 1 : 0;
}

/// <summary>A map with pixels made flat: one filter for each of its values.</summary>
internal sealed class FlatteningWeights(FeatureTensor source) : TermWeights
{
    public override int Filters => (int)source.Count;

    public override WeightBitPlanes Planes => WeightBitPlanes.One;

    public override long FanIn => 1;

    public override (int First, int Count) Channels(int filter) => (filter / (source.Height * source.Width), 1);

    public override int At(int filter, int channel, int y, int x) => filter == (((channel * source.Height) + y) * source.Width) + x ? 1 : 0;
}
