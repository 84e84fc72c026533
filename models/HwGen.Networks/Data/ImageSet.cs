namespace HwGen.Networks;

/// <summary>Images of one shape with labels, in order.</summary>
/// <param name="Name">The name of the set, such as <c>mnist</c>.</param>
/// <param name="Shape">The shape of one image, 8-bit pixels in CHW order.</param>
/// <param name="Pixels">Count · Shape.Count bytes, one image behind the other.</param>
/// <param name="Labels">One label an image.</param>
public sealed record ImageSet(string Name, TensorShape Shape, byte[] Pixels, byte[] Labels)
{
    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan((int)(index * Shape.Count), (int)Shape.Count);

    /// <summary>The first images of the set.</summary>
    /// <param name="count">How many, 1 to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has fewer.</exception>
    public ImageSet First(int count) => Range(0, count);

    /// <summary>Neighbouring images of the set.</summary>
    /// <param name="first">The first of them, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The set has no such images.</exception>
    public ImageSet Range(int first, int count)
    {
        if (count < 1 || first < 0 || first > Count - count)
            throw new ArgumentOutOfRangeException(nameof(count), Invariant($"{count} images from {first} of {Count}"));
        int begin = (int)(first * Shape.Count);
        return this with { Pixels = Pixels[begin..(int)(begin + (count * Shape.Count))], Labels = Labels[first..(first + count)] };
    }

    /// <summary>Reads an idx pair: images (n × height × width) and labels (n), plain or in gzip.</summary>
    /// <exception cref="InputFileException">A file is missing or damaged, or the counts differ.</exception>
    public static ImageSet ReadIdx(string name, string imagePath, string labelPath)
    {
        IdxFile images = IdxFile.Read(imagePath, 3), labels = IdxFile.Read(labelPath, 1);
        if (images.Dimensions[0] != labels.Dimensions[0])
            throw new InputFileException(labelPath, "", Invariant($"has {labels.Dimensions[0]} labels for the {images.Dimensions[0]} images of {imagePath}"));
        return new ImageSet(name, new TensorShape(1, images.Dimensions[1], images.Dimensions[2]), images.Values, labels.Values);
    }
}
