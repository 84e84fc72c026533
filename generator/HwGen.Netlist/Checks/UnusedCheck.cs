namespace HwGen.Netlist.Checks;

/// <summary>
/// Every bit of every input, wire and register is read by something, or discarded on purpose. Outputs of instances are not
/// looked at one by one, only together: a module may offer more than one user needs. Nor is it looked at whether what reads a bit is read itself.
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
            var outputs = instance.OutputNodes.Where(node => node >= 0).ToList();
            if (outputs.Count > 0 && outputs.All(node => bits.UnusedRanges(node).Any(r => r.Width == graph.Nodes[node].Width)) && !HasEffect(instance.Module))
            {
                elaboration.Report(
                    DiagnosticCodes.Unused, graph, $"no output of the instance {instance.Name} of {instance.Module.Name} is read", "remove it, or Discard one of its outputs", instance.Location);
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

    /// <summary>True for a module that does something that no output shows: it states properties, or nobody knows what is in it.</summary>
    private static bool HasEffect(ModuleGraph module) =>
        module.BlackBox is not null || module.PropertyList.Count > 0 || module.InstanceList.Any(i => HasEffect(i.Module));
}
