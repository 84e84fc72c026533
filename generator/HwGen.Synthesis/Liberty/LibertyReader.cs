using System.Text;
using HwGen.Tools;

namespace HwGen.Synthesis.Liberty;

/// <summary>Reads the groups and attributes of a Liberty file (Liberty user guide: groups, simple and complex attributes, comments, continued lines).</summary>
internal sealed class LibertyReader
{
    private const int DeepestNesting = 64;

    // Foundries' largest libraries are shorter.
    private const int LongestText = 400_000_000;

    private readonly string _file;
    private readonly string _text;
    private int _position;
    private int _line = 1;

    private LibertyReader(string file, string text)
    {
        _file = file;
        _text = text;
    }

    /// <summary>Reads a file that holds one library.</summary>
    /// <exception cref="InputException">It cannot be read or is not Liberty; the message has the line.</exception>
    public static LibertyGroup Read(string file)
    {
        string text;
        try
        {
            text = Text(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(new InputError("cannot be read: " + exception.Message) { File = file }, exception);
        }
        return Parse(file, text);
    }

    /// <summary>A file's text, as far as it is one: whatever else a file may be is not read into memory.</summary>
    private static string Text(string file)
    {
        using var reader = new StreamReader(file);
        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        for (var count = reader.ReadBlock(buffer); count > 0; count = reader.ReadBlock(buffer))
        {
            if (text.Length == 0 && buffer.AsSpan(0, count).TrimStart(" \t\r\n\\\uFEFF") is not (['l', ..] or ['/', ..] or []))
                return new string(buffer, 0, count);
            if (text.Length + count > LongestText)
                throw new InputException(new InputError("is too long for a library") { File = file, Allowed = FormattableString.Invariant($"at most {LongestText} characters") });
            text.Append(buffer, 0, count);
        }
        return text.ToString();
    }

    /// <summary>Reads a text that holds one library.</summary>
    public static LibertyGroup Parse(string file, string text)
    {
        var reader = new LibertyReader(file, text);
        reader.SkipSpace();
        if (reader.Word() != "library")
            throw reader.Wrong("is not a Liberty file", "a file that begins with library (NAME) {");
        var library = reader.Group("library", 0);
        reader.SkipSpace();
        if (!reader.AtEnd)
            throw reader.Wrong("goes on after the library's closing brace", "one library a file");
        return library;
    }

    private bool AtEnd => _position >= _text.Length;

    private LibertyGroup Group(string kind, int depth)
    {
        if (depth > DeepestNesting)
            throw Wrong("is nested too deeply", FormattableString.Invariant($"at most {DeepestNesting} levels"));
        var line = _line;
        var group = new LibertyGroup(kind, Brackets(), line);
        SkipSpace();
        Expect('{');
        for (SkipSpace(); !AtEnd && _text[_position] != '}'; SkipSpace())
            Statement(group, depth);
        Expect('}');
        SkipSpace();
        Accept(';');
        return group;
    }

    private void Statement(LibertyGroup group, int depth)
    {
        if (Accept(';'))
            return;
        var name = Word();
        if (name.Length == 0)
            throw Wrong($"has an unexpected '{_text[_position]}'", "name : value; name (values); or name (arguments) { … }");
        SkipSpace();
        if (Accept(':'))
        {
            group.Set(name, [SimpleValue()]);
            return;
        }
        var start = (_position, _line);
        var arguments = Brackets();
        SkipSpace();
        if (!AtEnd && _text[_position] == '{')
        {
            (_position, _line) = start;
            group.Add(Group(name, depth + 1));
            return;
        }
        Accept(';');
        group.Set(name, arguments);
    }

    private string SimpleValue()
    {
        SkipSpace();
        if (!AtEnd && _text[_position] == '"')
        {
            var quoted = Quoted();
            SkipSpace();
            Accept(';');
            return quoted;
        }
        var start = _position;
        while (!AtEnd && _text[_position] is not (';' or '\n' or '}'))
            _position++;
        var value = _text[start.._position].Trim();
        Accept(';');
        return value;
    }

    private List<string> Brackets()
    {
        SkipSpace();
        Expect('(');
        var values = new List<string>();
        for (SkipSpace(); ; SkipSpace())
        {
            if (AtEnd)
                throw Wrong("ends inside of brackets", "a closing bracket");
            if (Accept(')'))
                return values;
            if (Accept(','))
                continue;
            if (_text[_position] == '"')
            {
                values.Add(Quoted());
                continue;
            }
            var start = _position;
            while (!AtEnd && _text[_position] is not (',' or ')' or '"' or '{' or ';' or '\n'))
                _position++;
            if (_position == start)
                throw Wrong($"has an unexpected '{_text[_position]}'", "values parted by commas");
            values.Add(_text[start.._position].Trim());
        }
    }

    private string Quoted()
    {
        _position++;
        var text = new StringBuilder();
        while (!AtEnd && _text[_position] != '"')
        {
            var c = _text[_position++];
            if (c == '\n')
                _line++;
            // A backslash before the end of a line continues the text on the next.
            if (c == '\\' && !AtEnd && _text[_position] is '\n' or '\r')
                continue;
            text.Append(c is '\n' or '\r' ? ' ' : c);
        }
        Expect('"');
        return text.ToString();
    }

    private string Word()
    {
        var start = _position;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '_' or '.' or '-' or '+'))
            _position++;
        return _text[start.._position];
    }

    private void SkipSpace()
    {
        while (!AtEnd)
        {
            var c = _text[_position];
            if (c == '\n')
            {
                _line++;
                _position++;
            }
            else if (char.IsWhiteSpace(c) || c == '\\' || c == '\uFEFF')
            {
                _position++;
            }
            else if (c == '/' && _position + 1 < _text.Length && _text[_position + 1] == '*')
            {
                var end = _text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                if (end < 0)
                    throw Wrong("has a comment that does not end", "*/");
                _line += _text.AsSpan(_position, end - _position).Count('\n');
                _position = end + 2;
            }
            else if (c == '/' && _position + 1 < _text.Length && _text[_position + 1] == '/')
            {
                while (!AtEnd && _text[_position] != '\n')
                    _position++;
            }
            else
            {
                return;
            }
        }
    }

    private bool Accept(char wanted)
    {
        if (AtEnd || _text[_position] != wanted)
            return false;
        _position++;
        return true;
    }

    private void Expect(char wanted)
    {
        if (!Accept(wanted))
            throw Wrong(AtEnd ? "ends too early" : $"has '{_text[_position]}'", $"a '{wanted}'");
    }

    private InputException Wrong(string message, string allowed) =>
        new(new InputError(message) { File = _file, Line = _line, Allowed = allowed });
}
