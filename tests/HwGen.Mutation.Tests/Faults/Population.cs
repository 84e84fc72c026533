using HwGen.Netlist;

namespace HwGen.Mutation.Tests.Faults;

/// <summary>What of a module a fault can be drawn from: live nodes, and write ports of memories.</summary>
internal sealed class Population
{
    private readonly bool[] _isLive;
    private readonly List<int>[] _readers;
    private readonly List<(int Node, int Memory, int Port)> _places = [];

    public Population(ModuleGraph graph)
    {
        Graph = graph;
        _isLive = new bool[graph.Nodes.Count];
        _readers = [.. graph.Nodes.Select(_ => new List<int>())];
        var open = new Stack<int>(Sinks(graph));
        while (open.TryPop(out var node))
        {
            if (_isLive[node])
            {
                continue;
            }

            _isLive[node] = true;
            foreach (var operand in graph.Operands(node))
            {
                _readers[operand].Add(node);
                open.Push(operand);
            }

            foreach (var source in Sources(graph, node))
            {
                open.Push(source);
            }
        }

        _places.AddRange(Enumerable.Range(0, _isLive.Length).Where(node => _isLive[node]).Select(node => (node, -1, 0)));
        for (var memory = 0; memory < graph.Memories.Count; memory++)
        {
            for (var port = 0; port < graph.Memories[memory].Writes.Count; port++)
            {
                _places.Add((-1, memory, port));
            }
        }
    }

    public ModuleGraph Graph { get; }

    /// <summary>How many nodes and write ports there are.</summary>
    public int Count => _places.Count;

    /// <summary>Draws a fault of a node or write port; null when it has none that changes the module.</summary>
    public NodeFault? Draw(int place, Random random)
    {
        var (node, memory, port) = _places[place];
        var faults = node < 0
            ? [.. RegisterFaults.OfWrite(Graph, memory, port, random)]
            : NodeFaults.Of(Graph, node, _readers[node], random);
        var same = new Dictionary<ModuleGraph, ModuleGraph>(ReferenceEqualityComparer.Instance);
        foreach (var child in Graph.Instances.Select(i => i.Module))
        {
            same[child] = child;
        }

        var sound = new FaultyGraph(Graph, same, null).Run();
        while (faults.Count > 0)
        {
            var index = random.Next(faults.Count);
            if (!IsSame(new FaultyGraph(Graph, same, faults[index]).Run(), sound))
            {
                return faults[index];
            }

            faults.RemoveAt(index);
        }

        return null;
    }

    /// <summary>What the place is, for a report.</summary>
    public string Name(NodeFault fault)
    {
        if (fault.Node < 0)
        {
            return $"memory {Graph.Memories[fault.Memory].Name}";
        }

        var node = Graph.Nodes[fault.Node];
        var name = Graph.SignalName(fault.Node) ?? NamedReader(fault.Node);
        var value = node.Kind == NodeKind.Constant ? FormattableString.Invariant($" {Graph.ConstantValue(fault.Node)}") : string.Empty;
        return FormattableString.Invariant($"node {fault.Node}, {node.Kind}{value} of {node.Width} bits{(name is null ? string.Empty : $" ({name})")}");
    }

    /// <summary>The first named thing that a node leads to.</summary>
    private string? NamedReader(int node)
    {
        var seen = new HashSet<int>();
        var open = new Queue<int>([node]);
        while (open.TryDequeue(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (Graph.Wires.FirstOrDefault(w => w.Driver == next) is { } wire)
            {
                return "for " + wire.Name;
            }

            if (Graph.Registers.FirstOrDefault(r => r.Drives.Any(d => d.Condition == next || d.Value == next)) is { } register)
            {
                return "for " + register.Name;
            }

            if (Graph.Ports.FirstOrDefault(p => !p.IsInput && p.Node == next) is { } port)
            {
                return "for " + port.Name;
            }

            if (Graph.Instances.FirstOrDefault(i => i.Connections.Contains(next)) is { } instance)
            {
                return "for " + instance.Name + "." + instance.Module.Ports[instance.Connections.ToList().IndexOf(next)].Name;
            }

            foreach (var reader in _readers[next])
            {
                open.Enqueue(reader);
            }
        }

        return null;
    }

    private static bool IsSame(ModuleGraph left, ModuleGraph right) => left.Difference(right) is null;

    /// <summary>What a node reads that has no operands.</summary>
    private static IEnumerable<int> Sources(ModuleGraph graph, int node)
    {
        var (kind, index) = (graph.Nodes[node].Kind, graph.Nodes[node].Payload);
        return kind switch
        {
            NodeKind.Wire => [graph.Wires[index].Driver],
            NodeKind.Register => graph.Registers[index].Drives.SelectMany(d => new[] { d.Condition, d.Value }).Where(source => source >= 0),
            NodeKind.MemoryRead => graph.Memories[index].Writes.SelectMany(w => new[] { w.Enable, w.Address, w.Data }),
            _ => [],
        };
    }

    private static IEnumerable<int> Sinks(ModuleGraph graph) =>
        graph.Ports.Where(p => !p.IsInput).Select(p => p.Node).Concat(graph.Instances.SelectMany(i => i.Connections)).Where(node => node >= 0);
}
