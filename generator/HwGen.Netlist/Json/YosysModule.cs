using System.Numerics;
using System.Text.Json;

namespace HwGen.Netlist.Json;

/// <summary>One module of a Yosys netlist.</summary>
internal sealed partial class YosysModule
{
    private const int Zero = 0;
    private const int One = 1;

    private readonly ModuleGraph _graph;
    private readonly Utf8JsonWriter _json;
    private readonly int[]?[] _bits;
    private readonly Dictionary<string, int> _clocks = new(StringComparer.Ordinal);
    private int _next = 2;
    private int _cells;

    public YosysModule(ModuleGraph graph, Utf8JsonWriter json)
    {
        _graph = graph;
        _json = json;
        _bits = new int[graph.Nodes.Count][];
    }

    public void Write(bool isTop)
    {
        // What the graph's order does not give: inputs, registers, instance outputs and late wires exist before all logic.
        foreach (var domain in _graph.Domains)
        {
            _clocks.TryAdd(domain.Clock, _next++);
            _clocks.TryAdd(domain.Reset, _next++);
        }

        _json.WriteStartObject("attributes");
        if (isTop)
        {
            _json.WriteString("top", YosysJson.Decimal(1));
        }

        if (_graph.BlackBox is not null)
        {
            _json.WriteString("blackbox", YosysJson.Decimal(1));
        }

        _json.WriteEndObject();
        if (_graph.BlackBox is { } black)
        {
            _json.WriteStartObject("parameter_default_values");
            foreach (var (name, value) in black.Parameters)
            {
                _json.WriteString(name, Parameter(value));
            }

            _json.WriteEndObject();
        }

        Ports();
        _json.WriteStartObject("cells");
        if (_graph.BlackBox is null)
        {
            Cells();
        }

        _json.WriteEndObject();
        NetNames();
    }

    private void Ports()
    {
        _json.WriteStartObject("ports");
        foreach (var port in _graph.Ports)
        {
            // The bits of an output are known before its driver's: those of an expression are made when it is asked for.
            Port(port.Name, port.IsInput, _graph.BlackBox is null ? BitsOf(port.Node) : Fresh(port.Width));
        }

        foreach (var name in _graph.BlackBox is null ? _graph.ClockPortNames : [])
        {
            Port(name, true, [_clocks[name]]);
        }

        foreach (var clock in _graph.BlackBox?.ClockPorts ?? [])
        {
            Port(clock.Port, true, Fresh(1));
        }

        _json.WriteEndObject();
    }

    private void Port(string name, bool isInput, int[] bits)
    {
        _json.WriteStartObject(name);
        _json.WriteString("direction", isInput ? "input" : "output");
        Bits("bits", bits);
        _json.WriteEndObject();
    }

    private void Cells()
    {
        for (var id = 0; id < _graph.Nodes.Count; id++)
        {
            if (_graph.Nodes[id].Kind is not (NodeKind.MemoryRead or NodeKind.Wire))
            {
                NodeCell(id);
            }
        }

        foreach (var wire in _graph.Wires)
        {
            Buffer(BitsOf(wire.Driver), BitsOf(wire.Node));
        }

        for (var register = 0; register < _graph.Registers.Count; register++)
        {
            RegisterCell(_graph.Registers[register]);
        }

        for (var memory = 0; memory < _graph.Memories.Count; memory++)
        {
            MemoryCell(memory);
        }

        foreach (var instance in _graph.Instances)
        {
            InstanceCell(instance);
        }

        foreach (var property in _graph.Properties)
        {
            Cell("$" + property.Kind.ToString().ToLowerInvariant(), property.Name, [], [("A", BitsOf(property.Condition)), ("EN", [_graph.UsesReset(property.Domain) ? _clocks[property.Domain.Reset] : One])]);
        }
    }

    /// <summary>The bits of a node; wiring alone (slices, extensions, concatenations) makes no cell.</summary>
    private int[] BitsOf(int root)
    {
        if (_bits[root] is { } known)
        {
            return known;
        }

        var stack = new Stack<int>([root]);
        while (stack.TryPeek(out var id))
        {
            if (_bits[id] is not null)
            {
                stack.Pop();
                continue;
            }

            var node = _graph.Nodes[id];
            var isWiring = node.Kind is NodeKind.Slice or NodeKind.ZeroExtend or NodeKind.SignExtend or NodeKind.Concatenate;
            if (isWiring && _graph.Operands(id).ToArray() is var operands && operands.Any(o => _bits[o] is null))
            {
                Array.ForEach(operands, stack.Push);
                continue;
            }

            _bits[id] = node.Kind switch
            {
                NodeKind.Constant => [.. Enumerable.Range(0, node.Width).Select(b => ((_graph.ConstantValue(id) >> b) & 1).IsZero ? Zero : One)],
                NodeKind.Slice => Operand(id, 0).AsSpan(node.Payload, node.Width).ToArray(),
                NodeKind.ZeroExtend => [.. Operand(id, 0), .. Enumerable.Repeat(Zero, node.Width - Operand(id, 0).Length)],
                NodeKind.SignExtend => [.. Operand(id, 0), .. Enumerable.Repeat(Operand(id, 0)[^1], node.Width - Operand(id, 0).Length)],
                NodeKind.Concatenate => [.. Enumerable.Range(0, node.OperandCount).Reverse().SelectMany(o => Operand(id, o))],
                _ => Fresh(node.Width),
            };
            stack.Pop();
        }

        return _bits[root]!;
    }

    private int[] Operand(int id, int place) => _bits[_graph.Operands(id)[place]] ?? BitsOf(_graph.Operands(id)[place]);

    private int[] Fresh(int width)
    {
        var bits = new int[width];
        for (var i = 0; i < width; i++)
        {
            bits[i] = _next++;
        }

        return bits;
    }

    private void NodeCell(int id)
    {
        var node = _graph.Nodes[id];
        var y = BitsOf(id);
        switch (node.Kind)
        {
            case NodeKind.Not: Unary("$not", id, y); break;
            case NodeKind.ReduceAnd: Unary("$reduce_and", id, y); break;
            case NodeKind.ReduceOr: Unary("$reduce_or", id, y); break;
            case NodeKind.ReduceXor: Unary("$reduce_xor", id, y); break;
            case NodeKind.And: Binary("$and", id, y); break;
            case NodeKind.Or: Binary("$or", id, y); break;
            case NodeKind.Xor: Binary("$xor", id, y); break;
            case NodeKind.Add: Binary("$add", id, y); break;
            case NodeKind.Subtract: Binary("$sub", id, y); break;
            case NodeKind.Multiply: Binary("$mul", id, y); break;
            case NodeKind.Equal: Binary("$eq", id, y); break;
            case NodeKind.LessThan: Binary("$lt", id, y); break;
            case NodeKind.LessThanSigned: Binary("$lt", id, y, signed: true, bothSigned: true); break;
            case NodeKind.ShiftLeft: Binary("$shl", id, y); break;
            case NodeKind.ShiftRight: Binary("$shr", id, y); break;
            case NodeKind.ShiftRightSigned: Binary("$sshr", id, y, signed: true); break;
            case NodeKind.PopCount: PopCount(Operand(id, 0), y); break;
            case NodeKind.Select: Select(id, y); break;
        }
    }

    private void Unary(string type, int id, int[] y) => UnaryCell(type, Operand(id, 0), y);

    private void UnaryCell(string type, int[] a, int[] y) =>
        Cell(type, null, [("A_SIGNED", YosysJson.Decimal(0)), ("A_WIDTH", YosysJson.Decimal(a.Length)), ("Y_WIDTH", YosysJson.Decimal(y.Length))], [("A", a), ("Y", y)]);

    private void Binary(string type, int id, int[] y, bool signed = false, bool bothSigned = false) =>
        BinaryCell(type, Operand(id, 0), Operand(id, 1), y, signed, bothSigned);

    private void BinaryCell(string type, int[] a, int[] b, int[] y, bool signed = false, bool bothSigned = false) => Cell(
        type, null,
        [
            ("A_SIGNED", YosysJson.Decimal(signed ? 1 : 0)), ("B_SIGNED", YosysJson.Decimal(bothSigned ? 1 : 0)),
            ("A_WIDTH", YosysJson.Decimal(a.Length)), ("B_WIDTH", YosysJson.Decimal(b.Length)), ("Y_WIDTH", YosysJson.Decimal(y.Length)),
        ],
        [("A", a), ("B", b), ("Y", y)]);

    /// <summary>A joins into Y without changing: Yosys has no cell for a plain wire that every version reads.</summary>
    private void Buffer(int[] a, int[] y) => UnaryCell("$pos", a, y);

    private int[] Multiplexer(int[] whenZero, int[] whenOne, int select, int[]? y = null)
    {
        y ??= Fresh(whenZero.Length);
        Cell("$mux", null, [("WIDTH", YosysJson.Decimal(y.Length))], [("A", whenZero), ("B", whenOne), ("S", [select]), ("Y", y)]);
        return y;
    }

    private void Select(int id, int[] y)
    {
        var selector = Operand(id, 0);
        var last = _graph.Nodes[id].OperandCount - 1;
        var value = Operand(id, last);
        for (var option = last - 1; option >= 1; option--)
        {
            var equal = Fresh(1);
            BinaryCell("$eq", selector, Constant(option - 1, selector.Length), equal);
            value = Multiplexer(value, Operand(id, option), equal[0], option == 1 ? y : null);
        }
    }

    private void PopCount(int[] bits, int[] y)
    {
        // A balanced tree; the last sum is the result.
        var terms = new Queue<int[]>(bits.Select(b => new[] { b }));
        while (terms.Count > 1)
        {
            var (a, b) = (terms.Dequeue(), terms.Dequeue());
            var sum = terms.Count == 0 ? y : Fresh(Math.Max(a.Length, b.Length) + 1);
            BinaryCell("$add", a, b, sum);
            terms.Enqueue(sum);
        }
    }

    private static int[] Constant(BigInteger value, int width) => [.. Enumerable.Range(0, width).Select(b => ((value >> b) & 1).IsZero ? Zero : One)];

    private static string Parameter(string value) =>
        value[0] == '"' ? value.Trim('"') : YosysJson.Binary(BigInteger.Parse(value, System.Globalization.CultureInfo.InvariantCulture), 32);

    private void Cell(string type, string? name, IReadOnlyList<(string Name, string Value)> parameters, IReadOnlyList<(string Name, int[] Bits)> connections)
    {
        _json.WriteStartObject(name ?? YosysJson.Name(string.Empty, type[1..], _cells++));
        _json.WriteNumber("hide_name", name is null ? 1 : 0);
        _json.WriteString("type", type);
        _json.WriteStartObject("parameters");
        foreach (var (parameter, value) in parameters)
        {
            _json.WriteString(parameter, value);
        }

        _json.WriteEndObject();
        _json.WriteStartObject("attributes");
        _json.WriteEndObject();
        _json.WriteStartObject("connections");
        foreach (var (port, bits) in connections)
        {
            Bits(port, bits);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void NetNames()
    {
        _json.WriteStartObject("netnames");
        foreach (var (name, node) in _graph.Registers.Select(r => (r.Name, r.Node)).Concat(_graph.Wires.Select(w => (w.Name, w.Node))))
        {
            if (_graph.Ports.Any(p => p.Name == name))
            {
                continue;
            }

            _json.WriteStartObject(name);
            _json.WriteNumber("hide_name", 0);
            Bits("bits", BitsOf(node));
            _json.WriteStartObject("attributes");
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private void Bits(string name, int[] bits)
    {
        _json.WriteStartArray(name);
        foreach (var bit in bits)
        {
            if (bit is Zero or One)
            {
                _json.WriteStringValue(bit == One ? "1" : "0");
            }
            else
            {
                _json.WriteNumberValue(bit);
            }
        }

        _json.WriteEndArray();
    }
}
