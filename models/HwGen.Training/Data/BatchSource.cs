using HwGen.Networks;
using HwGen.Training.Arithmetic;
using HwGen.Training.Recipes;

namespace HwGen.Training.Data;

/// <summary>Fills batches from images: pixels become the network's numbers, channel last, perhaps shifted.</summary>
public sealed class BatchSource
{
    private readonly ImageSet _images;
    private readonly float[] _table;
    private readonly FeatureMaps _batch = new();
    private byte[] _labels = [];

    /// <summary>Makes a source.</summary>
    /// <param name="images">The images.</param>
    /// <param name="rule">How a pixel becomes a number.</param>
    public BatchSource(ImageSet images, PixelRule rule)
    {
        _images = images;
        _table = [.. rule.Table.Select(value => (float)value)];
        Map = new MapShape(images.Shape.Height, images.Shape.Width, images.Shape.Channels);
    }

    /// <summary>The shape of an image.</summary>
    public MapShape Map { get; }

    /// <summary>The number of images.</summary>
    public int Count => _images.Count;

    /// <summary>The images of the last batch.</summary>
    public FeatureMaps Batch => _batch;

    /// <summary>The labels of the last batch.</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>The rule of a recipe's pixels.</summary>
    /// <param name="kind">The recipe's word.</param>
    /// <returns>The table.</returns>
    public static PixelRule Rule(PixelKind kind) => kind == PixelKind.Binary ? PixelRule.BipolarAt(128) : PixelRule.Unsigned8;

    /// <summary>Fills the batch.</summary>
    /// <param name="indices">The images, in order.</param>
    /// <param name="shift">The largest shift in each direction; what comes in from outside is pixel 0.</param>
    /// <param name="random">Where shifts come from; needed when <paramref name="shift"/> is above 0.</param>
    public void Fill(ReadOnlySpan<int> indices, int shift = 0, RandomSource? random = null)
    {
        if (_labels.Length != indices.Length)
            _labels = new byte[indices.Length];
        _batch.Resize(indices.Length, Map);
        for (int i = 0; i < indices.Length; i++)
        {
            int dy = shift == 0 ? 0 : random!.NextBelow((2 * shift) + 1) - shift;
            int dx = shift == 0 ? 0 : random!.NextBelow((2 * shift) + 1) - shift;
            _labels[i] = _images.Labels[indices[i]];
            Copy(_images.Image(indices[i]), _batch.Image(i), dy, dx);
        }
    }

    private void Copy(ReadOnlySpan<byte> pixels, Span<float> target, int dy, int dx)
    {
        int at = 0;
        for (int y = 0; y < Map.Height; y++)
        {
            int fromY = y - dy;
            for (int x = 0; x < Map.Width; x++)
            {
                int fromX = x - dx;
                bool inside = (uint)fromY < (uint)Map.Height && (uint)fromX < (uint)Map.Width;
                for (int channel = 0; channel < Map.Channels; channel++)
                    target[at++] = _table[inside ? pixels[(((channel * Map.Height) + fromY) * Map.Width) + fromX] : 0];
            }
        }
    }
}
