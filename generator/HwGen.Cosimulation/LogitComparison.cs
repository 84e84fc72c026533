using HwGen.Networks;

namespace HwGen.Cosimulation;

/// <summary>The hardware's logits against logits from elsewhere.</summary>
/// <param name="Compared">Values compared.</param>
/// <param name="Mismatches">Values that differ.</param>
/// <param name="FirstMismatches">The first that differ, at most <see cref="NetworkCosimulation.ListedMismatches"/>.</param>
public sealed record LogitComparison(long Compared, long Mismatches, IReadOnlyList<Mismatch> FirstMismatches)
{
    /// <summary>True when something was compared and nothing differed.</summary>
    public bool IsEqual => Compared > 0 && Mismatches == 0;

    /// <summary>Checks that an array can be compared: images × classes, at least as many images as are run.</summary>
    /// <param name="array">The logits from elsewhere.</param>
    /// <param name="file">Their file, for messages.</param>
    /// <param name="images">Images that are run.</param>
    /// <param name="classes">Logits of an image.</param>
    /// <exception cref="InputFileException">Its shape is another.</exception>
    public static void CheckShape(NpyArray array, string file, int images, int classes)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Shape.Length != 2 || array.Shape[0] < images || array.Shape[1] != classes)
        {
            throw new InputFileException(file, "shape", FormattableString.Invariant(
                $"is ({string.Join(", ", array.Shape)}); allowed: (images, {classes}) with at least {images} images"));
        }
    }

    /// <summary>Compares all logits of the images that were run.</summary>
    /// <param name="array">The logits from elsewhere, of a shape that was checked.</param>
    /// <param name="logits">The hardware's, image by image.</param>
    /// <param name="layer">The layer that made them.</param>
    public static LogitComparison Of(NpyArray array, int[,] logits, string layer)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(logits);
        var mismatches = new List<Mismatch>();
        var different = 0L;
        var classes = logits.GetLength(1);
        for (var image = 0; image < logits.GetLength(0); image++)
        {
            for (var i = 0; i < classes; i++)
            {
                var expected = array.Values[(image * classes) + i];
                if (expected == logits[image, i])
                    continue;
                different++;
                if (mismatches.Count < NetworkCosimulation.ListedMismatches)
                    mismatches.Add(new Mismatch(image, layer, i, 0, 0, expected, logits[image, i]));
            }
        }
        return new LogitComparison(logits.Length, different, mismatches);
    }
}
