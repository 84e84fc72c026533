using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>How a user reads an operand.</summary>
internal enum Reading
{
    /// <summary>Once, as one word on the evaluation stack.</summary>
    Once,

    /// <summary>More than once, as one word: it needs a local variable.</summary>
    Repeatedly,

    /// <summary>Each of its words once.</summary>
    WordByWord,

    /// <summary>By its address, or its words in any order.</summary>
    ByAddress,
}

/// <summary>How each kind of node reads its operands: it decides what is folded into its user.</summary>
internal static class Demand
{
    /// <summary>Values of more words are worked on by loops, not by unrolled code.</summary>
    public const int MostUnrolledWords = 16;

    public static Reading Of(FlatGraph graph, int user, int position)
    {
        var node = graph.Nodes[user];
        var operand = graph.Operands(user)[position];
        var width = graph.Nodes[operand].Width;
        var isWide = ModulePlan.IsWide(width);
        if (!isWide)
        {
            var many = ModulePlan.IsWide(node.Width) && node.Kind is NodeKind.Concatenate or NodeKind.SignExtend or NodeKind.Select;
            return many || node.Kind is NodeKind.Select && position == 0 ? Reading.Repeatedly : Reading.Once;
        }

        if (BitWords.Count(width) > MostUnrolledWords || BitWords.Count(node.Width) > MostUnrolledWords)
            return Reading.ByAddress;
        switch (node.Kind)
        {
            case NodeKind.And or NodeKind.Or or NodeKind.Xor or NodeKind.Not or NodeKind.ZeroExtend:
            case NodeKind.PopCount or NodeKind.ReduceAnd or NodeKind.ReduceOr or NodeKind.ReduceXor or NodeKind.Equal:
                return Reading.WordByWord;
            case NodeKind.Select when position > 0:
                return Reading.WordByWord;
            default:
                return Reading.ByAddress;
        }
    }

    /// <summary>Whether a wide node can be computed word by word inside its one user.</summary>
    public static bool CanBeFolded(FlatGraph graph, int id) =>
        BitWords.Count(graph.Nodes[id].Width) <= MostUnrolledWords && graph.Nodes[id].Kind switch
        {
            NodeKind.And or NodeKind.Or or NodeKind.Xor or NodeKind.Not or NodeKind.ZeroExtend or NodeKind.Concatenate or NodeKind.Slice => true,
            NodeKind.Select => IsLazySelect(graph, id),
            _ => false,
        };

    /// <summary>Whether a wide node costs so little that several users may each compute its words: one or two gates a bit.</summary>
    public static bool IsCheap(FlatGraph graph, int id) => graph.Nodes[id].Kind is NodeKind.And or NodeKind.Or or NodeKind.Xor or NodeKind.Not;

    private static bool IsLazySelect(FlatGraph graph, int id) =>
        graph.Nodes[id].OperandCount == 3 && !ModulePlan.IsWide(graph.Nodes[graph.Operands(id)[0]].Width);
}
