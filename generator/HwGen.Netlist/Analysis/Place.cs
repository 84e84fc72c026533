namespace HwGen.Netlist.Analysis;

/// <summary>One module in its place: which instance it is, and what surrounds it.</summary>
internal sealed record Place(ModuleGraph Graph, string Path, Place? Parent, InstanceInfo? Instance)
{
    private readonly Place?[] _children = new Place?[Graph.Instances.Count];

    /// <summary>The outermost module.</summary>
    public static Place Top(ModuleGraph graph) => new(graph, string.Empty, null, null);

    /// <summary>An instance in it, by its number; always the same object.</summary>
    public Place Child(int index) =>
        _children[index] ??= new Place(Graph.Instances[index].Module, $"{Path}{Graph.Instances[index].Name}.", this, Graph.Instances[index]);

    /// <summary>It and all instances in it, outer ones first.</summary>
    public IEnumerable<Place> All()
    {
        var stack = new Stack<Place>([this]);
        while (stack.TryPop(out var place))
        {
            yield return place;
            for (var index = place.Graph.Instances.Count - 1; index >= 0; index--)
            {
                stack.Push(place.Child(index));
            }
        }
    }
}
