using System.Runtime.CompilerServices;

namespace HwGen.Golden;

/// <summary>Copies runs of bits that start anywhere in a word.</summary>
internal static class BitRuns
{
    /// <summary>64 bits from a bit place; the word behind must be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<ulong> source, int place)
    {
        int word = place >> 6, shift = place & 63;
        return (source[word] >> shift) | (source[word + 1] << 1 << (63 - shift));
    }

    /// <summary>ORs a run of bits into a target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Or(Span<ulong> target, int targetPlace, ReadOnlySpan<ulong> source, int sourcePlace, int length)
    {
        while (length > 0)
        {
            int shift = targetPlace & 63, count = Math.Min(64 - shift, length);
            ulong bits = Read(source, sourcePlace) & (ulong.MaxValue >> (64 - count));
            target[targetPlace >> 6] |= bits << shift;
            targetPlace += count;
            sourcePlace += count;
            length -= count;
        }
    }
}
