using System.Globalization;
using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Verilog;

/// <summary>
/// The legalising stage of the writer: decides which unnamed expressions are folded into their users and which get a
/// wire of their own. The rule looks at the expression alone, never at how many users it has, so that one more
/// user changes no line that was there.
/// </summary>
internal sealed class ExpressionPlan
{
    /// <summary>An expression with more operators than this gets a wire of its own where it is an operand.</summary>
    public const int LargestFolded = 12;

    private readonly ModuleGraph _graph;
    private readonly bool _systemVerilog;
    private readonly int[] _weights;
    private readonly ulong[] _hashes;
    private readonly string?[] _wireNames;
    private readonly HashSet<string> _taken;

    public ExpressionPlan(ModuleGraph graph, IEnumerable<string> declaredNames, bool systemVerilog)
    {
        _graph = graph;
        _systemVerilog = systemVerilog;
        _taken = new HashSet<string>(declaredNames, StringComparer.Ordinal);
        _weights = new int[graph.Nodes.Count];
        _hashes = new ulong[graph.Nodes.Count];
        _wireNames = new string?[graph.Nodes.Count];

        // Operands have lower ids than their users, so one pass in order sees operands first.
        for (var id = 0; id < _weights.Length; id++)
        {
            var weight = IsLeaf(graph.Nodes[id].Kind) ? 0L : 1;
            foreach (var operand in graph.Operands(id))
            {
                weight += IsFolded(operand) ? _weights[operand] : 0;
            }

            _weights[id] = (int)Math.Min(weight, int.MaxValue / 2);
            _hashes[id] = Hash(id);
        }
    }

    /// <summary>True for a node that stands for itself in Verilog text.</summary>
    public static bool IsLeaf(NodeKind kind) =>
        kind is NodeKind.Constant or NodeKind.Input or NodeKind.Register or NodeKind.Wire or NodeKind.InstanceOutput;

    /// <summary>True for a node that is a name in Verilog text, so that bits can be taken of it.</summary>
    public static bool IsName(NodeKind kind) => IsLeaf(kind) && kind != NodeKind.Constant;

    /// <summary>True for a node that is a statement in Verilog, not an expression: it always has a name.</summary>
    public bool IsStatement(int id)
    {
        var node = _graph.Nodes[id];
        return node.Kind switch
        {
            // In an expression with an unsigned operand, Verilog would shift zeros in.
            NodeKind.ShiftRightSigned => true,

            // SystemVerilog has a function for it; Verilog-2005 takes an instance.
            NodeKind.PopCount => !_systemVerilog,
            NodeKind.Select => !IsChoice(id),
            _ => false,
        };
    }

    /// <summary>True for a Select that is written <c>c ? a : b</c>.</summary>
    public bool IsChoice(int id) => _graph.Nodes[id].OperandCount == 3 && _graph.Nodes[_graph.Operands(id)[0]].Width == 1;

    /// <summary>True when the node stands inside the text of its users; false when users read a wire.</summary>
    public bool IsFolded(int id) => IsLeaf(_graph.Nodes[id].Kind) || (!IsStatement(id) && _weights[id] <= LargestFolded);

    /// <summary>True when a user needs a name for the operand: bits are taken of it.</summary>
    public bool NeedsName(int user, int operand) =>
        !IsName(_graph.Nodes[operand].Kind)
        && (_graph.Nodes[user].Kind == NodeKind.Slice || (_graph.Nodes[user].Kind == NodeKind.SignExtend && _graph.Nodes[operand].Width > 1));

    /// <summary>The name of a node's own wire, from its operator and its structure.</summary>
    public string WireName(int id)
    {
        if (_wireNames[id] is { } known)
        {
            return known;
        }

        var hash = _hashes[id].ToString("x16", CultureInfo.InvariantCulture);
        var stem = Names.ToSnakeCase(_graph.Nodes[id].Kind.ToString());
        for (var digits = 6; ; digits++)
        {
            var name = digits <= 16 ? $"{stem}_{hash[..digits]}" : FormattableString.Invariant($"{stem}_{hash}_{digits - 16}");
            if (_taken.Add(name))
            {
                return _wireNames[id] = name;
            }
        }
    }

    /// <summary>The nodes that need wires of their own for the text of a root, operands first.</summary>
    public void CollectWires(int root, HashSet<int> done, Action<int> emit, Action<int> visitName)
    {
        foreach (var operand in _graph.Operands(root))
        {
            var named = NeedsName(root, operand) || !IsFolded(operand);
            if (named && done.Contains(operand))
            {
                continue;
            }

            if (_graph.Nodes[operand].Kind == NodeKind.Wire)
            {
                visitName(operand);
                continue;
            }

            CollectWires(operand, done, emit, visitName);
            if (named && done.Add(operand))
            {
                emit(operand);
            }
        }
    }

    private ulong Hash(int id)
    {
        // FNV-1a over structure and names: the same expression has the same name in every version of the module.
        var node = _graph.Nodes[id];
        var hash = 14695981039346656037UL;
        Mix((ulong)node.Kind);
        Mix((ulong)node.Width);
        switch (node.Kind)
        {
            case NodeKind.Constant:
                foreach (var part in _graph.ConstantValue(id).ToByteArray())
                {
                    Mix(part);
                }

                break;
            case NodeKind.Input:
                MixName(_graph.PortList[node.Payload].Name);
                break;
            case NodeKind.Register:
                MixName(_graph.RegisterList[node.Payload].Name);
                break;
            case NodeKind.Wire:
                MixName(_graph.WireList[node.Payload].Name);
                break;
            case NodeKind.MemoryRead:
                MixName(_graph.MemoryList[node.Payload].Name);
                break;
            case NodeKind.InstanceOutput:
                var (instance, port) = _graph.InstanceOutputList[node.Payload];
                MixName(_graph.InstanceList[instance].Name);
                MixName(_graph.InstanceList[instance].Module.PortList[port].Name);
                break;
            default:
                Mix((ulong)node.Payload);
                break;
        }

        foreach (var operand in _graph.Operands(id))
        {
            Mix(_hashes[operand]);
        }

        return hash;

        void Mix(ulong value)
        {
            for (var i = 0; i < 8; i++)
            {
                hash = (hash ^ (byte)(value >> (8 * i))) * 1099511628211UL;
            }
        }

        void MixName(string name)
        {
            foreach (var c in name)
            {
                Mix(c);
            }
        }
    }
}
