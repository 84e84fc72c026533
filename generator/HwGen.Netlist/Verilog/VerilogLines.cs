using System.Text;

namespace HwGen.Netlist.Verilog;

/// <summary>Where a line of the text comes from.</summary>
/// <param name="Line">The line of the Verilog, from 1.</param>
/// <param name="Location">The statement of the C# source.</param>
public readonly record struct LineOrigin(int Line, SourceLocation Location);

/// <summary>The printing stage of the writer: lines, indented and wrapped.</summary>
internal sealed class VerilogLines(bool withComments)
{
    private const int LongestLine = 120;
    private const int Indent = 4;

    private readonly StringBuilder _text = new();
    private readonly List<LineOrigin> _origins = [];
    private int _lines;

    /// <summary>The first line of each statement that has a known place, in order.</summary>
    public IReadOnlyList<LineOrigin> Origins => _origins;

    public override string ToString() => _text.ToString();

    /// <summary>Adds a line; a long one goes on in further lines. Where it breaks depends on the line alone.</summary>
    public void Add(int level, string line, SourceLocation? location = null)
    {
        if (location is { Line: > 0 } place)
        {
            _origins.Add(new LineOrigin(_lines + 1, place));
            if (withComments)
            {
                Append(level, $"// {place}");
            }
        }

        var rest = line.AsSpan();
        var indent = level;
        while ((indent * Indent) + rest.Length > LongestLine && !rest.StartsWith("//"))
        {
            var cut = rest[..(LongestLine - (indent * Indent))].LastIndexOf(' ');
            if (cut <= 0)
            {
                cut = rest.IndexOf(' ');
            }

            if (cut <= 0)
            {
                break;
            }

            Append(indent, rest[..cut]);
            rest = rest[(cut + 1)..];
            indent = level + 1;
        }

        Append(indent, rest);
    }

    /// <summary>Adds text as a comment, wrapped.</summary>
    public void Comment(string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > 110)
            {
                Append(0, $"//{line}");
                line.Clear();
            }

            line.Append(' ').Append(word);
        }

        if (line.Length > 0)
        {
            Append(0, $"//{line}");
        }
    }

    private void Append(int level, ReadOnlySpan<char> line)
    {
        _text.Append(' ', level * Indent).Append(line).Append('\n');
        _lines++;
    }
}
