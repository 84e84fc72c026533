namespace HwGen.Netlist.Checks;

/// <summary>
/// Holds every node of a graph to the width law of its kind, as <see cref="NodeKind"/> states it, and every sink to the width of what it takes. The language
/// cannot build a graph that breaks one, so a break is a fault of this library: it throws, before any text exists.
/// </summary>
internal static class WidthLaws
{
    public static void Hold(ModuleGraph graph)
    {
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var node = graph.Nodes[id];
            foreach (var operand in graph.Operands(id))
            {
                Demand(operand >= 0 && operand < id, graph, id, "reads a node that does not come before it");
            }

            Demand(node.Width >= 1 && Obeys(graph, id), graph, id, "breaks the width law of its kind");
        }

        foreach (var wire in graph.WireList)
        {
            Sink(graph, wire.Driver, wire.Width, wire.Name);
        }

        foreach (var register in graph.RegisterList)
        {
            foreach (var drive in register.DriveList)
            {
                Sink(graph, drive.Condition < 0 ? register.Node : drive.Condition, drive.Condition < 0 ? register.Width : 1, register.Name);
                Sink(graph, drive.Value, register.Width, register.Name);
            }
        }

        foreach (var memory in graph.MemoryList)
        {
            foreach (var write in memory.WriteList)
            {
                Sink(graph, write.Enable, 1, memory.Name);
                Sink(graph, write.Address, Widths.Index(memory.Depth), memory.Name);
                Sink(graph, write.Data, memory.Width, memory.Name);
            }
        }

        foreach (var instance in graph.InstanceList)
        {
            foreach (var port in Enumerable.Range(0, instance.Module.PortList.Count).Where(p => instance.Module.PortList[p].IsInput))
            {
                Sink(graph, instance.ConnectionList[port], instance.Module.PortList[port].Width, instance.Name);
            }
        }

        foreach (var property in graph.PropertyList)
        {
            Sink(graph, property.Condition, 1, property.Name);
        }

        foreach (var port in graph.PortList)
        {
            Sink(graph, port.Node, port.Width, port.Name);
        }
    }

    private static bool Obeys(ModuleGraph graph, int id)
    {
        var node = graph.Nodes[id];
        var operands = graph.Operands(id);
        var w = node.Width;
        return node.Kind switch
        {
            NodeKind.Constant => operands.Length == 0 && graph.ConstantValue(id).Sign >= 0 && graph.ConstantValue(id).GetBitLength() <= w,
            NodeKind.Input => operands.Length == 0 && graph.PortList[node.Payload] is { IsInput: true } port && port.Width == w,
            NodeKind.Register => operands.Length == 0 && graph.RegisterList[node.Payload].Width == w,
            NodeKind.Wire => operands.Length == 0 && graph.WireList[node.Payload].Width == w,
            NodeKind.InstanceOutput => operands.Length == 0 && OutputOf(graph, node.Payload) is { IsInput: false } output && output.Width == w,
            NodeKind.MemoryRead => operands.Length == 1 && graph.MemoryList[node.Payload].Width == w && Width(graph, operands[0]) == Widths.Index(graph.MemoryList[node.Payload].Depth),
            NodeKind.Not => operands.Length == 1 && Width(graph, operands[0]) == w,
            NodeKind.And or NodeKind.Or or NodeKind.Xor or NodeKind.Add or NodeKind.Subtract or NodeKind.Multiply =>
                operands.Length == 2 && Width(graph, operands[0]) == w && Width(graph, operands[1]) == w,
            NodeKind.Equal or NodeKind.LessThan or NodeKind.LessThanSigned => operands.Length == 2 && w == 1 && Width(graph, operands[0]) == Width(graph, operands[1]),
            NodeKind.ShiftLeft or NodeKind.ShiftRight or NodeKind.ShiftRightSigned => operands.Length == 2 && Width(graph, operands[0]) == w,
            NodeKind.Concatenate => operands.Length >= 2 && Sum(graph, operands) == w,
            NodeKind.Slice => operands.Length == 1 && node.Payload >= 0 && (long)node.Payload + w <= Width(graph, operands[0]),
            NodeKind.ZeroExtend or NodeKind.SignExtend => operands.Length == 1 && w > Width(graph, operands[0]),
            NodeKind.ReduceAnd or NodeKind.ReduceOr or NodeKind.ReduceXor => operands.Length == 1 && w == 1,
            NodeKind.PopCount => operands.Length == 1 && w == Widths.Count(Width(graph, operands[0])),
            NodeKind.Select => ObeysSelect(graph, operands, w),
            _ => false,
        };
    }

    private static bool ObeysSelect(ModuleGraph graph, ReadOnlySpan<int> operands, int width)
    {
        var options = operands.Length - 1;
        if (options < 2 || (Width(graph, operands[0]) < 31 && options > 1 << Width(graph, operands[0])))
        {
            return false;
        }

        foreach (var option in operands[1..])
        {
            if (Width(graph, option) != width)
            {
                return false;
            }
        }

        return true;
    }

    private static PortInfo OutputOf(ModuleGraph graph, int payload)
    {
        var (instance, port) = graph.InstanceOutputList[payload];
        return graph.InstanceList[instance].Module.PortList[port];
    }

    private static long Sum(ModuleGraph graph, ReadOnlySpan<int> operands)
    {
        var sum = 0L;
        foreach (var operand in operands)
        {
            sum += Width(graph, operand);
        }

        return sum;
    }

    private static int Width(ModuleGraph graph, int node) => graph.Nodes[node].Width;

    private static void Sink(ModuleGraph graph, int node, int width, string name)
    {
        if (node < 0 || node >= graph.Nodes.Count || graph.Nodes[node].Width != width)
        {
            throw new InvalidOperationException($"A fault of the netlist library: {graph.Name}.{name} does not get a node of its width.");
        }
    }

    private static void Demand(bool holds, ModuleGraph graph, int id, string fault)
    {
        if (!holds)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"A fault of the netlist library: node {id} of {graph.Name}, {graph.Nodes[id].Kind} of {graph.Nodes[id].Width} bits, {fault}."));
        }
    }
}
