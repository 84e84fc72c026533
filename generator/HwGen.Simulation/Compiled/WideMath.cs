using System.Numerics;

namespace HwGen.Simulation.Compiled;

/// <summary>Arithmetic on values of more than 64 bits, called by compiled code. Values are words, least significant first, clean above their width.</summary>
internal static unsafe class WideMath
{
    public static void Copy(ulong* result, ulong* a, int words) => new ReadOnlySpan<ulong>(a, words).CopyTo(new Span<ulong>(result, words));

    public static void Clear(ulong* result, int words) => new Span<ulong>(result, words).Clear();

    public static void Not(ulong* result, ulong* a, int words, ulong topMask)
    {
        for (var word = 0; word < words; word++)
            result[word] = ~a[word];
        result[words - 1] &= topMask;
    }

    public static void And(ulong* result, ulong* a, ulong* b, int words)
    {
        for (var word = 0; word < words; word++)
            result[word] = a[word] & b[word];
    }

    public static void Or(ulong* result, ulong* a, ulong* b, int words)
    {
        for (var word = 0; word < words; word++)
            result[word] = a[word] | b[word];
    }

    public static void Xor(ulong* result, ulong* a, ulong* b, int words)
    {
        for (var word = 0; word < words; word++)
            result[word] = a[word] ^ b[word];
    }

    public static void Add(ulong* result, ulong* a, ulong* b, int words, ulong topMask)
    {
        var carry = UInt128.Zero;
        for (var word = 0; word < words; word++)
        {
            carry += (UInt128)a[word] + b[word];
            result[word] = (ulong)carry;
            carry >>= 64;
        }

        result[words - 1] &= topMask;
    }

    public static void Subtract(ulong* result, ulong* a, ulong* b, int words, ulong topMask)
    {
        var borrow = 0UL;
        for (var word = 0; word < words; word++)
        {
            var difference = (UInt128)a[word] - b[word] - borrow;
            result[word] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }

        result[words - 1] &= topMask;
    }

    public static void Multiply(ulong* result, ulong* a, ulong* b, int words, ulong topMask)
    {
        new Span<ulong>(result, words).Clear();
        for (var left = 0; left < words; left++)
        {
            var carry = 0UL;
            for (var right = 0; left + right < words; right++)
            {
                var sum = ((UInt128)a[left] * b[right]) + result[left + right] + carry;
                result[left + right] = (ulong)sum;
                carry = (ulong)(sum >> 64);
            }
        }

        result[words - 1] &= topMask;
    }

    public static ulong Equal(ulong* a, ulong* b, int words) =>
        new ReadOnlySpan<ulong>(a, words).SequenceEqual(new ReadOnlySpan<ulong>(b, words)) ? 1UL : 0;

    public static ulong LessThan(ulong* a, ulong* b, int words)
    {
        for (var word = words - 1; word >= 0; word--)
        {
            if (a[word] != b[word])
                return a[word] < b[word] ? 1UL : 0;
        }

        return 0;
    }

    public static ulong LessThanSigned(ulong* a, ulong* b, int words, int width)
    {
        var signs = (Bit(a, width - 1) << 1) | Bit(b, width - 1);
        return signs switch { 0b10 => 1, 0b01 => 0, _ => LessThan(a, b, words) };
    }

    public static ulong ReduceAnd(ulong* a, int words, ulong topMask)
    {
        for (var word = 0; word < words - 1; word++)
        {
            if (a[word] != ulong.MaxValue)
                return 0;
        }

        return a[words - 1] == topMask ? 1UL : 0;
    }

    public static ulong ReduceOr(ulong* a, int words) => new ReadOnlySpan<ulong>(a, words).ContainsAnyExcept(0UL) ? 1UL : 0;

    public static ulong PopCount(ulong* a, int words)
    {
        var count = 0;
        for (var word = 0; word < words; word++)
            count += BitOperations.PopCount(a[word]);
        return (ulong)count;
    }

    /// <summary>A shift amount as one word: amounts beyond it shift everything out just as well.</summary>
    public static ulong Amount(ulong* a, int words)
    {
        for (var word = 1; word < words; word++)
        {
            if (a[word] != 0)
                return ulong.MaxValue;
        }

        return a[0];
    }

    public static ulong ShiftLeftNarrow(ulong a, ulong amount) => amount < 64 ? a << (int)amount : 0;

    public static ulong ShiftRightNarrow(ulong a, ulong amount) => amount < 64 ? a >> (int)amount : 0;

    /// <summary>The value is sign-extended to 64 bits.</summary>
    public static ulong ShiftRightSignedNarrow(ulong a, ulong amount) => (ulong)((long)a >> (int)Math.Min(amount, 63));

    public static void ShiftLeft(ulong* result, ulong* a, ulong amount, int words, ulong topMask)
    {
        var whole = (long)Math.Min(amount >> 6, (ulong)words);
        var part = (int)(amount & 63);
        for (var word = words - 1L; word >= 0; word--)
        {
            var low = word - whole - 1;
            var value = word - whole >= 0 ? a[word - whole] << part : 0;
            result[word] = part != 0 && low >= 0 ? value | (a[low] >> (64 - part)) : value;
        }

        result[words - 1] &= topMask;
    }

    public static void ShiftRight(ulong* result, ulong* a, ulong amount, int words)
    {
        var whole = (long)Math.Min(amount >> 6, (ulong)words);
        var part = (int)(amount & 63);
        for (var word = 0L; word < words; word++)
        {
            var high = word + whole + 1;
            var value = word + whole < words ? a[word + whole] >> part : 0;
            result[word] = part != 0 && high < words ? value | (a[high] << (64 - part)) : value;
        }
    }

    public static void ShiftRightSigned(ulong* result, ulong* a, ulong amount, int words, int width)
    {
        var bounded = (int)Math.Min(amount, (ulong)width);
        ShiftRight(result, a, (ulong)bounded, words);
        if (Bit(a, width - 1) == 1)
            SetBits(result, width - bounded, width);
    }

    public static void SignExtend(ulong* result, ulong* a, int from, int to)
    {
        var words = BitWords.Count(from);
        new ReadOnlySpan<ulong>(a, words).CopyTo(new Span<ulong>(result, words));
        new Span<ulong>(result + words, BitWords.Count(to) - words).Clear();
        if (Bit(a, from - 1) == 1)
            SetBits(result, from, to);
    }

    private static ulong Bit(ulong* a, int bit) => (a[bit >> 6] >> (bit & 63)) & 1;

    private static void SetBits(ulong* a, int from, int to)
    {
        for (var word = from >> 6; word < BitWords.Count(to); word++)
        {
            var mask = word == from >> 6 ? ulong.MaxValue << (from & 63) : ulong.MaxValue;
            a[word] |= word == (to - 1) >> 6 ? mask & BitWords.TopMask(to) : mask;
        }
    }
}
