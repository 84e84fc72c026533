namespace HwGen.Netlist.Analysis;

/// <summary>What nodes are called in tables, and which of them are operators.</summary>
internal static class NodeNames
{
    /// <summary>True for a node that computes: not for names, and not for wiring.</summary>
    public static bool IsOperator(NodeKind kind) => kind is not (NodeKind.Constant or NodeKind.Input or NodeKind.Register or NodeKind.Wire
        or NodeKind.InstanceOutput or NodeKind.Slice or NodeKind.ZeroExtend or NodeKind.SignExtend or NodeKind.Concatenate);

    /// <summary>The signal, or what the operator is.</summary>
    public static string Of(ModuleGraph graph, int id)
    {
        var node = graph.Nodes[id];
        if (node.Kind != NodeKind.InstanceOutput)
        {
            return graph.SignalName(id) ?? FormattableString.Invariant($"({node.Kind} of {node.Width} bits)");
        }

        var (instance, port) = graph.InstanceOutputs[node.Payload];
        return $"{graph.Instances[instance].Name}.{graph.Instances[instance].Module.Ports[port].Name}";
    }

    /// <summary>What a module itself is made of, without what is in its instances: how many of each kind and width.</summary>
    public static IEnumerable<(string What, int Width)> Parts(ModuleGraph graph) =>
        graph.Registers.Select(register => ("Register", register.Width))
            .Concat(graph.Memories.Select(memory => ("Memory", memory.Width * memory.Depth)))
            .Concat(graph.Nodes.Where(node => IsOperator(node.Kind)).Select(node => (node.Kind.ToString(), node.Width)));
}
