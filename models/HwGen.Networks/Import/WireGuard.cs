using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace HwGen.Networks;

/// <summary>
/// Walks the protobuf wire format before it is parsed and counts what parsing would allocate: a few megabytes of empty
/// messages or packed numbers could otherwise take gigabytes.
/// </summary>
internal static class WireGuard
{
    private const int MaximumMessages = 1_000_000, MaximumDepth = 12;
    private const long MaximumNumbers = 1L << 26, MaximumText = 1L << 24;

    public static void Check(ReadOnlySpan<byte> bytes, MessageDescriptor type, string file)
    {
        long messages = 0, numbers = 0, text = 0;
        Walk(bytes, type, 0);

        void Walk(ReadOnlySpan<byte> part, MessageDescriptor message, int depth)
        {
            if (++messages > MaximumMessages || depth > MaximumDepth)
                throw new InputFileException(file, "", Invariant($"holds more than {MaximumMessages} messages, or messages nested deeper than {MaximumDepth}"));
            while (part.Length > 0)
            {
                ulong tag = Varint(ref part, file);
                FieldDescriptor? field = message.FindFieldByNumber((int)Math.Min(tag >> 3, int.MaxValue));
                switch (tag & 7)
                {
                    case 0:
                        Varint(ref part, file);
                        numbers++;
                        break;
                    case 1:
                        Take(ref part, 8, file);
                        numbers++;
                        break;
                    case 5:
                        Take(ref part, 4, file);
                        numbers++;
                        break;
                    case 2:
                        ReadOnlySpan<byte> inner = Take(ref part, Varint(ref part, file), file);
                        if (field?.FieldType == FieldType.Message)
                            Walk(inner, field.MessageType, depth + 1);
                        else if (field?.FieldType == FieldType.String)
                            text += inner.Length + 32;
                        else if (field is not null && field.FieldType != FieldType.Bytes)
                            numbers += inner.Length;
                        break;
                    default:
                        throw new InputFileException(file, "", "is not an ONNX file: its protobuf wire format is broken");
                }
                if (numbers > MaximumNumbers || text > MaximumText)
                    throw new InputFileException(file, "", Invariant($"holds more than {MaximumNumbers} numbers outside of raw_data, or more than {MaximumText} bytes of text"));
            }
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> part, string file)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && part.Length > 0; shift += 7)
        {
            byte next = part[0];
            part = part[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Cut(file);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> part, ulong count, string file)
    {
        if (count > (ulong)part.Length)
            throw Cut(file);
        ReadOnlySpan<byte> taken = part[..(int)count];
        part = part[(int)count..];
        return taken;
    }

    private static InputFileException Cut(string file) => new(file, "", "is cut, or is not an ONNX file: its protobuf wire format ends in the middle of a field");
}
