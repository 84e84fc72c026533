using System.Globalization;
using System.Numerics;
using System.Text;
using HwGen.Netlist.Passes;

namespace HwGen.Netlist.Verilog;

/// <summary>The text of expressions of a legal graph: what needs a name is a wire already. All operands of one width stand beside each other, so Verilog's own width rules change nothing.</summary>
internal sealed class ExpressionText(ModuleGraph graph, bool systemVerilog)
{
    private readonly Dictionary<int, EnumerationInfo> _enumerations = graph.EnumerationList.ToDictionary(e => e.Node);

    /// <summary>The names of values that the text has used so far, with the signal that they belong to.</summary>
    public SortedDictionary<(int Signal, BigInteger Value), string> UsedNames { get; } = [];

    /// <summary>The name of a constant that stands for a value of a signal; null where it has none.</summary>
    public string? ValueName(int signal, int constant) =>
        graph.Nodes[constant].Kind == NodeKind.Constant ? CodeName(signal, graph.ConstantValue(constant)) : null;

    /// <summary>The name of a value of a signal; null where it has none.</summary>
    public string? CodeName(int signal, BigInteger value)
    {
        if (!_enumerations.TryGetValue(signal, out var enumeration))
        {
            return null;
        }

        var name = enumeration.Names.FirstOrDefault(n => n.Value == value).Name;
        if (name is not null)
        {
            UsedNames[(enumeration.Node, value)] = name;
        }

        return name;
    }

    /// <summary>A node as an operand: its name, a constant, or its text, in parentheses where its reader needs them.</summary>
    public string Operand(int user, int place)
    {
        var id = graph.Operands(user)[place];
        if (graph.Nodes[user].Kind == NodeKind.Equal && ValueName(graph.Operands(user)[1 - place], id) is { } value)
        {
            return value;
        }

        var text = Definition(id);
        return IsClosed(id) || BindsWithin(graph.Nodes[user].Kind, place, graph.Nodes[id].Kind) ? text : $"({text})";
    }

    /// <summary>True for text that is one primary: nothing around it can tear it apart.</summary>
    private bool IsClosed(int id)
    {
        var kind = graph.Nodes[id].Kind;
        return Shape.IsLeaf(kind)
            || kind is NodeKind.MemoryRead or NodeKind.Slice or NodeKind.ZeroExtend or NodeKind.SignExtend or NodeKind.Concatenate
            || (kind == NodeKind.PopCount && systemVerilog)
            || (kind == NodeKind.Not && !IsTurnedRound(graph.Operands(id)[0]));
    }

    /// <summary>True where Verilog's precedence gives the operand to itself and a reader knows it without thinking.</summary>
    private static bool BindsWithin(NodeKind user, int place, NodeKind operand) => user switch
    {
        NodeKind.And or NodeKind.Or or NodeKind.Xor => operand == user,
        NodeKind.Add or NodeKind.Subtract => operand == NodeKind.Multiply || (place == 0 && operand is NodeKind.Add or NodeKind.Subtract),
        NodeKind.Multiply => place == 0 && operand == NodeKind.Multiply,
        NodeKind.Equal or NodeKind.LessThan => operand is NodeKind.Add or NodeKind.Subtract or NodeKind.Multiply,

        // c ? a : d ? b : e reads as a chain.
        NodeKind.Select => place == 1 || (place == 2 && operand != NodeKind.Select),
        _ => false,
    };

    /// <summary>The name of a node that has one.</summary>
    public string NameOf(int id)
    {
        var node = graph.Nodes[id];
        switch (node.Kind)
        {
            case NodeKind.Input:
                return graph.PortList[node.Payload].Name;
            case NodeKind.Register:
                return graph.RegisterList[node.Payload].Name;
            case NodeKind.Wire:
                return graph.WireList[node.Payload].Name;
            case NodeKind.InstanceOutput:
                var (instance, port) = graph.InstanceOutputList[node.Payload];
                var info = graph.InstanceList[instance];
                return $"{info.Name}_{info.Module.PortList[port].Name}";
            case NodeKind.Constant:
                return Constant(graph.ConstantValue(id), node.Width);
            default:
                throw new InvalidOperationException($"A fault of the Verilog writer: a {node.Kind} in {graph.Name} needs a name and has none.");
        }
    }

    /// <summary>The text of a node from its operands, without parentheses around it.</summary>
    public string Definition(int id)
    {
        var node = graph.Nodes[id];
        var operands = graph.Operands(id);
        switch (node.Kind)
        {
            case NodeKind.Not:
                return Complement(id, operands[0]);
            case NodeKind.And:
                return Infix(id, "&");
            case NodeKind.Or:
                return Infix(id, "|");
            case NodeKind.Xor:
                return Infix(id, "^");
            case NodeKind.Add:
                return Infix(id, "+");
            case NodeKind.Subtract:
                return Infix(id, "-");
            case NodeKind.Multiply:
                return Infix(id, "*");
            case NodeKind.Equal:
                return Infix(id, "==");
            case NodeKind.LessThan:
                return Infix(id, "<");
            case NodeKind.LessThanSigned:
                return SignedComparison(id, "<");
            case NodeKind.ShiftLeft:
                return Infix(id, "<<");
            case NodeKind.ShiftRight:
                return Infix(id, ">>");
            case NodeKind.ShiftRightSigned:
                return $"$signed({Definition(operands[0])}) >>> {Operand(id, 1)}";
            case NodeKind.ReduceAnd:
                return Reduction(id, "&");
            case NodeKind.ReduceOr:
                return Reduction(id, "|");
            case NodeKind.ReduceXor:
                return Reduction(id, "^");
            case NodeKind.MemoryRead:
                return $"{graph.MemoryList[node.Payload].Name}[{Definition(operands[0])}]";
            case NodeKind.Slice:
                return Bits(NameOf(operands[0]), node.Payload, node.Width);
            case NodeKind.SignExtend when graph.Nodes[operands[0]].Width == 1:
                return FormattableString.Invariant($"{{{node.Width}{{{Definition(operands[0])}}}}}");
            case NodeKind.ZeroExtend:
            case NodeKind.SignExtend:
            case NodeKind.Concatenate:
                var parts = new List<string>();
                CollectParts(id, parts);
                return $"{{{string.Join(", ", parts)}}}";
            case NodeKind.Select when Shape.IsChoice(graph, id):
                return $"{Operand(id, 0)} ? {Operand(id, 2)} : {Operand(id, 1)}";
            case NodeKind.PopCount when systemVerilog:
                return FormattableString.Invariant($"{node.Width}'($countones({Definition(operands[0])}))");
            case NodeKind.PopCount:
            case NodeKind.Select:
                throw new InvalidOperationException($"A fault of the Verilog writer: a {node.Kind} in {graph.Name} is a statement, and stands in an expression.");
            default:
                return NameOf(id);
        }
    }

    /// <summary>A sized constant: decimal when short, hexadecimal with groups of four digits when not.</summary>
    public static string Constant(BigInteger value, int width)
    {
        if (width <= 16 || value < 10)
        {
            return FormattableString.Invariant($"{width}'d{value}");
        }

        if (value == (BigInteger.One << width) - 1)
        {
            return FormattableString.Invariant($"{{{width}{{1'b1}}}}");
        }

        var digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft((width + 3) / 4, '0');
        var text = new StringBuilder();
        for (var i = 0; i < digits.Length; i++)
        {
            if (i > 0 && (digits.Length - i) % 4 == 0)
            {
                text.Append('_');
            }

            text.Append(digits[i]);
        }

        return FormattableString.Invariant($"{width}'h{text}");
    }

    /// <summary>A declaration's range: empty for one bit.</summary>
    public static string Range(int width) => width == 1 ? string.Empty : FormattableString.Invariant($"[{width - 1}:0]");

    /// <summary>One bit or a range of bits of a name.</summary>
    public static string Bits(string name, int low, int width) => width == 1
        ? FormattableString.Invariant($"{name}[{low}]")
        : FormattableString.Invariant($"{name}[{low + width - 1}:{low}]");

    private string Infix(int id, string symbol) => $"{Operand(id, 0)} {symbol} {Operand(id, 1)}";

    private string Reduction(int id, string symbol)
    {
        // ^~a would be one operator, the XNOR of all bits.
        var text = Operand(id, 0);
        return text[0] == '~' ? $"{symbol}({text})" : symbol + text;
    }

    private string Complement(int id, int operand)
    {
        if (!IsTurnedRound(operand))
        {
            // Verilog has no operator of one operand straight before another.
            var text = Operand(id, 0);
            return text[0] == '~' ? $"~({text})" : "~" + text;
        }

        return graph.Nodes[operand].Kind switch
        {
            NodeKind.Equal => Infix(operand, "!="),
            NodeKind.LessThan => Infix(operand, ">="),
            _ => SignedComparison(operand, ">="),
        };
    }

    /// <summary>True for a folded comparison: its complement is written <c>a != b</c>, which reads better than <c>~(a == b)</c>.</summary>
    private bool IsTurnedRound(int operand) => graph.Nodes[operand].Kind is NodeKind.Equal or NodeKind.LessThan or NodeKind.LessThanSigned;

    private string SignedComparison(int id, string symbol)
    {
        var pair = graph.Operands(id);
        return $"$signed({Definition(pair[0])}) {symbol} $signed({Definition(pair[1])})";
    }

    /// <summary>The elements of a concatenation; those of concatenations within it stand beside them.</summary>
    private void CollectParts(int id, List<string> parts)
    {
        var node = graph.Nodes[id];
        var operands = graph.Operands(id);
        switch (node.Kind)
        {
            case NodeKind.ZeroExtend:
                parts.Add(Constant(0, node.Width - graph.Nodes[operands[0]].Width));
                break;
            case NodeKind.SignExtend when graph.Nodes[operands[0]].Width > 1:
                var width = graph.Nodes[operands[0]].Width;
                var sign = Bits(NameOf(operands[0]), width - 1, 1);
                parts.Add(node.Width - width == 1 ? sign : FormattableString.Invariant($"{{{node.Width - width}{{{sign}}}}}"));
                break;
            case NodeKind.Concatenate:
                break;
            default:
                parts.Add(Definition(id));
                return;
        }

        foreach (var operand in graph.Operands(id).ToArray())
        {
            CollectParts(operand, parts);
        }
    }
}
