using System.Text;

namespace HwGen.Synthesis.Liberty;

/// <summary>A Boolean expression of a Liberty file: <c>((A B)+!C)</c>.</summary>
/// <remarks>Operators, the tightest first: <c>!</c> and <c>'</c> (not), <c>^</c> (exclusive or), <c>*</c>, <c>&amp;</c> and a space (and), <c>+</c> and <c>|</c> (or).</remarks>
public sealed class BooleanFunction
{
    private readonly Term _root;

    private BooleanFunction(string text, Term root)
    {
        Text = text;
        _root = root;
        var inputs = new SortedSet<string>(StringComparer.Ordinal);
        Collect(root, inputs);
        Inputs = [.. inputs];
    }

    /// <summary>The expression as the file has it.</summary>
    public string Text { get; }

    /// <summary>The pins that it reads, sorted.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static BooleanFunction Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new Parser(text);
        return new BooleanFunction(text, parser.Whole());
    }

    /// <summary>The value for values of the inputs.</summary>
    public bool Evaluate(Func<string, bool> value) => Evaluate(_root, value);

    /// <summary>The table of values: bit i is the value where input k of <paramref name="inputs"/> is bit k of i. At most six inputs.</summary>
    public ulong Table(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs.Count, 6);
        var positions = inputs.Select((name, position) => (name, position)).ToDictionary(p => p.name, p => p.position, StringComparer.Ordinal);
        var table = 0UL;
        for (var i = 0; i < 1 << inputs.Count; i++)
        {
            var row = i;
            if (Evaluate(name => (row >> positions[name] & 1) != 0))
                table |= 1UL << i;
        }
        return table;
    }

    /// <summary>
    /// How often what an input is combined with at its first occurrence lets it through, when all inputs are 1 half of the time: in <c>(A B)+C</c> 0.5 for A and 0.75 for C. This is how OpenSTA 2.0.17
    /// shares an output's changes among inputs. 0 for an input that does not occur.
    /// </summary>
    internal double FirstShare(string input) => FirstShare(_root, input) ?? 0;

    /// <summary>The same as a Verilog expression.</summary>
    /// <param name="name">Writes the name of a pin.</param>
    public string ToVerilog(Func<string, string> name)
    {
        var text = new StringBuilder();
        Write(_root, name, text);
        return text.ToString();
    }

    private static bool Evaluate(Term term, Func<string, bool> value) => term.Operator switch
    {
        '0' => false,
        '1' => true,
        'p' => value(term.Pin),
        '!' => !Evaluate(term.Left!, value),
        '&' => Evaluate(term.Left!, value) & Evaluate(term.Right!, value),
        '|' => Evaluate(term.Left!, value) | Evaluate(term.Right!, value),
        _ => Evaluate(term.Left!, value) ^ Evaluate(term.Right!, value),
    };

    private static double? FirstShare(Term term, string input)
    {
        if (term.Operator == 'p')
            return term.Pin == input ? 1 : null;
        if (term.Left is null)
            return null;
        var (left, right) = (FirstShare(term.Left, input), term.Right is null ? null : FirstShare(term.Right, input));
        if (term.Operator == '!')
            return left;
        var (inside, beside) = left is not null ? (term.Left, term.Right!) : (term.Right!, term.Left);
        if (left is null && right is null)
            return null;
        if (inside.Operator != 'p')
            return left ?? right;
        return term.Operator switch
        {
            '&' => Share(beside),
            '|' => 1 - Share(beside),
            _ => 0.5,
        };
    }

    /// <summary>How often a term is 1 when every input is so half of the time, its parts taken as independent.</summary>
    private static double Share(Term term) => term.Operator switch
    {
        '0' => 0,
        '1' => 1,
        'p' => 0.5,
        '!' => 1 - Share(term.Left!),
        '&' => Share(term.Left!) * Share(term.Right!),
        '|' => 1 - (1 - Share(term.Left!)) * (1 - Share(term.Right!)),
        _ => Share(term.Left!) * (1 - Share(term.Right!)) + Share(term.Right!) * (1 - Share(term.Left!)),
    };

    private static void Write(Term term, Func<string, string> name, StringBuilder text)
    {
        switch (term.Operator)
        {
            case '0' or '1':
                text.Append("1'b").Append(term.Operator);
                break;
            case 'p':
                text.Append(name(term.Pin));
                break;
            case '!':
                text.Append("~(");
                Write(term.Left!, name, text);
                text.Append(')');
                break;
            default:
                text.Append('(');
                Write(term.Left!, name, text);
                text.Append(' ').Append(term.Operator).Append(' ');
                Write(term.Right!, name, text);
                text.Append(')');
                break;
        }
    }

    private static void Collect(Term term, SortedSet<string> inputs)
    {
        if (term.Operator == 'p')
            inputs.Add(term.Pin);
        if (term.Left is { } left)
            Collect(left, inputs);
        if (term.Right is { } right)
            Collect(right, inputs);
    }

    private sealed record Term(char Operator, string Pin = "", Term? Left = null, Term? Right = null);

    private sealed class Parser(string text)
    {
        private int _position;

        public Term Whole()
        {
            var term = Or();
            Skip();
            return _position == text.Length ? term : throw Wrong();
        }

        private Term Or()
        {
            var left = And();
            for (Skip(); Peek() is '+' or '|'; Skip())
            {
                _position++;
                left = new Term('|', Left: left, Right: And());
            }
            return left;
        }

        private Term And()
        {
            var left = Xor();
            for (Skip(); ; Skip())
            {
                if (Peek() is '*' or '&')
                    _position++;
                else if (!IsName(Peek()) && Peek() is not ('(' or '!'))
                    return left;
                left = new Term('&', Left: left, Right: Xor());
            }
        }

        private Term Xor()
        {
            var left = Not();
            for (Skip(); Peek() == '^'; Skip())
            {
                _position++;
                left = new Term('^', Left: left, Right: Not());
            }
            return left;
        }

        private Term Not()
        {
            Skip();
            if (Peek() == '!')
            {
                _position++;
                return new Term('!', Left: Not());
            }
            var term = Primary();
            for (Skip(); Peek() == '\''; Skip())
            {
                _position++;
                term = new Term('!', Left: term);
            }
            return term;
        }

        private Term Primary()
        {
            if (Peek() == '(')
            {
                _position++;
                var inner = Or();
                Skip();
                if (Peek() != ')')
                    throw Wrong();
                _position++;
                return inner;
            }
            var start = _position;
            while (IsName(Peek()))
                _position++;
            var name = text[start.._position];
            return name switch
            {
                "" => throw Wrong(),
                "0" or "1" => new Term(name[0]),
                _ => new Term('p', name),
            };
        }

        private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '[' or ']';

        private char Peek() => _position < text.Length ? text[_position] : '\0';

        private void Skip()
        {
            while (_position < text.Length && char.IsWhiteSpace(text[_position]))
                _position++;
        }

        private FormatException Wrong() => new(FormattableString.Invariant($"\"{text}\" is no Boolean expression: position {_position + 1}"));
    }
}
