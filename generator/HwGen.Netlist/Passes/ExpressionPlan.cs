using System.Globalization;

namespace HwGen.Netlist.Passes;

/// <summary>
/// What <see cref="Legaliser"/> goes by: which unnamed expressions are folded into their users and which get a
/// wire of their own, and what it is called. The rules look at the expression and at what read it first, never at how many
/// users it has, so that one more user changes no line that was there.
/// </summary>
internal sealed class ExpressionPlan
{
    /// <summary>An expression whose text is longer than this, in characters, gets a wire of its own where it is an operand.</summary>
    public const int LongestFolded = 80;

    /// <summary>An expression that nests operators deeper than this gets a wire of its own where it is an operand.</summary>
    public const int DeepestFolded = 6;

    private const int NameEstimate = 20;

    private readonly ModuleGraph _graph;
    private readonly bool _systemVerilog;
    private readonly int[] _lengths;
    private readonly byte[] _depths;
    private readonly ulong[] _hashes;
    private readonly string?[] _names;
    private readonly string?[] _targets;
    private readonly bool[] _read;
    private readonly bool[] _own;
    private readonly HashSet<string> _taken;

    /// <param name="graph">The module.</param>
    /// <param name="declaredNames">The names that are taken.</param>
    /// <param name="systemVerilog">True for a simulation twin.</param>
    /// <param name="roots">Every node that the text will read, each with the name of what reads it, in the order of the text; outputs last.</param>
    public ExpressionPlan(ModuleGraph graph, IEnumerable<string> declaredNames, bool systemVerilog, IEnumerable<(int Node, string Target)> roots)
    {
        _graph = graph;
        _systemVerilog = systemVerilog;
        _taken = new HashSet<string>(declaredNames, StringComparer.Ordinal);
        var count = graph.Nodes.Count;
        _lengths = new int[count];
        _depths = new byte[count];
        _hashes = new ulong[count];
        _names = new string?[count];
        _targets = new string?[count];
        _read = new bool[count];
        _own = new bool[count];

        // Operands have lower ids than their users, so one pass in order sees operands first.
        for (var id = 0; id < count; id++)
        {
            Measure(id);
            _hashes[id] = StructuralHash.Of(graph, id, _hashes);
        }

        foreach (var (node, target) in roots)
        {
            Visit(node, target);
        }
    }

    /// <summary>True when the text of the module reads the node, by name or as part of an expression.</summary>
    public bool IsRead(int id) => _read[id];

    /// <summary>True for a node that has a wire of its own, which no wire or output of the design lends it.</summary>
    public bool HasOwnWire(int id) => _own[id] && LentName(id) is null;

    /// <summary>True for a node that is a statement in Verilog, not an expression: it always has a name.</summary>
    public bool IsStatement(int id) => Shape.IsStatement(_graph, id, _systemVerilog);

    /// <summary>True when the node stands inside the text of its users; false when users read a wire.</summary>
    public bool IsFolded(int id) =>
        Shape.IsLeaf(_graph.Nodes[id].Kind) || (!IsStatement(id) && _lengths[id] <= LongestFolded && _depths[id] <= DeepestFolded);

    /// <summary>True when a user of the node reads a name instead of its text.</summary>
    public bool ReadsName(int user, int operand) =>
        !Shape.IsName(_graph.Nodes[operand].Kind) && (Shape.NeedsName(_graph, user, operand) || !IsFolded(operand));

    /// <summary>The name of the wire or output that was the first to read an expression; null when something else was.</summary>
    public string? LentName(int id)
    {
        var reader = _graph.FirstReader(id);
        if (Shape.IsLeaf(_graph.Nodes[id].Kind) || reader is ModuleGraph.Unread or ModuleGraph.ReadByOther or ModuleGraph.ReadBySlice)
        {
            return null;
        }

        if (reader > 0)
        {
            var wire = _graph.WireList[reader - 1];
            return wire.Driver == id ? wire.Name : null;
        }

        var port = _graph.PortList[-2 - reader];
        return port.Node == id ? port.Name : null;
    }

    /// <summary>The name of an expression: lent, or made from its target, its operator and its structure.</summary>
    public string NameOf(int id)
    {
        if (_names[id] is { } known)
        {
            return known;
        }

        if (LentName(id) is { } lent)
        {
            return _names[id] = lent;
        }

        var hash = _hashes[id].ToString("x16", CultureInfo.InvariantCulture);
        var stem = $"{_targets[id]}_{Names.ToSnakeCase(_graph.Nodes[id].Kind.ToString())}";
        for (var digits = 4; ; digits++)
        {
            var name = digits <= 16 ? $"{stem}_{hash[..digits]}" : FormattableString.Invariant($"{stem}_{hash}_{digits - 16}");
            if (_taken.Add(name))
            {
                return _names[id] = name;
            }
        }
    }

    private void Measure(int id)
    {
        var node = _graph.Nodes[id];
        if (Shape.IsLeaf(node.Kind))
        {
            _lengths[id] = node.Kind switch
            {
                NodeKind.Constant => 4 + ((int)_graph.ConstantValue(id).GetBitLength() / 4),
                NodeKind.Input => _graph.PortList[node.Payload].Name.Length,
                NodeKind.Register => _graph.RegisterList[node.Payload].Name.Length,
                NodeKind.Wire => _graph.WireList[node.Payload].Name.Length,
                _ => NameEstimate,
            };
            return;
        }

        long length = node.Kind switch
        {
            NodeKind.LessThanSigned => 18,
            NodeKind.Slice => 4,
            NodeKind.ZeroExtend or NodeKind.SignExtend => 7,
            NodeKind.PopCount => 15,
            _ => 0,
        };
        var depth = 0;
        foreach (var operand in _graph.Operands(id))
        {
            var folded = IsFolded(operand);
            length += 3 + (folded ? _lengths[operand] : NameEstimate);
            depth = Math.Max(depth, folded ? _depths[operand] : 0);
        }

        _lengths[id] = (int)Math.Min(length, int.MaxValue / 2);
        _depths[id] = (byte)Math.Min(depth + 1, byte.MaxValue);
    }

    private void Visit(int root, string target)
    {
        if (IsStatement(root))
        {
            _own[root] = true;
        }

        var stack = new Stack<int>([root]);
        while (stack.TryPop(out var id))
        {
            if (_read[id])
            {
                continue;
            }

            _read[id] = true;
            _targets[id] = target;
            foreach (var operand in _graph.Operands(id))
            {
                if (ReadsName(id, operand))
                {
                    _own[operand] = true;
                }

                stack.Push(operand);
            }
        }
    }
}
