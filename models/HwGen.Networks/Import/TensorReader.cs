using System.Buffers.Binary;
using System.Globalization;
using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>Reads an ONNX tensor: from its typed lists, from raw bytes, or from a file beside the model.</summary>
internal static class TensorReader
{
    private const long MaximumCount = 1L << 26;

    public static Constant Read(TensorProto tensor, OnnxFile file)
    {
        var type = (ElementType)tensor.DataType;
        if (!Enum.IsDefined(type))
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' has the element type {tensor.DataType}, which is not supported"));
        Int128 count = 1;
        if (tensor.Dims.Count > 8)
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' has {tensor.Dims.Count} dimensions; at most 8 are supported"));
        foreach (long extent in tensor.Dims)
        {
            if (extent is < 0 or > int.MaxValue)
                throw new NodeException(Invariant($"the tensor '{tensor.Name}' has the extent {extent}"));
            count *= extent;
        }
        if (count > MaximumCount)
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' has {count} values; at most {MaximumCount} are supported"));
        double[] values = Values(tensor, type, (int)count, file);
        if (values.Any(value => !double.IsFinite(value)))
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' holds a value that is not a finite number"));
        return new Constant([.. tensor.Dims.Select(extent => (int)extent)], values, type);
    }

    private static double[] Values(TensorProto tensor, ElementType type, int count, OnnxFile file)
    {
        bool packed4 = type is ElementType.Int4 or ElementType.UInt4;
        int width = type switch
        {
            ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Int4 or ElementType.UInt4 => 1,
            ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
            ElementType.Int64 or ElementType.UInt64 or ElementType.Double => 8,
            _ => 4,
        };
        const int External = 1;
        if (tensor.DataLocation == External || tensor.RawData.Length > 0 || (count == 0 && tensor.FloatData.Count == 0))
        {
            ReadOnlySpan<byte> raw = tensor.DataLocation == External ? ExternalData.Read(tensor, file) : tensor.RawData.Span;
            long expected = packed4 ? (count + 1) / 2 : (long)count * width;
            if (raw.Length != expected)
                throw new NodeException(Invariant($"the tensor '{tensor.Name}' has {raw.Length} bytes of data; {expected} are expected for {count} values"));
            var values = new double[count];
            for (int i = 0; i < count; i++)
                values[i] = packed4 ? Nibble(raw[i >> 1] >> (4 * (i & 1)), type) : FromBytes(raw[(i * width)..], type);
            return values;
        }
        double[] listed = type switch
        {
            ElementType.Float => [.. tensor.FloatData.Select(value => (double)value)],
            ElementType.Double => [.. tensor.DoubleData],
            ElementType.Int64 => [.. tensor.Int64Data.Select(value => (double)value)],
            ElementType.UInt64 or ElementType.UInt32 => [.. tensor.Uint64Data.Select(value => (double)value)],
            ElementType.Float16 => [.. tensor.Int32Data.Select(value => (double)BitConverter.UInt16BitsToHalf((ushort)value))],
            ElementType.BFloat16 => [.. tensor.Int32Data.Select(value => (double)BitConverter.Int32BitsToSingle(value << 16))],
            ElementType.Int4 or ElementType.UInt4 => [.. tensor.Int32Data.SelectMany(two => new[] { Nibble(two, type), Nibble(two >> 4, type) }).Take(count)],
            _ => [.. tensor.Int32Data.Select(value => (double)value)],
        };
        return listed.Length == count
            ? listed
            : throw new NodeException(Invariant($"the tensor '{tensor.Name}' has {listed.Length} values; {count} are expected"));
    }

    // The first element of a pair lies in the low nibble.
    private static double Nibble(int bits, ElementType type) =>
        type == ElementType.UInt4 ? bits & 15 : ((bits & 15) ^ 8) - 8;

    private static double FromBytes(ReadOnlySpan<byte> raw, ElementType type) => type switch
    {
        ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(raw),
        ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(raw),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(raw),
        ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(raw) << 16),
        ElementType.UInt8 or ElementType.Bool => raw[0],
        ElementType.Int8 => (sbyte)raw[0],
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(raw),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(raw),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(raw),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(raw),
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(raw),
        _ => BinaryPrimitives.ReadInt64LittleEndian(raw),
    };
}

/// <summary>Tensors whose bytes lie in a file beside the model: never outside of the model's folder.</summary>
internal static class ExternalData
{
    public static byte[] Read(TensorProto tensor, OnnxFile file)
    {
        string location = "";
        long offset = 0, length = -1;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            bool good = entry.Key switch
            {
                "location" => (location = entry.Value).Length > 0,
                "offset" => long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out offset),
                "length" => long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out length),
                _ => true,
            };
            if (!good)
                throw new NodeException(Invariant($"the external data of the tensor '{tensor.Name}' has the {entry.Key} '{entry.Value}'"));
        }
        if (file.Folder is null || location.Length == 0)
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' has external data without a place"));
        string folder = Path.GetFullPath(file.Folder).TrimEnd(Path.DirectorySeparatorChar), path = Path.GetFullPath(Path.Combine(folder, location));
        if (Path.IsPathRooted(location) || !IsInside(folder, path))
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' lies at '{location}', outside of the model's folder"));
        byte[] bytes = BoundedFile.Read(path, file.MaximumBytes);
        if (length < 0)
            length = bytes.Length - offset;
        if (offset > bytes.Length || length < 0 || length > bytes.Length - offset)
            throw new NodeException(Invariant($"the tensor '{tensor.Name}' needs bytes {offset} to {offset + length} of '{location}', which has {bytes.Length}"));
        return bytes[(int)offset..(int)(offset + length)];
    }

    /// <summary>Whether a path lies in a folder, its links followed: one could lead out of it as well as "..".</summary>
    private static bool IsInside(string folder, string path)
    {
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return false;
        for (string? part = path; part is not null && part.Length > folder.Length; part = Path.GetDirectoryName(part))
        {
            FileSystemInfo entry = Directory.Exists(part) ? new DirectoryInfo(part) : new FileInfo(part);
            if (entry.Exists && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target
                && !Path.GetFullPath(target.FullName).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }
}
