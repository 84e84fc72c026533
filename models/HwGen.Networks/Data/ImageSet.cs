namespace HwGen.Networks;

/// <summary>Images of one shape with labels, in order.</summary>
/// <param name="Name">The name of the set, such as <c>mnist</c>.</param>
/// <param name="Shape">The shape of one image, 8-bit pixels in CHW order.</param>
/// <param name="Pixels">Count · Shape.Count bytes, one image behind the other.</param>
/// <param name="Labels">One label an image; zeros where there are none.</param>
public sealed record ImageSet(string Name, TensorShape Shape, byte[] Pixels, byte[] Labels)
{
    /// <summary>False where the labels are not known: right answers cannot be counted.</summary>
    public bool IsLabelled { get; init; } = true;

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

    /// <summary>Reads .npy files: images of bytes (images × pixels, × height × width, or × channels × height × width), and labels (images) where there are any.</summary>
    /// <param name="name">The name of the set.</param>
    /// <param name="imagePath">The images.</param>
    /// <param name="labelPath">The labels; null for none.</param>
    /// <exception cref="InputFileException">A file is missing or damaged, has another shape, or values beyond 0 to 255.</exception>
    public static ImageSet ReadNpy(string name, string imagePath, string? labelPath)
    {
        NpyArray images = NpyArray.Read(imagePath);
        TensorShape shape = images.Shape switch
        {
            [> 0, var pixels] => new TensorShape(pixels, 1, 1),
            [> 0, var height, var width] => new TensorShape(1, height, width),
            [> 0, var channels, var height, var width] => new TensorShape(channels, height, width),
            _ => throw new InputFileException(imagePath, "shape", Invariant(
                $"is ({string.Join(", ", images.Shape)}); allowed: (images, pixels), (images, height, width) or (images, channels, height, width), at least one image")),
        };
        if (!shape.IsValid)
            throw new InputFileException(imagePath, "shape", Invariant($"has images of {shape}"));
        byte[] labels = new byte[images.Shape[0]];
        if (labelPath is not null)
        {
            NpyArray array = NpyArray.Read(labelPath);
            if (array.Shape.Length != 1 || array.Shape[0] != labels.Length)
                throw new InputFileException(labelPath, "shape", Invariant($"is ({string.Join(", ", array.Shape)}); allowed: ({labels.Length}), a label for each image of {imagePath}"));
            labels = Bytes(array, labelPath);
        }
        return new ImageSet(name, shape, Bytes(images, imagePath), labels) { IsLabelled = labelPath is not null };
    }

    private static byte[] Bytes(NpyArray array, string path)
    {
        int wrong = Array.FindIndex(array.Values, value => value is < 0 or > 255);
        return wrong < 0
            ? Array.ConvertAll(array.Values, value => (byte)value)
            : throw new InputFileException(path, Invariant($"value {wrong}"), Invariant($"is {array.Values[wrong]}; allowed: 0 to 255"));
    }
}
