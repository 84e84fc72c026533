using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Instructions;

/// <summary>How what a program loads lies on the input stream: records of 32-bit words, a head first, then the data, its lowest bits first.</summary>
public static class StreamRecord
{
    /// <summary>The head of a row: lane in the lowest bits, group above it, row operation in bits 31 and 30.</summary>
    public static uint Head(ArrayConfiguration configuration, int group, int lane, RowOperation operation = 0)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return ((uint)operation << 30) | ((uint)group << configuration.TotalLaneBits) | (uint)lane;
    }

    /// <summary>A row.</summary>
    public static IEnumerable<uint> Of(ArrayConfiguration configuration, RowImage row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return [Head(configuration, row.Group, row.Lane, row.Operation), .. Words(row.Bits.AsSpan(), configuration.Columns)];
    }

    /// <summary>The key of a row, for a dense key store.</summary>
    public static IEnumerable<uint> OfKey(ArrayConfiguration configuration, RowImage row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return [Head(configuration, row.Group, row.Lane), .. Words(row.Key.AsSpan(), configuration.Columns)];
    }

    /// <summary>An initial value.</summary>
    public static IEnumerable<uint> Of(ArrayConfiguration configuration, InitialImage initial)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var value = Bits(initial.Value, configuration.AccumulatorBits) | ((initial.Direction ? UInt128.One : 0) << configuration.AccumulatorBits);
        return [Head(configuration, initial.Address, initial.Lane), .. Words(value, configuration.AccumulatorBits + 1)];
    }

    /// <summary>A word of the level memory.</summary>
    public static IEnumerable<uint> Of(ArrayConfiguration configuration, LevelImage level)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var value = Bits(level.Value, configuration.LevelValueBits) | ((UInt128)(uint)level.Shift << configuration.LevelValueBits);
        return [(uint)level.Address, .. Words(value, configuration.LevelBits)];
    }

    /// <summary>Bits as words of 32.</summary>
    /// <param name="bits">The bits, 64 a number.</param>
    /// <param name="width">How many.</param>
    public static uint[] Words(ReadOnlySpan<ulong> bits, int width)
    {
        var words = new uint[ArrayConfiguration.StreamWords(width)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (uint)(bits[i / 2] >> (32 * (i % 2)));
        }

        return words;
    }

    /// <summary>Words of 32 as bits, 64 a number; those beyond the width are left out.</summary>
    /// <param name="words">The words.</param>
    /// <param name="width">How many bits.</param>
    public static ulong[] Bits(ReadOnlySpan<uint> words, int width)
    {
        var bits = new ulong[((width - 1) / 64) + 1];
        for (var i = 0; i < words.Length; i++)
        {
            bits[i / 2] |= (ulong)words[i] << (32 * (i % 2));
        }

        if (width % 64 != 0)
        {
            bits[^1] &= (1UL << (width % 64)) - 1;
        }

        return bits;
    }

    private static UInt128 Bits(long value, int width) => (UInt128)(Int128)value & ((UInt128.One << width) - 1);

    private static IEnumerable<uint> Words(UInt128 value, int width) => Enumerable.Range(0, ArrayConfiguration.StreamWords(width)).Select(i => (uint)(value >> (32 * i)));
}
