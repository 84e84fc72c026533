namespace HwGen.Simulation;

/// <summary>Values of any width as 64-bit words, the least significant first.</summary>
public static class BitWords
{
    /// <summary>The words that hold a value: ceil(width / 64).</summary>
    public static int Count(int width) => (width + 63) >> 6;

    /// <summary>The bits of the last word that belong to the value.</summary>
    public static ulong TopMask(int width) => (width & 63) == 0 ? ulong.MaxValue : (1UL << (width & 63)) - 1;

    /// <summary>Whether no bit beyond the width is set.</summary>
    public static bool Fits(ReadOnlySpan<ulong> words, int width) => (words[^1] & ~TopMask(width)) == 0;

    /// <summary>The value as hexadecimal digits without a prefix, ceil(width / 4) of them.</summary>
    public static string ToHexadecimal(ReadOnlySpan<ulong> words, int width)
    {
        var digits = new char[(width + 3) / 4];
        for (var digit = 0; digit < digits.Length; digit++)
        {
            var nibble = (int)(words[digit >> 4] >> ((digit & 15) * 4)) & 15;
            digits[digits.Length - 1 - digit] = "0123456789abcdef"[nibble];
        }

        return new string(digits);
    }

    /// <summary>Reads hexadecimal digits into words.</summary>
    /// <returns>False when a character is no digit (an unknown bit, for example) or the value does not fit into the words.</returns>
    public static bool TryParseHexadecimal(ReadOnlySpan<char> digits, Span<ulong> words)
    {
        words.Clear();
        for (var position = 0; position < digits.Length; position++)
        {
            var digit = digits[digits.Length - 1 - position];
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }

            var value = (ulong)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            if (position >> 4 >= words.Length)
            {
                if (value != 0)
                {
                    return false;
                }

                continue;
            }

            words[position >> 4] |= value << ((position & 15) * 4);
        }

        return true;
    }
}
