using System.Globalization;
using System.Text;

namespace HwGen.Architecture.Instructions;

/// <summary>Words as text that Verilog's <c>$readmemh</c> takes: eight hexadecimal digits a line.</summary>
public static class HexWords
{
    /// <summary>The text.</summary>
    public static string Text(IEnumerable<uint> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"{word:x8}\n");
        }

        return text.ToString();
    }
}
