using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Analysis;

/// <summary>Finds the longest path of operators of a whole design, or of one module by itself: each node of each instance gets a level, once.</summary>
/// <param name="entersInstances">False where the outputs of instances begin paths, and what is inside them is not looked at.</param>
internal sealed class PathFinder(bool entersInstances)
{
    private readonly Dictionary<Place, (int[] Levels, (Place Place, int Node)?[] Before)> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>The path, from its start.</summary>
    public IReadOnlyList<PathStep> Of(ModuleGraph top)
    {
        (Place Place, int Node)? deepest = null;
        foreach (var place in entersInstances ? Place.Top(top).All() : [Place.Top(top)])
        {
            foreach (var sink in Sinks.Of(place.Graph))
            {
                Find(place, sink);
                if (deepest is not { } best || Level(place, sink) > Level(best.Place, best.Node))
                {
                    deepest = (place, sink);
                }
            }
        }

        var path = new List<PathStep>();
        for (var step = deepest; step is { } at; step = Known(at.Place).Before[at.Node])
        {
            path.Add(new PathStep(at.Place.Path + NodeNames.Of(at.Place.Graph, at.Node), Level(at.Place, at.Node)));
        }

        path.Reverse();
        return path;
    }

    private int Level(Place place, int node) => Known(place).Levels[node];

    private (int[] Levels, (Place Place, int Node)?[] Before) Known(Place place)
    {
        if (!_known.TryGetValue(place, out var known))
        {
            known = (new int[place.Graph.Nodes.Count], new (Place, int)?[place.Graph.Nodes.Count]);
            Array.Fill(known.Levels, -1);
            _known.Add(place, known);
        }

        return known;
    }

    /// <summary>Gives a level to a node and to all that it depends on. An own stack: paths are longer than the machine's allows.</summary>
    private void Find(Place root, int sink)
    {
        var stack = new Stack<(Place Place, int Node)>([(root, sink)]);
        while (stack.TryPeek(out var at))
        {
            var (levels, before) = Known(at.Place);
            if (levels[at.Node] >= 0)
            {
                stack.Pop();
                continue;
            }

            var sources = Sources(at.Place, at.Node);
            var isReady = true;
            foreach (var (place, node) in sources)
            {
                if (Level(place, node) < 0)
                {
                    stack.Push((place, node));
                    isReady = false;
                }
            }

            if (isReady)
            {
                stack.Pop();
                (Place Place, int Node)? latest = sources.Count == 0 ? null : sources.MaxBy(source => Level(source.Place, source.Node));
                before[at.Node] = latest;
                levels[at.Node] = (latest is { } last ? Level(last.Place, last.Node) : 0) + (NodeNames.IsOperator(at.Place.Graph.Nodes[at.Node].Kind) ? 1 : 0);
            }
        }
    }

    /// <summary>What a node depends on within the cycle, through the ports of instances.</summary>
    private List<(Place Place, int Node)> Sources(Place place, int id)
    {
        var graph = place.Graph;
        var node = graph.Nodes[id];
        switch (node.Kind)
        {
            case NodeKind.Wire:
                return [(place, graph.Wires[node.Payload].Driver)];
            case NodeKind.Input when place.Parent is { } parent:
                return [(parent, place.Instance!.Connections[node.Payload])];
            case NodeKind.InstanceOutput when entersInstances:
                var (instance, port) = graph.InstanceOutputs[node.Payload];
                var child = place.Child(instance);
                return child.Graph.BlackBox is null ? [(child, child.Graph.Ports[port].Node)] : [];
            default:
                return [.. graph.Operands(id).ToArray().Select(operand => (place, operand))];
        }
    }
}
