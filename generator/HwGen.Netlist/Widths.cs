using System.Numerics;

namespace HwGen.Netlist;

/// <summary>Widths that follow from a size, in bits.</summary>
public static class Widths
{
    /// <summary>Bits that hold every count from 0 to <paramref name="largest"/>: ⌊log2 largest⌋ + 1, at least 1.</summary>
    public static int Count(long largest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        return largest == 0 ? 1 : BitOperations.Log2((ulong)largest) + 1;
    }

    /// <summary>Bits that hold every value of an enumeration: ⌊log2 of its largest code⌋ + 1, at least 1.</summary>
    public static int Enumeration<TValue>()
        where TValue : struct, Enum => Count(EnumerationCodes.Largest<TValue>());

    /// <summary>Bits that index <paramref name="items"/> items: ⌈log2 items⌉, at least 1.</summary>
    public static int Index(long items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        return Count(items - 1);
    }
}
