namespace HwGen.Netlist.Checks;

/// <summary>
/// No combinational logic feeds itself, within a module or through instances. Which input of a module reaches
/// which output without a register is worked out children first.
/// </summary>
internal static class LoopCheck
{
    public static void Run(IReadOnlyList<ModuleGraph> modules, Elaboration elaboration)
    {
        var paths = new Dictionary<ModuleGraph, List<int>[]>(ReferenceEqualityComparer.Instance);
        foreach (var module in modules)
        {
            foreach (var loop in Loops(module, paths))
            {
                elaboration.Report(
                    DiagnosticCodes.CombinationalLoop, module, "combinational loop: " + string.Join(" -> ", loop.Select(l => l.Name)),
                    "put a register into the loop", loop[0].Location);
            }

            paths.Add(module, InputsReached(module, paths));
        }
    }

    /// <summary>The nodes that a node depends on within the cycle; what has no driver depends on nothing.</summary>
    private static IEnumerable<int> Dependencies(ModuleGraph graph, int id, Dictionary<ModuleGraph, List<int>[]> paths) =>
        Drivers(graph, id, paths).Where(node => node >= 0);

    private static IEnumerable<int> Drivers(ModuleGraph graph, int id, Dictionary<ModuleGraph, List<int>[]> paths)
    {
        var node = graph.Nodes[id];
        switch (node.Kind)
        {
            case NodeKind.Wire:
                return [graph.WireList[node.Payload].Driver];
            case NodeKind.InstanceOutput:
                var (instance, port) = graph.InstanceOutputList[node.Payload];
                var info = graph.InstanceList[instance];
                return paths[info.Module][port].Select(input => info.ConnectionList[input]);
            default:
                return graph.Operands(id).ToArray();
        }
    }

    private static List<int>[] InputsReached(ModuleGraph graph, Dictionary<ModuleGraph, List<int>[]> paths)
    {
        var reached = new List<int>[graph.PortList.Count];
        for (var port = 0; port < reached.Length; port++)
        {
            reached[port] = [];
            if (graph.PortList[port].IsInput || graph.PortList[port].Node < 0)
            {
                continue;
            }

            var seen = new HashSet<int>();
            var stack = new Stack<int>([graph.PortList[port].Node]);
            while (stack.TryPop(out var id))
            {
                if (!seen.Add(id))
                {
                    continue;
                }

                if (graph.Nodes[id].Kind == NodeKind.Input)
                {
                    reached[port].Add(graph.Nodes[id].Payload);
                }

                foreach (var dependency in Dependencies(graph, id, paths))
                {
                    stack.Push(dependency);
                }
            }

            reached[port].Sort();
        }

        return reached;
    }

    /// <summary>The loops of a module. Of loops that share a signal only the one that is found first: one mistake often makes many.</summary>
    private static List<List<(string Name, SourceLocation Location)>> Loops(ModuleGraph graph, Dictionary<ModuleGraph, List<int>[]> paths)
    {
        const byte Open = 1, Closed = 2;
        var loops = new List<List<(string, SourceLocation)>>();
        var isReported = new HashSet<int>();
        var state = new byte[graph.Nodes.Count];
        for (var root = 0; root < state.Length; root++)
        {
            if (state[root] != 0)
            {
                continue;
            }

            var path = new List<(int Id, IEnumerator<int> Remaining)> { (root, Dependencies(graph, root, paths).GetEnumerator()) };
            state[root] = Open;
            while (path.Count > 0)
            {
                var (id, rest) = path[^1];
                if (!rest.MoveNext())
                {
                    state[id] = Closed;
                    path.RemoveAt(path.Count - 1);
                }
                else if (state[rest.Current] == Open)
                {
                    var steps = path.Skip(path.FindIndex(step => step.Id == rest.Current)).Select(step => step.Id).ToList();
                    if (!steps.Any(isReported.Contains))
                    {
                        // Driver first: the walk goes from a signal to what it reads.
                        var hops = Enumerable.Reverse(steps).Select(step => Describe(graph, step)).Where(d => d.Name.Length > 0).ToList();
                        loops.Add([.. hops, hops[0]]);
                    }

                    isReported.UnionWith(steps);
                }
                else if (state[rest.Current] == 0)
                {
                    state[rest.Current] = Open;
                    path.Add((rest.Current, Dependencies(graph, rest.Current, paths).GetEnumerator()));
                }
            }
        }

        return loops;
    }

    private static (string Name, SourceLocation Location) Describe(ModuleGraph graph, int id)
    {
        var node = graph.Nodes[id];
        switch (node.Kind)
        {
            case NodeKind.Wire:
                var wire = graph.WireList[node.Payload];
                return ($"{wire.Name} ({wire.Location})", wire.Location);
            case NodeKind.InstanceOutput:
                var (index, port) = graph.InstanceOutputList[node.Payload];
                var instance = graph.InstanceList[index];
                return ($"{instance.Name}.{instance.Module.PortList[port].Name} ({instance.Location})", instance.Location);
            default:
                return (string.Empty, SourceLocation.Unknown);
        }
    }
}
