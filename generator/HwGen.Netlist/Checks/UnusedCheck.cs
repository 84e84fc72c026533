namespace HwGen.Netlist.Checks;

/// <summary>
/// Every bit of every input, wire and register is read by something, or discarded on purpose, and of every output of an instance at least one bit: the text then
/// never depends on what reads an output. It is not looked at whether what reads a bit is read itself.
/// </summary>
internal static class UnusedCheck
{
    public static void Run(ModuleGraph graph, Elaboration elaboration)
    {
        if (graph.BlackBox is not null)
        {
            return;
        }

        // A node that nothing reaches reads nothing.
        var isLive = new bool[graph.Nodes.Count];
        foreach (var root in Sinks.Of(graph).Concat(graph.DiscardedList))
        {
            isLive[root] = true;
        }

        for (var id = graph.Nodes.Count - 1; id >= 0; id--)
        {
            // Operands have lower ids than their users.
            if (isLive[id])
            {
                foreach (var operand in graph.Operands(id))
                {
                    isLive[operand] = true;
                }
            }
        }

        var bits = new UsedBits(graph, node => isLive[node], Sinks.Of(graph).Concat(graph.DiscardedList));
        foreach (var port in graph.PortList.Where(p => p.IsInput))
        {
            Check("input", port.Name, port.Node, port.Location);
        }

        foreach (var wire in graph.WireList)
        {
            Check("wire", wire.Name, wire.Node, wire.Location);
        }

        foreach (var register in graph.RegisterList)
        {
            Check("register", register.Name, register.Node, register.Location);
        }

        foreach (var instance in graph.InstanceList)
        {
            for (var port = 0; port < instance.OutputNodes.Length; port++)
            {
                if (instance.OutputNodes[port] is >= 0 and var node && bits.UnusedRanges(node).Any(r => r.Width == graph.Nodes[node].Width))
                {
                    elaboration.Report(
                        DiagnosticCodes.Unused, graph, $"the output {instance.Name}.{instance.Module.PortList[port].Name} is read by nothing", "read it, or Discard it",
                        instance.Location);
                }
            }
        }

        void Check(string kind, string name, int node, SourceLocation location)
        {
            var width = graph.Nodes[node].Width;
            var unused = bits.UnusedRanges(node).ToList();
            if (unused is [var (low, count)] && (low, count) == (0, width))
            {
                elaboration.Report(DiagnosticCodes.Unused, graph, $"the {kind} {name} is read by nothing", "remove it, or Discard it", location);
            }
            else if (unused.Count > 0)
            {
                var ranges = string.Join(", ", unused.Select(r => r.Width == 1 ? $"{r.Low}" : $"{r.Low} to {r.Low + r.Width - 1}"));
                elaboration.Report(DiagnosticCodes.Unused, graph, $"bits {ranges} of the {kind} {name} are read by nothing", "make it narrower, or Discard those bits", location);
            }
        }
    }
}
