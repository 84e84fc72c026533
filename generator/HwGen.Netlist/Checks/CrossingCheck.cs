namespace HwGen.Netlist.Checks;

/// <summary>
/// No register, memory write or property of one clock reads a register or memory of another, within a module or through instances, but
/// through a stated crossing. Inputs of the top module are not looked at: nothing says which clock they belong to.
/// </summary>
internal static class CrossingCheck
{
    /// <summary>What a signal comes from: clocks, and inputs of the module whose clocks the module around it knows.</summary>
    private sealed record Origin(SortedSet<string> Clocks, SortedSet<int> Inputs);

    private sealed record Boundary(Origin?[] Outputs, SortedSet<string>?[] InputReaders);

    public static void Run(IReadOnlyList<ModuleGraph> modules, Elaboration elaboration)
    {
        if (modules.All(m => m.DomainList.Select(d => d.Clock).Distinct().Count() < 2))
        {
            return;
        }

        var boundaries = new Dictionary<ModuleGraph, Boundary>(ReferenceEqualityComparer.Instance);
        foreach (var module in modules)
        {
            boundaries.Add(module, Check(module, boundaries, elaboration));
        }
    }

    private static Boundary Check(ModuleGraph graph, Dictionary<ModuleGraph, Boundary> boundaries, Elaboration elaboration)
    {
        var origins = new Dictionary<int, Origin>();
        var inputReaders = new SortedSet<string>?[graph.PortList.Count];
        foreach (var register in graph.RegisterList)
        {
            foreach (var drive in register.DriveList)
            {
                Read(drive.Value, register.Domain.Clock, $"register {register.Name}", drive.Location);
                Read(drive.Condition, register.Domain.Clock, $"register {register.Name}", drive.Location);
            }
        }

        foreach (var memory in graph.MemoryList)
        {
            foreach (var write in memory.WriteList)
            {
                foreach (var node in new[] { write.Enable, write.Address, write.Data })
                {
                    Read(node, memory.Domain.Clock, $"memory {memory.Name}", memory.Location);
                }
            }
        }

        foreach (var property in graph.PropertyList)
        {
            Read(property.Condition, property.Domain.Clock, $"property {property.Name}", SourceLocation.Unknown);
        }

        foreach (var instance in graph.InstanceList)
        {
            var readers = boundaries[instance.Module].InputReaders;
            for (var port = 0; port < readers.Length; port++)
            {
                foreach (var clock in readers[port] ?? [])
                {
                    Read(instance.ConnectionList[port], clock, $"input {instance.Name}.{instance.Module.PortList[port].Name}", instance.Location);
                }
            }
        }

        var outputs = graph.PortList.Select(p => p.IsInput ? null : p.Node < 0 ? new Origin([], []) : OriginOf(p.Node)).ToArray();
        return new Boundary(outputs, inputReaders);

        void Read(int node, string clock, string reader, SourceLocation location)
        {
            if (node < 0)
            {
                return;
            }

            var origin = OriginOf(node);
            foreach (var other in origin.Clocks.Where(c => c != clock))
            {
                elaboration.Report(
                    DiagnosticCodes.ClockCrossing, graph, $"{reader} of clock {clock} reads a value of clock {other}", "use Synchronise, or ClockCrossing with a reason", location);
            }

            foreach (var input in origin.Inputs)
            {
                (inputReaders[input] ??= new SortedSet<string>(StringComparer.Ordinal)).Add(clock);
            }
        }

        Origin OriginOf(int root)
        {
            if (origins.TryGetValue(root, out var known))
            {
                return known;
            }

            // An own stack, because the graph may be deep. A combinational loop is another check's business: it is cut where it closes.
            var begun = new HashSet<int>();
            var stack = new Stack<int>([root]);
            while (stack.TryPeek(out var id))
            {
                if (origins.ContainsKey(id))
                {
                    stack.Pop();
                    continue;
                }

                var dependencies = Dependencies(id);
                var missing = begun.Add(id) ? dependencies.Where(d => !origins.ContainsKey(d)).ToList() : [];
                if (missing.Count > 0)
                {
                    missing.ForEach(stack.Push);
                    continue;
                }

                origins[id] = Join(id, [.. dependencies.Where(origins.ContainsKey)]);
                stack.Pop();
            }

            return origins[root];
        }

        List<int> Dependencies(int id) => [.. Drivers(id).Where(node => node >= 0)];

        IEnumerable<int> Drivers(int id)
        {
            var node = graph.Nodes[id];
            switch (node.Kind)
            {
                case NodeKind.Wire:
                    return graph.WireList[node.Payload].CrossingReason is null ? [graph.WireList[node.Payload].Driver] : [];
                case NodeKind.InstanceOutput:
                    var (index, port) = graph.InstanceOutputList[node.Payload];
                    var instance = graph.InstanceList[index];
                    return [.. boundaries[instance.Module].Outputs[port]!.Inputs.Select(input => instance.ConnectionList[input])];
                default:
                    return [.. graph.Operands(id)];
            }
        }

        Origin Join(int id, List<int> dependencies)
        {
            var node = graph.Nodes[id];
            if (node.Kind is not (NodeKind.Input or NodeKind.Register or NodeKind.MemoryRead or NodeKind.InstanceOutput) && dependencies.Count > 0
                && dependencies.All(d => ReferenceEquals(origins[d], origins[dependencies[0]])))
            {
                return origins[dependencies[0]];
            }

            var clocks = new SortedSet<string>(StringComparer.Ordinal);
            var inputs = new SortedSet<int>();
            switch (node.Kind)
            {
                case NodeKind.Input:
                    inputs.Add(node.Payload);
                    break;
                case NodeKind.Register:
                    clocks.Add(graph.RegisterList[node.Payload].Domain.Clock);
                    break;
                case NodeKind.MemoryRead:
                    clocks.Add(graph.MemoryList[node.Payload].Domain.Clock);
                    break;
                case NodeKind.InstanceOutput:
                    var (index, port) = graph.InstanceOutputList[node.Payload];
                    clocks.UnionWith(boundaries[graph.InstanceList[index].Module].Outputs[port]!.Clocks);
                    break;
            }

            foreach (var dependency in dependencies)
            {
                clocks.UnionWith(origins[dependency].Clocks);
                inputs.UnionWith(origins[dependency].Inputs);
            }

            return new Origin(clocks, inputs);
        }
    }
}
