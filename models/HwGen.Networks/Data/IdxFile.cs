using System.Buffers.Binary;

namespace HwGen.Networks;

/// <summary>
/// The idx format of the MNIST files (LeCun, Cortes, Burges, "The MNIST database"): two zero bytes, a type byte (8 = unsigned byte), the
/// number of dimensions, each dimension as 32 bits big-endian, then the bytes; plain or in gzip.
/// </summary>
/// <param name="Dimensions">The extents, outermost first.</param>
/// <param name="Values">The bytes, the last dimension fastest.</param>
public sealed record IdxFile(ImmutableArray<int> Dimensions, byte[] Values)
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads a file of unsigned bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensionCount">The number of dimensions that is expected: 3 for images (magic 2051), 1 for labels (2049).</param>
    /// <exception cref="InputFileException">Missing, another format, cut, or with bytes left over.</exception>
    public static IdxFile Read(string path, int dimensionCount)
    {
        byte[] bytes = BoundedFile.ReadUnpacked(path);
        int header = 4 + (4 * dimensionCount);
        if (bytes.Length < header)
            throw new InputFileException(path, "", Invariant($"is cut: {header} bytes of header are expected, {bytes.Length} were found"));
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(bytes), expected = (uint)((UnsignedByte << 8) | dimensionCount);
        if (magic != expected)
            throw new InputFileException(path, "offset 0", Invariant($"the magic number is {magic}; {expected} is expected (idx, unsigned bytes, dimensions: {dimensionCount})"));
        var dimensions = new int[dimensionCount];
        Int128 count = 1;
        for (int i = 0; i < dimensionCount; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 + (4 * i)));
            if (extent is 0 or > int.MaxValue)
                throw new InputFileException(path, Invariant($"offset {4 + (4 * i)}"), Invariant($"dimension {i} is {extent}; 1 to {int.MaxValue} are allowed"));
            dimensions[i] = (int)extent;
            count *= extent;
        }
        if (bytes.Length - header != count)
        {
            string what = bytes.Length - header < count ? "is cut" : "is longer than its dimensions say";
            throw new InputFileException(path, "", Invariant(
                $"{what}: {header + count} bytes are expected for the dimensions {string.Join("×", dimensions)}, {bytes.Length} were found"));
        }
        return new IdxFile([.. dimensions], bytes[header..]);
    }
}
