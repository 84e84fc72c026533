namespace HwGen.Training.Arithmetic;

/// <summary>
/// A batch of feature maps in singles, channel last: element (image, y, x, channel) is at ((image·height + y)·width + x)·channels + channel.
/// A vector of a dense layer is a map of height 1 and width 1.
/// </summary>
public sealed class FeatureMaps
{
    private float[] _values = [];

    /// <summary>Makes an empty batch; <see cref="Resize"/> gives it a shape.</summary>
    public FeatureMaps()
    {
    }

    /// <summary>Makes a batch of zeros.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="map">Height, width and channels of an image.</param>
    public FeatureMaps(int batch, MapShape map) => Resize(batch, map);

    /// <summary>The number of images.</summary>
    public int Batch { get; private set; }

    /// <summary>Height, width and channels of an image.</summary>
    public MapShape Map { get; private set; }

    /// <summary>All elements, images in order.</summary>
    public Span<float> Values => _values.AsSpan(0, Batch * Map.Size);

    /// <summary>The elements of one image.</summary>
    /// <param name="index">The image, from 0.</param>
    /// <returns>height × width × channels elements.</returns>
    public Span<float> Image(int index) => _values.AsSpan(index * Map.Size, Map.Size);

    /// <summary>The elements of some images.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="count">How many images.</param>
    /// <returns>Their elements, in order.</returns>
    public Span<float> Images(int first, int count) => _values.AsSpan(first * Map.Size, count * Map.Size);

    /// <summary>Gives the batch a shape; storage is kept where it suffices, and its content is then undefined.</summary>
    /// <param name="batch">Images.</param>
    /// <param name="map">Height, width and channels of an image.</param>
    public void Resize(int batch, MapShape map)
    {
        int length = checked(batch * map.Size);
        if (_values.Length < length)
            _values = new float[length];
        Batch = batch;
        Map = map;
    }
}
