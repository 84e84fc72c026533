using System.Numerics;

namespace HwGen.Netlist;

/// <summary>What values a node can have, from its shape alone.</summary>
internal static class ValueRange
{
    /// <summary>The least and the largest unsigned value. Constants and zero extensions are looked through, nothing else.</summary>
    public static (BigInteger Least, BigInteger Largest) Unsigned(ModuleGraph graph, int id)
    {
        while (graph.Nodes[id].Kind == NodeKind.ZeroExtend)
        {
            id = graph.Operands(id)[0];
        }

        if (graph.Nodes[id].Kind == NodeKind.Constant)
        {
            return (graph.ConstantValue(id), graph.ConstantValue(id));
        }

        return (BigInteger.Zero, (BigInteger.One << graph.Nodes[id].Width) - 1);
    }

    /// <summary>The result of a comparison where the ranges decide it, else null.</summary>
    public static bool? Compare(NodeKind kind, ModuleGraph graph, int left, int right)
    {
        if (kind == NodeKind.LessThanSigned)
        {
            return CompareSigned(graph, left, right);
        }

        var (a, b) = (Unsigned(graph, left), Unsigned(graph, right));
        return kind switch
        {
            NodeKind.Equal when a.Least > b.Largest || b.Least > a.Largest => false,
            NodeKind.LessThan when a.Largest < b.Least => true,
            NodeKind.LessThan when a.Least >= b.Largest => false,
            _ => null,
        };
    }

    private static bool? CompareSigned(ModuleGraph graph, int left, int right)
    {
        // Nothing is below the least value, and the largest is below nothing.
        var half = BigInteger.One << (graph.Nodes[left].Width - 1);
        return (graph.Nodes[right].Kind == NodeKind.Constant && graph.ConstantValue(right) == half)
            || (graph.Nodes[left].Kind == NodeKind.Constant && graph.ConstantValue(left) == half - 1)
            ? false : null;
    }
}
