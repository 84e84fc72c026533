using System.Globalization;
using System.Text;

namespace HwGen.Mutation.Tests.Equivalents;

/// <summary>
/// Two circuits with common inputs and one output that is 1 where their outputs differ. Before the first cycle lies one in which the reset is active: the registers of one have any value in it, and those of the other the
/// value of the register that stands for it. Nobody looks at the outputs in it, but memories and instances must be given the same. What the registers are behind it is what they begin with; from then on the reset is an input like any other.
/// </summary>
internal sealed class GraphPair
{
    private const string UnderReset = "under reset: ";

    private readonly List<(int Left, int Right)> _ands = [];
    private readonly Dictionary<string, int> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<(int, int), int> _known = [];
    private readonly List<int> _next = [];
    private readonly int _firstLatch;
    private readonly int _firstAnd;
    private readonly int _output;

    /// <param name="sound">One circuit.</param>
    /// <param name="faulty">The other.</param>
    /// <param name="resets">The inputs that are active resets when they are 0.</param>
    /// <param name="standsFor">For a register of the faulty circuit, that of the sound one whose start value it has.</param>
    public GraphPair(AndInverterGraph sound, AndInverterGraph faulty, IReadOnlyCollection<string> resets, Func<string, string> standsFor)
    {
        foreach (var name in sound.Inputs.Concat(faulty.Inputs).Select(input => input.Name))
        {
            _inputs.TryAdd(name, 2 * (_inputs.Count + 1));
        }

        foreach (var name in _inputs.Keys.Order(StringComparer.Ordinal).ToList())
        {
            _inputs.Add(UnderReset + name, 2 * (_inputs.Count + 1));
        }

        foreach (var name in sound.Latches.Select(latch => latch.Name).Concat(faulty.Latches.Select(latch => standsFor(latch.Name))))
        {
            _starts.TryAdd(name, 2 * (_inputs.Count + _starts.Count + 1));
        }

        _firstLatch = _inputs.Count + _starts.Count + 1;
        _firstAnd = _firstLatch + 1 + sound.Latches.Count + faulty.Latches.Count;
        // The first register: 0 in the first cycle, 1 ever after.
        _next.Add(1);
        var (left, leftBefore) = Copy(sound, resets, name => name);
        var (right, rightBefore) = Copy(faulty, resets, standsFor);
        foreach (var name in left.Keys.Union(right.Keys))
        {
            // A memory or instance that is missing on one side is not read there; where the other side needs it, what comes from it is free and makes a difference.
            if (!name.StartsWith(BoxedModule.Prefix, StringComparison.Ordinal))
            {
                _output = Or(_output, Xor(left[name], right[name]));
            }
            else if (left.TryGetValue(name, out var given) && right.TryGetValue(name, out var givenToo))
            {
                _output = Or(_output, Or(Xor(given, givenToo), And((2 * _firstLatch) ^ 1, Xor(leftBefore[name], rightBefore[name]))));
            }
        }
    }

    /// <summary>The binary form of AIGER.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"aig {_firstAnd - 1 + _ands.Count} {_firstLatch - 1} {_next.Count} 1 {_ands.Count}\n");
        foreach (var next in _next)
        {
            head.Append(CultureInfo.InvariantCulture, $"{next}\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"{_output}\n");
        stream.Write(Encoding.ASCII.GetBytes(head.ToString()));
        for (var i = 0; i < _ands.Count; i++)
        {
            var (left, right) = _ands[i];
            Delta((2 * (_firstAnd + i)) - Math.Max(left, right));
            Delta(Math.Max(left, right) - Math.Min(left, right));
        }

        return stream.ToArray();

        void Delta(int value)
        {
            for (; value >= 128; value >>= 7)
            {
                stream.WriteByte((byte)((value & 127) | 128));
            }

            stream.WriteByte((byte)value);
        }
    }

    /// <summary>Copies a circuit; gives its outputs, and what they were in the cycle under reset.</summary>
    private (Dictionary<string, int> Outputs, Dictionary<string, int> Before) Copy(AndInverterGraph graph, IReadOnlyCollection<string> resets, Func<string, string> standsFor)
    {
        var (started, first) = (2 * _firstLatch, _next.Count);
        var before = Values(graph, name => resets.Contains(name) ? 0 : _inputs[UnderReset + name], i => _starts[standsFor(graph.Latches[i].Name)]);
        for (var i = 0; i < graph.Latches.Count; i++)
        {
            _next.Add(0);
        }

        var values = Values(graph, name => _inputs[name], i => Or(And(started, 2 * (_firstLatch + first + i)), And(started ^ 1, Literal(before, graph.Latches[i].Next))));
        for (var i = 0; i < graph.Latches.Count; i++)
        {
            _next[first + i] = Literal(values, graph.Latches[i].Next);
        }

        Dictionary<string, int> Outputs(Dictionary<int, int> of) => graph.Outputs.ToDictionary(output => output.Name, output => Literal(of, output.Literal), StringComparer.Ordinal);
        return (Outputs(values), Outputs(before));
    }

    private Dictionary<int, int> Values(AndInverterGraph graph, Func<string, int> input, Func<int, int> register)
    {
        var values = new Dictionary<int, int> { [0] = 0 };
        foreach (var (variable, name) in graph.Inputs)
        {
            values[variable] = input(name);
        }

        for (var i = 0; i < graph.Latches.Count; i++)
        {
            values[graph.Latches[i].Variable] = register(i);
        }

        foreach (var (variable, a, b) in graph.Ands)
        {
            values[variable] = And(Literal(values, a), Literal(values, b));
        }

        return values;
    }

    private static int Literal(Dictionary<int, int> values, int literal) => values[literal / 2] ^ (literal & 1);

    private int And(int left, int right)
    {
        if (left == 0 || right == 0 || left == (right ^ 1))
        {
            return 0;
        }

        if (left == 1 || left == right)
        {
            return right;
        }

        if (right == 1)
        {
            return left;
        }

        var key = (Math.Min(left, right), Math.Max(left, right));
        if (!_known.TryGetValue(key, out var literal))
        {
            literal = 2 * (_firstAnd + _ands.Count);
            _ands.Add(key);
            _known.Add(key, literal);
        }

        return literal;
    }

    private int Or(int left, int right) => And(left ^ 1, right ^ 1) ^ 1;

    private int Xor(int left, int right) => Or(And(left, right ^ 1), And(left ^ 1, right));
}
