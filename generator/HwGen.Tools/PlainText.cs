using System.Globalization;
using System.Text;

namespace HwGen.Tools;

/// <summary>Text from outside made safe for a terminal, a log line or a report.</summary>
public static class PlainText
{
    /// <summary>Writes control characters as <c>\u001b</c>, so that an input or a tool cannot drive the terminal.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepLines">Whether line breaks and tabs stay as they are.</param>
    /// <returns>The same text where it held no control character.</returns>
    public static string Escape(string text, bool keepLines = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(character => MustEscape(character, keepLines)))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (MustEscape(character, keepLines))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                escaped.Append(character);
        }
        return escaped.ToString();
    }

    private static bool MustEscape(char character, bool keepLines) =>
        keepLines && character is '\n' or '\t' ? false
        // Control characters, and the marks that turn the direction of writing.
        : char.IsControl(character) || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
