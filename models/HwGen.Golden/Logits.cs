using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HwGen.Golden;

/// <summary>Integer logits of a set of images, [image][class]: their hash and their accuracy.</summary>
/// <param name="Values">Images × classes.</param>
public sealed record Logits(int[,] Values)
{
    /// <summary>The number of images.</summary>
    public int Images => Values.GetLength(0);

    /// <summary>The number of classes.</summary>
    public int Classes => Values.GetLength(1);

    /// <summary>The logits of one image.</summary>
    public ReadOnlySpan<int> Of(int image) =>
        MemoryMarshal.CreateReadOnlySpan(ref Values[0, 0], Values.Length).Slice(image * Classes, Classes);

    /// <summary>SHA-256, lower-case hexadecimal, over all logits as int32 little endian, image by image, class by class.</summary>
    public string Hash() => HashOf(4);

    /// <summary>The same over int16 little endian: the hash that the published TFC_1W1A logits have.</summary>
    /// <exception cref="OverflowException">A logit does not fit into 16 bits.</exception>
    public string HashOfInt16() => HashOf(2);

    /// <summary>How many images have their greatest logit at their label; the lowest index wins a tie.</summary>
    /// <param name="labels">One label an image.</param>
    /// <exception cref="ArgumentException">The number of labels is another.</exception>
    public int Correct(ReadOnlySpan<byte> labels)
    {
        if (labels.Length != Images)
            throw new ArgumentException(Invariant($"{labels.Length} labels for {Images} images"), nameof(labels));
        int correct = 0;
        for (int image = 0; image < labels.Length; image++)
            correct += Argmax.Of(Of(image)) == labels[image] ? 1 : 0;
        return correct;
    }

    /// <summary>The part of the images that is right, 0 to 1.</summary>
    /// <param name="labels">One label an image.</param>
    public double Accuracy(ReadOnlySpan<byte> labels) => Images == 0 ? 0 : (double)Correct(labels) / Images;

    private string HashOf(int width)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[Classes * width];
        for (int image = 0; image < Images; image++)
        {
            ReadOnlySpan<int> logits = Of(image);
            for (int i = 0; i < logits.Length; i++)
            {
                if (width == 2)
                    BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), checked((short)logits[i]));
                else
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), logits[i]);
            }
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
