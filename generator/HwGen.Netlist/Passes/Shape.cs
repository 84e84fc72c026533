namespace HwGen.Netlist.Passes;

/// <summary>What a node is in Verilog text.</summary>
internal static class Shape
{
    /// <summary>True for a node that stands for itself.</summary>
    public static bool IsLeaf(NodeKind kind) =>
        kind is NodeKind.Constant or NodeKind.Input or NodeKind.Register or NodeKind.Wire or NodeKind.InstanceOutput;

    /// <summary>True for a node that is a name, so that bits can be taken of it.</summary>
    public static bool IsName(NodeKind kind) => IsLeaf(kind) && kind != NodeKind.Constant;

    /// <summary>True for a Select that is written <c>c ? a : b</c>.</summary>
    public static bool IsChoice(ModuleGraph graph, int id) => graph.Nodes[id].OperandCount == 3 && graph.Nodes[graph.Operands(id)[0]].Width == 1;

    /// <summary>True for a node that is a statement, not an expression: it always has a name.</summary>
    /// <param name="graph">The module.</param>
    /// <param name="id">The node.</param>
    /// <param name="systemVerilog">True for a simulation twin.</param>
    public static bool IsStatement(ModuleGraph graph, int id, bool systemVerilog) => graph.Nodes[id].Kind switch
    {
        // In an expression with an unsigned operand, Verilog would shift zeros in.
        NodeKind.ShiftRightSigned => true,

        // SystemVerilog has a function for it; Verilog-2005 takes an instance.
        NodeKind.PopCount => !systemVerilog,
        NodeKind.Select => !IsChoice(graph, id),
        _ => false,
    };

    /// <summary>True when a user needs a name for the operand: bits are taken of it.</summary>
    public static bool NeedsName(ModuleGraph graph, int user, int operand) =>
        !IsName(graph.Nodes[operand].Kind)
        && (graph.Nodes[user].Kind == NodeKind.Slice || (graph.Nodes[user].Kind == NodeKind.SignExtend && graph.Nodes[operand].Width > 1));
}
