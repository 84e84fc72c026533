using System.Globalization;
using System.Numerics;
using System.Text;

namespace HwGen.Netlist.Verilog;

/// <summary>The text of expressions. All operands of one width stand beside each other, so Verilog's own width rules change nothing.</summary>
internal sealed class ExpressionText(ModuleGraph graph, ExpressionPlan plan, bool systemVerilog)
{
    /// <summary>A node as an operand: its name, a constant, or its text in parentheses where it has an operator.</summary>
    public string Operand(int user, int id) =>
        plan.NeedsName(user, id) || !plan.IsFolded(id) ? NameOf(id) : Parenthesised(id);

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
                return plan.WireName(id);
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
                return Complement(operands[0], id);
            case NodeKind.And:
                return Infix("&");
            case NodeKind.Or:
                return Infix("|");
            case NodeKind.Xor:
                return Infix("^");
            case NodeKind.Add:
                return Infix("+");
            case NodeKind.Subtract:
                return Infix("-");
            case NodeKind.Multiply:
                return Infix("*");
            case NodeKind.Equal:
                return Infix("==");
            case NodeKind.LessThan:
                return Infix("<");
            case NodeKind.LessThanSigned:
                return SignedComparison("<", operands[0], operands[1], id);
            case NodeKind.ShiftLeft:
                return Infix("<<");
            case NodeKind.ShiftRight:
                return Infix(">>");
            case NodeKind.ShiftRightSigned:
                return $"$signed({Inner(operands[0], id)}) >>> {Operand(id, operands[1])}";
            case NodeKind.ReduceAnd:
                return "&" + Operand(id, operands[0]);
            case NodeKind.ReduceOr:
                return "|" + Operand(id, operands[0]);
            case NodeKind.ReduceXor:
                return "^" + Operand(id, operands[0]);
            case NodeKind.MemoryRead:
                return $"{graph.MemoryList[node.Payload].Name}[{Inner(operands[0], id)}]";
            case NodeKind.Slice:
                return Bits(Operand(id, operands[0]), node.Payload, node.Width);
            case NodeKind.ZeroExtend:
                return $"{{{Constant(0, node.Width - graph.Nodes[operands[0]].Width)}, {Inner(operands[0], id)}}}";
            case NodeKind.SignExtend:
                return SignExtension(id, operands[0]);
            case NodeKind.Concatenate:
                var text = new StringBuilder("{");
                foreach (var operand in operands)
                {
                    text.Append(text.Length > 1 ? ", " : string.Empty).Append(Inner(operand, id));
                }

                return text.Append('}').ToString();
            case NodeKind.Select when plan.IsChoice(id):
                return $"{Operand(id, operands[0])} ? {Operand(id, operands[2])} : {Operand(id, operands[1])}";
            case NodeKind.PopCount when systemVerilog:
                return FormattableString.Invariant($"{node.Width}'($countones({Inner(operands[0], id)}))");
            case NodeKind.PopCount:
            case NodeKind.Select:
                throw new InvalidOperationException($"A {node.Kind} is a statement, not an expression.");
            default:
                return NameOf(id);
        }

        string Infix(string symbol)
        {
            var pair = graph.Operands(id);
            return $"{Operand(id, pair[0])} {symbol} {Operand(id, pair[1])}";
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

    private static string Bits(string name, int low, int width) => width == 1
        ? FormattableString.Invariant($"{name}[{low}]")
        : FormattableString.Invariant($"{name}[{low + width - 1}:{low}]");

    /// <summary>An operand where the syntax around it encloses it already.</summary>
    public string Inner(int operand, int user) => plan.NeedsName(user, operand) || !plan.IsFolded(operand) ? NameOf(operand) : Definition(operand);

    private string Parenthesised(int id)
    {
        var node = graph.Nodes[id];
        var text = Definition(id);
        var closed = ExpressionPlan.IsLeaf(node.Kind)
            || node.Kind is NodeKind.MemoryRead or NodeKind.Slice or NodeKind.ZeroExtend or NodeKind.SignExtend or NodeKind.Concatenate
            || (node.Kind == NodeKind.Not && text.StartsWith('~'));
        return closed ? text : $"({text})";
    }

    private string Complement(int operand, int id)
    {
        // A folded comparison is turned round: a != b reads better than ~(a == b).
        if (plan.IsFolded(operand))
        {
            var pair = graph.Operands(operand);
            switch (graph.Nodes[operand].Kind)
            {
                case NodeKind.Equal:
                    return $"{Operand(operand, pair[0])} != {Operand(operand, pair[1])}";
                case NodeKind.LessThan:
                    return $"{Operand(operand, pair[0])} >= {Operand(operand, pair[1])}";
                case NodeKind.LessThanSigned:
                    return SignedComparison(">=", pair[0], pair[1], operand);
            }
        }

        return "~" + Operand(id, operand);
    }

    private string SignedComparison(string symbol, int left, int right, int id) =>
        $"$signed({Inner(left, id)}) {symbol} $signed({Inner(right, id)})";

    private string SignExtension(int id, int operand)
    {
        var width = graph.Nodes[operand].Width;
        var copies = graph.Nodes[id].Width - width;
        if (width == 1)
        {
            return FormattableString.Invariant($"{{{copies + 1}{{{Inner(operand, id)}}}}}");
        }

        var name = Operand(id, operand);
        return FormattableString.Invariant($"{{{{{copies}{{{Bits(name, width - 1, 1)}}}}}, {name}}}");
    }
}
