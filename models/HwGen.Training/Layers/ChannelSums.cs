using System.Numerics.Tensors;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>Sums a channel over a batch of maps, in an order that depends on the shape alone.</summary>
internal sealed class ChannelSums(MapShape shape)
{
    // A strip is the run of values that is added at once. Whole lines are long enough for the vector loops; a vector of a dense layer is one position.
    private readonly int _strip = shape.Width * shape.Channels;

    /// <summary>Σ first and Σ first·second, a channel.</summary>
    public void Sum(FeatureMaps first, FeatureMaps second, Span<double> sums, Span<double> products, Shards shards)
    {
        int channels = shape.Channels;
        double[] partSums = new double[Shards.Count * channels];
        double[] partProducts = new double[Shards.Count * channels];
        shards.Run(first.Batch, (shard, begin, end) =>
        {
            float[] sum = new float[_strip];
            float[] product = new float[_strip];
            for (int image = begin; image < end; image++)
            {
                // Singles hold the sum of one image, doubles the sum of images: no batch is too large.
                sum.AsSpan().Clear();
                product.AsSpan().Clear();
                Span<float> a = first.Image(image);
                Span<float> b = second.Image(image);
                for (int at = 0; at < a.Length; at += _strip)
                {
                    TensorPrimitives.Add(sum, a.Slice(at, _strip), sum);
                    TensorPrimitives.MultiplyAdd(a.Slice(at, _strip), b.Slice(at, _strip), product, product);
                }
                for (int i = 0; i < _strip; i += channels)
                {
                    for (int channel = 0; channel < channels; channel++)
                    {
                        partSums[(shard * channels) + channel] += sum[i + channel];
                        partProducts[(shard * channels) + channel] += product[i + channel];
                    }
                }
            }
        });
        sums.Clear();
        products.Clear();
        for (int part = 0; part < partSums.Length; part++)
        {
            sums[part % channels] += partSums[part];
            products[part % channels] += partProducts[part];
        }
    }

    /// <summary>Repeats a value a channel over a strip.</summary>
    public float[] Repeat(ReadOnlySpan<float> channels)
    {
        float[] strip = new float[_strip];
        for (int at = 0; at < _strip; at += channels.Length)
            channels.CopyTo(strip.AsSpan(at));
        return strip;
    }
}
