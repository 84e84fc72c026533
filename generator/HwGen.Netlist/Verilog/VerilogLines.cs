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
    private bool _isSectionDue;
    private int _mark;
    private int _markedLine;

    /// <summary>The first line of each statement that has a known place, in order.</summary>
    public IReadOnlyList<LineOrigin> Origins => _origins;

    public override string ToString() => _text.ToString();

    /// <summary>An empty line stands before what comes next, if anything does.</summary>
    public void Section() => _isSectionDue |= _text.Length > _mark;

    /// <summary>No empty line after all.</summary>
    public void SkipSection() => _isSectionDue = false;

    /// <summary>Remembers the place for <see cref="InsertAtMark"/>.</summary>
    public void Mark() => (_mark, _markedLine) = (_text.Length, _lines);

    /// <summary>Inserts short lines at the remembered place.</summary>
    public void InsertAtMark(IReadOnlyCollection<string> lines)
    {
        _text.Insert(_mark, string.Concat(lines.Select(l => l + "\n")));
        _lines += lines.Count;
        for (var i = 0; i < _origins.Count; i++)
        {
            if (_origins[i].Line > _markedLine)
            {
                _origins[i] = _origins[i] with { Line = _origins[i].Line + lines.Count };
            }
        }
    }

    /// <summary>Adds a line; a long one goes on in further lines. Where it breaks depends on the line alone.</summary>
    public void Add(int level, string line, SourceLocation? location = null)
    {
        if (_isSectionDue)
        {
            _isSectionDue = false;
            Append(0, string.Empty);
        }

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
