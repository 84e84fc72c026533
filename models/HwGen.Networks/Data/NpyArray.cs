using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HwGen.Networks;

/// <summary>
/// An array of integers in NumPy's .npy format (versions 1.0 to 3.0 are read, 1.0 is written): signed and unsigned integers of 1, 2, 4 and
/// 8 bytes and booleans, little or big endian, in C order (the last index fastest). Values are held as 64-bit integers.
/// </summary>
/// <param name="Shape">The extents, outermost first; empty for a single value.</param>
/// <param name="Type">NumPy's type without its byte order: <c>i1 i2 i4 i8 u1 u2 u4 u8 b1</c>.</param>
/// <param name="Values">The values.</param>
public sealed partial record NpyArray(ImmutableArray<int> Shape, string Type, long[] Values)
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">The largest length that is accepted.</param>
    /// <exception cref="InputFileException">Missing, another format, an unsupported type, cut, or a value beyond 64 signed bits.</exception>
    public static NpyArray Read(string path, long maximumBytes = BoundedFile.DefaultMaximumBytes) =>
        Parse(BoundedFile.Read(path, maximumBytes), path);

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The name for messages.</param>
    /// <exception cref="InputFileException">As <see cref="Read"/>.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < 10 || !bytes[..6].SequenceEqual(Magic))
            throw new InputFileException(path, "offset 0", "is not a .npy file: its first bytes are not \\x93NUMPY");
        if (bytes[6] is < 1 or > 3)
            throw new InputFileException(path, "offset 6", Invariant($"has the format version {bytes[6]}; 1, 2 and 3 are read"));
        int start = bytes[6] == 1 ? 10 : 12;
        long length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : bytes.Length < 12 ? long.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > bytes.Length - start)
            throw new InputFileException(path, "offset 8", Invariant($"is cut: a header of {length} bytes is expected, {bytes.Length - start} bytes follow"));
        string header = Encoding.Latin1.GetString(bytes.Slice(start, (int)length));
        Match match = Header().Match(header);
        if (!match.Success)
            throw new InputFileException(path, "header", Invariant($"'{Shorten(header)}' is not understood: descr, fortran_order and shape are expected; integer types are read"));
        if (match.Groups["fortran"].Value == "True")
            throw new InputFileException(path, "header", "the array is in Fortran order; C order is read (numpy.ascontiguousarray)");
        ImmutableArray<int> shape = ParseShape(match.Groups["shape"].Value, path);
        string type = match.Groups["type"].Value;
        int width = type[1] - '0';
        Int128 expected = width;
        foreach (int extent in shape)
            expected = shape.Contains(0) ? 0 : Int128.Min(expected * extent, long.MaxValue);
        ReadOnlySpan<byte> data = bytes[(start + (int)length)..];
        if (data.Length != expected)
            throw new InputFileException(path, "data", Invariant($"{expected} bytes are expected for the shape ({string.Join(", ", shape)}) of {type}, {data.Length} were found"));
        var values = new long[data.Length / width];
        bool bigEndian = match.Groups["order"].Value == ">";
        for (int i = 0; i < values.Length; i++)
            values[i] = Value(data.Slice(i * width, width), type[0] == 'i', bigEndian, path, i);
        return new NpyArray(shape, type, values);
    }

    /// <summary>Writes a file, replacing one that is there.</summary>
    public void Write(string path) => File.WriteAllBytes(path, ToBytes());

    /// <summary>The bytes of a .npy file of version 1.0, little endian, C order.</summary>
    /// <exception cref="ArgumentException">Type, shape and values do not go together.</exception>
    public byte[] ToBytes()
    {
        if (!TypeName().IsMatch(Type))
            throw new ArgumentException(Invariant($"the type '{Type}' is not one of i1 i2 i4 i8 u1 u2 u4 u8 b1"));
        if (Shape.Aggregate((Int128)1, (product, extent) => Int128.Min(product * extent, long.MaxValue)) != Values.Length)
            throw new ArgumentException(Invariant($"the shape ({string.Join(", ", Shape)}) does not hold {Values.Length} values"));
        int width = Type[1] - '0';
        CheckRange(width);
        string shape = Shape.Length == 1 ? Invariant($"({Shape[0]},)") : "(" + string.Join(", ", Shape) + ")";
        string header = Invariant($"{{'descr': '{(width == 1 ? "|" : "<")}{Type}', 'fortran_order': False, 'shape': {shape}, }}");
        const int Alignment = 64, Preamble = 10;
        int padded = ((Preamble + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - Preamble;
        byte[] bytes = new byte[Preamble + padded + ((long)Values.Length * width)];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)padded);
        Encoding.Latin1.GetBytes(header.PadRight(padded - 1) + "\n", bytes.AsSpan(Preamble));
        Span<byte> data = bytes.AsSpan(Preamble + padded), eight = stackalloc byte[8];
        for (int i = 0; i < Values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(eight, Values[i]);
            eight[..width].CopyTo(data[(i * width)..]);
        }
        return bytes;
    }

    private void CheckRange(int width)
    {
        ValueRange range = Type switch
        {
            "b1" => new ValueRange(0, 1),
            "u8" => new ValueRange(0, long.MaxValue),
            "i8" => new ValueRange(long.MinValue, long.MaxValue),
            ['i', ..] => NumberFormat.TwosComplement(8 * width).Range,
            _ => NumberFormat.Unsigned(8 * width).Range,
        };
        foreach (long value in Values)
        {
            if (!range.Contains(value))
                throw new ArgumentException(Invariant($"the value {value} does not fit into the type {Type}"));
        }
    }

    private static ImmutableArray<int> ParseShape(string text, string path)
    {
        var shape = ImmutableArray.CreateBuilder<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int extent))
                throw new InputFileException(path, "header", Invariant($"the extent '{Shorten(part)}' is not a number of 0 to {int.MaxValue}"));
            shape.Add(extent);
        }
        return shape.Count <= 32
            ? shape.ToImmutable()
            : throw new InputFileException(path, "header", Invariant($"has {shape.Count} dimensions; at most 32 are read"));
    }

    private static long Value(ReadOnlySpan<byte> bytes, bool signed, bool bigEndian, string path, int index)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value |= (ulong)bytes[bigEndian ? bytes.Length - 1 - i : i] << (8 * i);
        int unused = 64 - (8 * bytes.Length);
        if (signed)
            return (long)(value << unused) >> unused;
        return value <= long.MaxValue
            ? (long)value
            : throw new InputFileException(path, Invariant($"value {index}"), Invariant($"{value} is beyond 64 signed bits"));
    }

    private static string Shorten(string text) => text.Length <= 80 ? text.Trim() : text[..80] + "…";

    [GeneratedRegex(@"^\{(?=.*'descr':\s*'(?<order>[<>|=]?)(?<type>[iu][1248]|b1)')(?=.*'fortran_order':\s*(?<fortran>True|False))(?=.*'shape':\s*\((?<shape>[0-9, ]*)\)).*\}\s*$", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Header();

    [GeneratedRegex("^([iu][1248]|b1)$")]
    private static partial Regex TypeName();
}
