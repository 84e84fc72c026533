namespace HwGen.Networks;

/// <summary>
/// The packing of weights in the network file. Plane k holds one bit of every weight, weight i at bit i mod 8 (least significant first)
/// of byte i / 8; each plane is filled to whole bytes with zeros, and plane follows plane. Two's complement and unsigned: plane k is bit k.
/// ±1: one plane, 1 is +1. Ternary: plane 0 "not zero", plane 1 "negative". Sign-magnitude: the bits of the magnitude, then the sign.
/// </summary>
internal static class WeightPlanes
{
    public static long ByteCount(NumberFormat format, long weights) => format.Bits * ((weights + 7) / 8);

    public static byte[] Pack(WeightTensor weights)
    {
        int planeBytes = (weights.Values.Length + 7) / 8;
        var bytes = new byte[ByteCount(weights.Format, weights.Values.Length)];
        for (int i = 0; i < weights.Values.Length; i++)
        {
            ulong bits = Encode(weights.Format, weights.Values[i]);
            for (int plane = 0; plane < weights.Format.Bits; plane++)
                bytes[(plane * planeBytes) + (i >> 3)] |= (byte)(((bits >> plane) & 1) << (i & 7));
        }
        return bytes;
    }

    /// <summary>The weights; null when the bytes hold something that the format cannot mean.</summary>
    public static int[]? Unpack(NumberFormat format, int count, ReadOnlySpan<byte> bytes)
    {
        int planeBytes = (count + 7) / 8;
        var values = new int[count];
        for (int i = 0; i < count; i++)
        {
            ulong bits = 0;
            for (int plane = 0; plane < format.Bits; plane++)
                bits |= (ulong)((bytes[(plane * planeBytes) + (i >> 3)] >> (i & 7)) & 1) << plane;
            long value = Decode(format, bits);
            if (value is < int.MinValue or > int.MaxValue || Encode(format, (int)value) != bits)
                return null;
            values[i] = (int)value;
        }
        return values;
    }

    private static ulong Encode(NumberFormat format, int value) => format.Kind switch
    {
        NumberKind.Bipolar => value > 0 ? 1UL : 0UL,
        NumberKind.Ternary => value == 0 ? 0UL : value > 0 ? 1UL : 3UL,
        NumberKind.SignMagnitude => (ulong)Math.Abs((long)value) | (value < 0 ? 1UL << (format.Bits - 1) : 0UL),
        _ => (ulong)(long)value & ((1UL << format.Bits) - 1),
    };

    private static long Decode(NumberFormat format, ulong bits)
    {
        switch (format.Kind)
        {
            case NumberKind.Bipolar:
                return bits == 1 ? 1 : -1;
            case NumberKind.Ternary:
                return bits switch { 1 => 1, 3 => -1, _ => 0 };
            case NumberKind.SignMagnitude:
                long magnitude = (long)(bits & ((1UL << (format.Bits - 1)) - 1));
                return (bits >> (format.Bits - 1)) == 1 ? -magnitude : magnitude;
            case NumberKind.TwosComplement:
                int unused = 64 - format.Bits;
                return (long)(bits << unused) >> unused;
            default:
                return (long)bits;
        }
    }
}
