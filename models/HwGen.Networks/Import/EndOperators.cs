namespace HwGen.Networks;

/// <summary>A tensor of which only the order of the values is known: behind a softmax at the end of a network.</summary>
internal sealed record OrderedValue(MapValue Before, string Operator);

/// <summary>What stands at the end of a classifier.</summary>
internal static class EndOperators
{
    /// <summary>Softmax, its logarithm and the sigmoid rise with their input: the decision needs none of them.</summary>
    public static void KeepOrder(Node node)
    {
        node.Lowering.Notes.Add(Invariant($"{node.Proto.OpType} '{node.Proto.Name}' at the end is left out: it does not change which class wins"));
        node.Set(new OrderedValue(node.Map(0), node.Proto.OpType));
    }

    public static void ArgMax(Node node)
    {
        MapValue x = Ordered(node);
        long axis = node.Integer("axis", 0);
        if ((axis < 0 ? axis + x.Dimensions.Length : axis) != 1 || node.Integer("select_last_index", 0) != 0)
            throw new NodeException("takes the greatest along another axis than the channels, or the last of equal ones; axis 1 and the first are supported");
        node.Set(Best(node, x));
    }

    public static void TopK(Node node)
    {
        double count = node.Has(1) ? node.Constant(1, "k").Single("k") : node.Integer("k", 0);
        MapValue x = Ordered(node);
        long axis = node.Integer("axis", -1);
        if (count != 1 || node.Integer("largest", 1) != 1 || (axis < 0 ? axis + x.Dimensions.Length : axis) != 1 || node.Proto.Output.Count != 2)
            throw new NodeException("the single greatest of the channels (k = 1, axis 1) is supported");
        node.Lowering.Values[node.Proto.Output[1]] = Best(node, x);
    }

    private static MapValue Ordered(Node node) => node.Value(0) is OrderedValue ordered ? ordered.Before : node.Map(0);

    private static MapValue Best(Node node, MapValue x)
    {
        if (!node.Lowering.Map(x.Source).Shape.IsFlat)
            throw new NodeException("takes the greatest at every position of a map; a flat vector is supported");
        string source = Output.Comparable(node.Lowering, x, node.NewName).Layer;
        return new MapValue(node.Lowering.Add(new ArgmaxLayer(node.NewName(), source)), [1, 1], [ElementFunction.Identity]);
    }
}
