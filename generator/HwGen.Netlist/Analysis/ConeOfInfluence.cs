namespace HwGen.Netlist.Analysis;

/// <summary>
/// Everything that can reach an output in any number of cycles: through logic, registers, memories (address and contents) and instances. What is not in
/// the cone cannot change the output, whatever it does; what is in it may or may not. Clocks and resets are not looked at.
/// </summary>
/// <param name="Inputs">Inputs of the top module, ascending.</param>
/// <param name="State">Registers and memories with the path of their instance, such as <c>lane_3.cells</c>, ascending.</param>
public sealed record ConeOfInfluence(IReadOnlyList<string> Inputs, IReadOnlyList<string> State)
{
    /// <summary>The cone of one output of the top module.</summary>
    /// <exception cref="ArgumentException">The top module has no such output.</exception>
    public static ConeOfInfluence Of(Design design, string output)
    {
        ArgumentNullException.ThrowIfNull(design);
        var port = design.Top.Ports.FirstOrDefault(p => !p.IsInput && p.Name == output)
            ?? throw new ArgumentException($"{design.Top.Name} has no output {output}; it has {string.Join(", ", design.Top.Ports.Where(p => !p.IsInput).Select(p => p.Name))}.", nameof(output));
        return new Walk(design.Top).From(port.Node);
    }

    /// <summary>One module in its place: which instance it is, and what surrounds it.</summary>
    private sealed record Place(ModuleGraph Graph, string Path, Place? Parent, InstanceInfo? Instance)
    {
        private readonly Place?[] _children = new Place?[Graph.Instances.Count];

        public Place Child(int index) =>
            _children[index] ??= new Place(Graph.Instances[index].Module, $"{Path}{Graph.Instances[index].Name}.", this, Graph.Instances[index]);
    }

    private sealed class Walk(ModuleGraph top)
    {
        private readonly HashSet<(Place Place, int Node)> _seen = new(PlaceComparer.Instance);
        private readonly Stack<(Place Place, int Node)> _stack = new();
        private readonly SortedSet<string> _inputs = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _state = new(StringComparer.Ordinal);
        private readonly Place _top = new(top, string.Empty, null, null);

        public ConeOfInfluence From(int node)
        {
            Push(_top, node);
            while (_stack.TryPop(out var step))
            {
                Visit(step.Place, step.Node);
            }

            return new ConeOfInfluence([.. _inputs], [.. _state]);
        }

        private void Push(Place place, int node)
        {
            if (node >= 0 && _seen.Add((place, node)))
            {
                _stack.Push((place, node));
            }
        }

        private void Visit(Place place, int id)
        {
            var graph = place.Graph;
            var node = graph.Nodes[id];
            foreach (var operand in graph.Operands(id))
            {
                Push(place, operand);
            }

            switch (node.Kind)
            {
                case NodeKind.Input when place.Parent is { } parent:
                    Push(parent, place.Instance!.Connections[node.Payload]);
                    break;
                case NodeKind.Input:
                    _inputs.Add(graph.Ports[node.Payload].Name);
                    break;
                case NodeKind.Wire:
                    Push(place, graph.Wires[node.Payload].Driver);
                    break;
                case NodeKind.Register:
                    _state.Add(place.Path + graph.Registers[node.Payload].Name);
                    foreach (var drive in graph.Registers[node.Payload].Drives)
                    {
                        Push(place, drive.Condition);
                        Push(place, drive.Value);
                    }

                    break;
                case NodeKind.MemoryRead:
                    _state.Add(place.Path + graph.Memories[node.Payload].Name);
                    foreach (var write in graph.Memories[node.Payload].Writes)
                    {
                        Push(place, write.Enable);
                        Push(place, write.Address);
                        Push(place, write.Data);
                    }

                    break;
                case NodeKind.InstanceOutput:
                    var (instance, port) = graph.InstanceOutputs[node.Payload];
                    var child = place.Child(instance);
                    if (child.Graph.BlackBox is null)
                    {
                        Push(child, child.Graph.Ports[port].Node);
                        break;
                    }

                    // What a black box does is not known: all of its inputs may matter.
                    _state.Add(child.Path.TrimEnd('.'));
                    foreach (var connection in graph.Instances[instance].Connections)
                    {
                        Push(place, connection);
                    }

                    break;
            }
        }
    }

    private sealed class PlaceComparer : IEqualityComparer<(Place Place, int Node)>
    {
        public static PlaceComparer Instance { get; } = new();

        public bool Equals((Place Place, int Node) x, (Place Place, int Node) y) => ReferenceEquals(x.Place, y.Place) && x.Node == y.Node;

        public int GetHashCode((Place Place, int Node) key) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Place), key.Node);
    }
}
