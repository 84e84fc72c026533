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
        var walk = new Walk();
        walk.Add(Place.Top(design.Top), port.Node);
        return walk.Run();
    }

    /// <summary>The cone of one property: what can decide whether it holds.</summary>
    /// <param name="design">The design.</param>
    /// <param name="property">Its name with the path of its instance, such as <c>lane_3.count_is_small</c>.</param>
    /// <exception cref="ArgumentException">The design has no such property.</exception>
    public static ConeOfInfluence OfProperty(Design design, string property)
    {
        ArgumentNullException.ThrowIfNull(design);
        var all = Properties(design).ToList();
        return Of([.. all.Where(p => p.Path == property)])
            ?? throw new ArgumentException($"{design.Top.Name} has no property {property}; it has {string.Join(", ", all.Select(p => p.Path))}.", nameof(property));
    }

    /// <summary>The cone of all properties of some kinds together; null when there are none.</summary>
    public static ConeOfInfluence? OfProperties(Design design, params IReadOnlyList<PropertyKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(design);
        return Of([.. Properties(design).Where(p => kinds.Contains(p.Info.Kind))]);
    }

    private static ConeOfInfluence? Of(IReadOnlyList<(Place Place, PropertyInfo Info, string Path)> properties)
    {
        if (properties.Count == 0)
        {
            return null;
        }

        var walk = new Walk();
        foreach (var (place, info, _) in properties)
        {
            walk.Add(place, info.Condition);
        }

        return walk.Run();
    }

    private static IEnumerable<(Place Place, PropertyInfo Info, string Path)> Properties(Design design) =>
        Place.Top(design.Top).All().SelectMany(place => place.Graph.Properties.Select(info => (place, info, place.Path + info.Name)));

    private sealed class Walk
    {
        private readonly HashSet<(Place Place, int Node)> _seen = new(PlaceComparer.Instance);
        private readonly Stack<(Place Place, int Node)> _stack = new();
        private readonly SortedSet<string> _inputs = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _state = new(StringComparer.Ordinal);

        /// <summary>Begins at this node too.</summary>
        public void Add(Place place, int node)
        {
            if (node >= 0 && _seen.Add((place, node)))
            {
                _stack.Push((place, node));
            }
        }

        public ConeOfInfluence Run()
        {
            while (_stack.TryPop(out var step))
            {
                Visit(step.Place, step.Node);
            }

            return new ConeOfInfluence([.. _inputs], [.. _state]);
        }

        private void Visit(Place place, int id)
        {
            var graph = place.Graph;
            var node = graph.Nodes[id];
            foreach (var operand in graph.Operands(id))
            {
                Add(place, operand);
            }

            switch (node.Kind)
            {
                case NodeKind.Input when place.Parent is { } parent:
                    Add(parent, place.Instance!.Connections[node.Payload]);
                    break;
                case NodeKind.Input:
                    _inputs.Add(graph.Ports[node.Payload].Name);
                    break;
                case NodeKind.Wire:
                    Add(place, graph.Wires[node.Payload].Driver);
                    break;
                case NodeKind.Register:
                    _state.Add(place.Path + graph.Registers[node.Payload].Name);
                    foreach (var drive in graph.Registers[node.Payload].Drives)
                    {
                        Add(place, drive.Condition);
                        Add(place, drive.Value);
                    }

                    break;
                case NodeKind.MemoryRead:
                    _state.Add(place.Path + graph.Memories[node.Payload].Name);
                    foreach (var write in graph.Memories[node.Payload].Writes)
                    {
                        Add(place, write.Enable);
                        Add(place, write.Address);
                        Add(place, write.Data);
                    }

                    break;
                case NodeKind.InstanceOutput:
                    var (instance, port) = graph.InstanceOutputs[node.Payload];
                    var child = place.Child(instance);
                    if (child.Graph.BlackBox is null)
                    {
                        Add(child, child.Graph.Ports[port].Node);
                        break;
                    }

                    // What a black box does is not known: all of its inputs may matter.
                    _state.Add(child.Path.TrimEnd('.'));
                    foreach (var connection in graph.Instances[instance].Connections)
                    {
                        Add(place, connection);
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
