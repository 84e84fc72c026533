using System.Globalization;
using HwGen.Tools;

namespace HwGen.Synthesis.Netlists;

/// <summary>Reads one module of structural Verilog: ports, wires, aliases, instances; attributes and comments are skipped.</summary>
internal sealed class NetlistReader(string file, string text)
{
    private readonly Dictionary<string, (int Low, int High)> _ranges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly List<(string Name, bool IsInput)> _ports = [];
    private readonly List<NetlistInstance> _instances = [];
    private int _position;
    private string _token = string.Empty;
    private bool _isEscaped;

    public MappedNetlist Read()
    {
        Next();
        Take("module");
        var top = Name();
        while (_token != ";")
            Next();
        Next();
        while (_token != "endmodule")
            Statement();
        var ports = _ports.Select(port => new NetlistPort(port.Name, port.IsInput, [.. BitsOf(port.Name).Select(bit => port.IsInput ? bit : Resolve(bit))])).ToList();
        var instances = _instances.Select(instance => instance with
        {
            Connections = instance.Connections.ToDictionary(c => c.Key, c => (IReadOnlyList<string>)[.. c.Value.Select(Resolve)], StringComparer.Ordinal),
        }).ToList();
        return new MappedNetlist(top, ports, instances);
    }

    private void Statement()
    {
        switch (_token)
        {
            case "input" or "output" or "wire" when !_isEscaped:
                var kind = _token;
                Next();
                var range = Range();
                var name = Name();
                _ranges[name] = range;
                if (kind != "wire")
                    _ports.Add((name, kind == "input"));
                Take(";");
                break;
            case "assign" when !_isEscaped:
                Next();
                var left = Expression();
                Take("=");
                var right = Expression();
                Take(";");
                if (left.Count != right.Count)
                    throw Wrong("assigns sides of different widths");
                for (var bit = 0; bit < left.Count; bit++)
                    _aliases[left[bit]] = right[bit];
                break;
            default:
                Instance();
                break;
        }
    }

    private void Instance()
    {
        var cell = Name();
        var parameters = new Dictionary<string, long>(StringComparer.Ordinal);
        if (_token == "#")
        {
            Next();
            Parameters(parameters);
        }
        var name = Name();
        var connections = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Take("(");
        while (_token != ")")
        {
            Take(".");
            var pin = Name();
            Take("(");
            connections[pin] = _token == ")" ? [] : Expression();
            Take(")");
            if (_token == ",")
                Next();
        }
        Next();
        Take(";");
        _instances.Add(new NetlistInstance(name, cell, connections) { Parameters = parameters });
    }

    private void Parameters(Dictionary<string, long> parameters)
    {
        Take("(");
        while (_token != ")")
        {
            Take(".");
            var name = Name();
            Take("(");
            var value = 0L;
            while (_token != ")")
            {
                var digits = _token[(_token.IndexOf('\'', StringComparison.Ordinal) + 1)..].TrimStart('s');
                if (digits.StartsWith('d') ? long.TryParse(digits[1..], NumberStyles.None, CultureInfo.InvariantCulture, out value)
                    : digits.StartsWith('h') ? long.TryParse(digits[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
                    : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value))
                    parameters[name] = value;
                Next();
            }
            Next();
            if (_token == ",")
                Next();
        }
        Next();
    }

    private (int Low, int High) Range()
    {
        if (_token != "[")
            return (-1, -1);
        Next();
        var high = Number();
        Take(":");
        var low = Number();
        Take("]");
        return (low, high);
    }

    /// <summary>The bits of a name, a part of one, a constant or a concatenation.</summary>
    private List<string> Expression()
    {
        if (_token == "{")
        {
            Next();
            var parts = new List<List<string>>();
            while (_token != "}")
            {
                parts.Add(Expression());
                if (_token == ",")
                    Next();
            }
            Next();
            parts.Reverse();
            return [.. parts.SelectMany(part => part)];
        }
        if (!_isEscaped && char.IsAsciiDigit(_token[0]))
            return Constant();
        var name = Name();
        if (_token != "[")
            return BitsOf(name);
        Next();
        var high = Number();
        var low = high;
        if (_token == ":")
        {
            Next();
            low = Number();
        }
        Take("]");
        return [.. Enumerable.Range(low, high - low + 1).Select(bit => Bit(name, bit))];
    }

    private List<string> Constant()
    {
        var token = _token;
        Next();
        var quote = token.IndexOf('\'', StringComparison.Ordinal);
        if (quote < 0 || !int.TryParse(token[..quote], NumberStyles.None, CultureInfo.InvariantCulture, out var width) || quote + 2 > token.Length)
            throw Wrong($"has the number {token} where a net stands");
        var digits = token[(quote + 2)..].Replace("_", string.Empty, StringComparison.Ordinal);
        var perDigit = token[quote + 1] switch { 'b' => 1, 'h' => 4, 'o' => 3, _ => 0 };
        var bits = new List<string>(width);
        if (perDigit == 0)
        {
            if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw Wrong($"has the constant {token}");
            for (var bit = 0; bit < width; bit++)
                bits.Add(bit < 64 && (value >> bit & 1) != 0 ? "1'b1" : "1'b0");
            return bits;
        }
        foreach (var digit in digits.Reverse())
        {
            for (var bit = 0; bit < perDigit; bit++)
                bits.Add(digit is 'x' or 'X' or 'z' or 'Z' or '?' ? "1'bx" : (Convert.ToInt32(digit.ToString(), 16) >> bit & 1) != 0 ? "1'b1" : "1'b0");
        }
        while (bits.Count < width)
            bits.Add("1'b0");
        return bits[..width];
    }

    private List<string> BitsOf(string name)
    {
        var (low, high) = _ranges.GetValueOrDefault(name, (-1, -1));
        return high < 0 ? [name] : [.. Enumerable.Range(low, high - low + 1).Select(bit => Bit(name, bit))];
    }

    private static string Bit(string name, int bit) => string.Create(CultureInfo.InvariantCulture, $"{name}[{bit}]");

    private string Resolve(string net)
    {
        for (var steps = 0; _aliases.TryGetValue(net, out var source); net = source)
        {
            if (++steps > _aliases.Count)
                throw Wrong($"assigns {net} to itself");
        }
        return net;
    }

    private int Number()
    {
        if (!int.TryParse(_token, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Wrong($"has {_token} where a number stands");
        Next();
        return number;
    }

    private string Name()
    {
        if (!_isEscaped && !(char.IsAsciiLetter(_token.Length > 0 ? _token[0] : ' ') || _token.StartsWith('_')))
            throw Wrong($"has '{_token}' where a name stands");
        var name = _token;
        Next();
        return name;
    }

    private void Take(string wanted)
    {
        if (_token != wanted)
            throw Wrong($"has '{_token}' where '{wanted}' stands in a netlist");
        Next();
    }

    private void Next()
    {
        _isEscaped = false;
        for (; ; )
        {
            while (_position < text.Length && char.IsWhiteSpace(text[_position]))
                _position++;
            if (Skipped("//", "\n") || Skipped("/*", "*/") || Skipped("(*", "*)"))
                continue;
            break;
        }
        if (_position >= text.Length)
        {
            _token = _token == "<end>" ? throw Wrong("ends too early") : "<end>";
            return;
        }
        var start = _position;
        if (text[start] == '\\')
        {
            while (_position < text.Length && !char.IsWhiteSpace(text[_position]))
                _position++;
            _isEscaped = true;
            _token = text[(start + 1).._position];
            return;
        }
        while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] is '_' or '$' or '\'' or '?'))
            _position++;
        if (_position == start)
            _position++;
        _token = text[start.._position];
    }

    private bool Skipped(string begin, string end)
    {
        // "( *)" never stands in a netlist, but "(*" begins an attribute only before a name.
        if (string.CompareOrdinal(text, _position, begin, 0, begin.Length) != 0)
            return false;
        var stop = text.IndexOf(end, _position + begin.Length, StringComparison.Ordinal);
        _position = stop < 0 ? text.Length : stop + end.Length;
        return true;
    }

    private InputException Wrong(string message) =>
        new(new InputError(message) { File = file, Line = text.AsSpan(0, Math.Min(_position, text.Length)).Count('\n') + 1 });
}
