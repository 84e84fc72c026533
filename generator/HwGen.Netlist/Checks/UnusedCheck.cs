namespace HwGen.Netlist.Checks;

/// <summary>
/// Every input, wire and register is read by something, or discarded on purpose. Outputs of instances are not
/// looked at: a module may offer more than one user needs.
/// </summary>
internal static class UnusedCheck
{
    public static void Run(ModuleGraph graph, Elaboration elaboration)
    {
        var used = new bool[graph.Nodes.Count];
        foreach (var root in Sinks.Of(graph))
        {
            Mark(root);
        }

        foreach (var discarded in graph.DiscardedList)
        {
            Mark(discarded);
        }

        foreach (var port in graph.PortList)
        {
            if (port.IsInput && !used[port.Node])
            {
                Report("input", port.Name, port.Location);
            }
        }

        foreach (var wire in graph.WireList)
        {
            if (!used[wire.Node])
            {
                Report("wire", wire.Name, wire.Location);
            }
        }

        foreach (var register in graph.RegisterList)
        {
            if (!used[register.Node])
            {
                Report("register", register.Name, register.Location);
            }
        }

        void Mark(int root)
        {
            // Operands have lower ids than their users, but graphs are deep: an own stack.
            var stack = new Stack<int>();
            stack.Push(root);
            while (stack.TryPop(out var node))
            {
                if (used[node])
                {
                    continue;
                }

                used[node] = true;
                foreach (var operand in graph.Operands(node))
                {
                    stack.Push(operand);
                }
            }
        }

        void Report(string kind, string name, SourceLocation location) =>
            elaboration.Report(DiagnosticCodes.Unused, graph, $"the {kind} {name} is read by nothing", "remove it, or Discard it", location);
    }
}
