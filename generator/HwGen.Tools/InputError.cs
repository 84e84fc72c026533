using System.Globalization;
using System.Text;

namespace HwGen.Tools;

/// <summary>One thing that is wrong with an input, with all that a person needs to mend it.</summary>
/// <param name="Message">What is wrong, as a sentence without its place: <c>must divide rows</c>.</param>
public sealed record InputError(string Message)
{
    /// <summary>The file, as the person named it; null when the input did not come from a file.</summary>
    public string? File { get; init; }

    /// <summary>The line, counted from 1; null when the format has no lines.</summary>
    public int? Line { get; init; }

    /// <summary>The column, counted from 1; only with <see cref="Line"/>.</summary>
    public int? Column { get; init; }

    /// <summary>The key or option that is wrong, in the notation of the input: <c>array.lanes</c>, <c>--images</c>.</summary>
    public string? Key { get; init; }

    /// <summary>The value that was found, as written in the input.</summary>
    public string? Value { get; init; }

    /// <summary>What would have been right: a range, a list of words, a format.</summary>
    public string? Allowed { get; init; }

    /// <summary>One line: <c>edge64.yaml:3:12: array.lanes = 7: must divide rows; allowed: 1, 2, 4, 8</c>.</summary>
    /// <remarks>Control characters of the input are shown escaped: an input must not be able to drive the terminal.</remarks>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (File is not null)
        {
            text.Append(File);
            if (Line is { } line)
            {
                text.Append(CultureInfo.InvariantCulture, $":{line}");
                if (Column is { } column)
                    text.Append(CultureInfo.InvariantCulture, $":{column}");
            }
            text.Append(": ");
        }
        if (Key is not null)
        {
            text.Append(Key);
            if (Value is not null)
                text.Append(" = ").Append(Shorten(Value));
            text.Append(": ");
        }
        else if (Value is not null)
        {
            text.Append(Shorten(Value)).Append(": ");
        }
        text.Append(Message);
        if (Allowed is not null)
            text.Append("; allowed: ").Append(Allowed);
        return PlainText.Escape(text.ToString());
    }

    private static string Shorten(string value)
    {
        const int longest = 120;
        return value.Length <= longest ? value : string.Concat(value.AsSpan(0, longest), "...");
    }
}
