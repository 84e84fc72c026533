using System.Numerics;

namespace HwGen.Netlist.Passes;

/// <summary>
/// Writes expressions as a person would. A rule looks at an expression and its operands alone, never at its users, so that one more user changes nothing; and it
/// keeps every operand that is no constant, so that nothing becomes unread.
/// </summary>
internal sealed class Prettifier(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, ModuleGraph> modules) : GraphRewriter(source, modules)
{
    /// <inheritdoc/>
    protected override int Rewrite(int id, Node node)
    {
        var operands = Source.Operands(id);
        switch (node.Kind)
        {
            case NodeKind.Concatenate:
                return Concatenate(operands, node.Width);
            case NodeKind.ZeroExtend or NodeKind.SignExtend:
                return Extend(node, Copy(operands[0]));
            case NodeKind.Add or NodeKind.Or or NodeKind.Xor:
                return WithoutNeutral(id, node, BigInteger.Zero);
            case NodeKind.And:
                return WithoutNeutral(id, node, (BigInteger.One << node.Width) - 1);
            case NodeKind.Multiply:
                return WithoutNeutral(id, node, BigInteger.One);
            case NodeKind.Not when Target.Nodes[Copy(operands[0])].Kind == NodeKind.Not:
                return Target.Operands(Copy(operands[0]))[0];
            case NodeKind.Subtract when IsConstant(Copy(operands[1]), BigInteger.Zero):
                return Copy(operands[0]);
            case NodeKind.Select when node.Width == 1 && Shape.IsChoice(Source, id):
                return Choose(id, node);
            default:
                return base.Rewrite(id, node);
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        // The reader that came first stays first: it may have lent its name.
        var isKnown = new bool[Target.Nodes.Count];
        for (var id = 0; id < Source.Nodes.Count; id++)
        {
            if (!isKnown[Copy(id)])
            {
                isKnown[Copy(id)] = true;
                Target.SetFirstReader(Copy(id), Source.FirstReader(id));
            }
        }
    }

    private int Concatenate(ReadOnlySpan<int> operands, int width)
    {
        var parts = new List<int>(operands.Length);
        foreach (var operand in operands)
        {
            var copy = Copy(operand);
            if (Target.Nodes[copy].Kind == NodeKind.Concatenate)
            {
                parts.AddRange(Target.Operands(copy));
            }
            else
            {
                parts.Add(copy);
            }
        }

        return Target.Add(NodeKind.Concatenate, width, 0, parts.ToArray());
    }

    /// <summary>An extension of an extension. The sign bit of a zero extension is 0.</summary>
    private int Extend(Node node, int operand)
    {
        var inner = Target.Nodes[operand];
        return inner.Kind == NodeKind.ZeroExtend || (inner.Kind == NodeKind.SignExtend && node.Kind == NodeKind.SignExtend)
            ? Target.Add(inner.Kind, node.Width, 0, [Target.Operands(operand)[0]])
            : Target.Add(node.Kind, node.Width, 0, [operand]);
    }

    private int WithoutNeutral(int id, Node node, BigInteger neutral)
    {
        var (left, right) = (Copy(Source.Operands(id)[0]), Copy(Source.Operands(id)[1]));
        return IsConstant(right, neutral) ? left : IsConstant(left, neutral) ? right : base.Rewrite(id, node);
    }

    private int Choose(int id, Node node)
    {
        var operands = Source.Operands(id);
        var (condition, whenZero, whenOne) = (Copy(operands[0]), Copy(operands[1]), Copy(operands[2]));
        if (IsConstant(whenZero, BigInteger.Zero) && IsConstant(whenOne, BigInteger.One))
        {
            return condition;
        }

        if (!IsConstant(whenZero, BigInteger.One) || !IsConstant(whenOne, BigInteger.Zero))
        {
            return base.Rewrite(id, node);
        }

        return Target.Nodes[condition].Kind == NodeKind.Not ? Target.Operands(condition)[0] : Target.Add(NodeKind.Not, 1, 0, [condition]);
    }

    private bool IsConstant(int copy, BigInteger value) => Target.Nodes[copy].Kind == NodeKind.Constant && Target.ConstantValue(copy) == value;
}
