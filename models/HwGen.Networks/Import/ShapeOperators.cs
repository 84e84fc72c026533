namespace HwGen.Networks;

/// <summary>What only changes the shape.</summary>
internal static class ShapeOperators
{
    public static void Identity(Node node) => node.Set(node.Value(0));

    public static void Shape(Node node) => node.Set(Constant.Of(Dimensions(node.Value(0))));

    public static void Flatten(Node node)
    {
        ImmutableArray<int> from = Dimensions(node.Value(0));
        long axis = node.Integer("axis", 1);
        if (axis < 0)
            axis += from.Length;
        if (axis < 0 || axis > from.Length)
            throw new NodeException(Invariant($"its axis {axis} is outside of {WeightedOperators.Shape(from)}"));
        Reshape(node, [Product(from[..(int)axis]), Product(from[(int)axis..])]);
    }

    public static void Reshape(Node node)
    {
        if (node.Integer("allowzero", 0) != 0)
            throw new NodeException("allowzero is not supported");
        Constant target = node.Has(1) ? node.Constant(1, "shape") : Constant.Of(node.Integers("shape") ?? []);
        ImmutableArray<int> from = Dimensions(node.Value(0));
        if (target.Values.Length > 8)
            throw new NodeException("has a shape of more than 8 dimensions");
        int[] to = [.. target.Values.Select((value, i) => value == 0 && i < from.Length ? from[i] : (int)Math.Clamp(value, -2, int.MaxValue))];
        int open = Array.IndexOf(to, -1);
        long known = 1;
        foreach (int extent in to.Where((_, i) => i != open))
            known = Math.Clamp(known * extent, -1, TensorShape.MaximumCount);
        long count = Product(from);
        if (open >= 0)
            to[open] = known > 0 && count % known == 0 ? (int)(count / known) : throw Impossible(from, to);
        else if (known != count)
            throw Impossible(from, to);
        Reshape(node, [.. to]);
    }

    public static void Squeeze(Node node)
    {
        ImmutableArray<int> from = Dimensions(node.Value(0));
        int[]? axes = Axes(node, from.Length);
        if (axes?.Any(axis => from[axis] != 1) == true)
            throw new NodeException(Invariant($"squeezes an extent other than 1 of {WeightedOperators.Shape(from)}"));
        Reshape(node, [.. from.Where((extent, i) => axes is null ? extent != 1 || i == 0 : !axes.Contains(i))]);
    }

    public static void Unsqueeze(Node node)
    {
        List<int> to = [.. Dimensions(node.Value(0))];
        int[] given = node.Integers("axes") ?? (node.Has(1) ? Numbers(node.Constant(1, "axes")) : []);
        foreach (int axis in given.Select(axis => axis < 0 ? axis + to.Count + given.Length : axis).Order())
            to.Insert(axis >= 0 && axis <= to.Count && to.Count < 8 ? axis : throw new NodeException(Invariant($"its axis {axis} is out of range")), 1);
        Reshape(node, [.. to]);
    }

    public static void Transpose(Node node)
    {
        ImmutableArray<int> from = Dimensions(node.Value(0));
        int[] order = node.Integers("perm") ?? [.. Enumerable.Range(0, from.Length).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, from.Length)))
            throw new NodeException(Invariant($"its perm ({string.Join(", ", order)}) does not fit {WeightedOperators.Shape(from)}"));
        if (node.Value(0) is Constant constant)
        {
            node.Set(Transposed(constant, order));
            return;
        }
        // Extents of 1 may move freely: the values stay in their order.
        int[] larger = [.. order.Where(axis => from[axis] != 1)];
        if (!larger.SequenceEqual(larger.Order()))
            throw new NodeException("changes the order of a feature map's values; only channels, rows, columns (NCHW) is supported");
        Reshape(node, [.. order.Select(axis => from[axis])]);
    }

    public static Constant Transposed(Constant constant, int[] order)
    {
        int rank = order.Length;
        int[] strides = new int[rank];
        for (int i = rank - 1, stride = 1; i >= 0; stride *= constant.Dimensions[i--])
            strides[i] = stride;
        ImmutableArray<int> dimensions = [.. order.Select(axis => constant.Dimensions[axis])];
        var places = new int[constant.Values.Length];
        int[] index = new int[rank];
        for (int i = 0; i < places.Length; i++)
        {
            for (int axis = 0; axis < rank; axis++)
                places[i] += index[axis] * strides[order[axis]];
            for (int axis = rank - 1; axis >= 0 && ++index[axis] == dimensions[axis]; axis--)
                index[axis] = 0;
        }
        return constant.Reordered(dimensions, places);
    }

    private static void Reshape(Node node, ImmutableArray<int> to)
    {
        if (node.Value(0) is Constant constant)
        {
            node.Set(constant.Reshaped(to));
            return;
        }
        MapValue x = node.Map(0);
        if (to.SequenceEqual(x.Dimensions))
        {
            node.Set(x);
            return;
        }
        TensorShape shape = node.Lowering.Map(x.Source).Shape, wanted = ShapeOf(to);
        if (to[0] != 1)
            throw new NodeException(Invariant($"makes {WeightedOperators.Shape(to)}; the first extent (the batch) must stay 1"));
        if (wanted == shape || (x.Source == node.Lowering.Input.Name && x.Functions.Length == 1 && !wanted.IsFlat && node.Lowering.TryReshapeInput(wanted)))
        {
            node.Set(x with { Dimensions = to });
            return;
        }
        if (!wanted.IsFlat)
            throw new NodeException(Invariant($"reshapes {WeightedOperators.Shape(x.Dimensions)} to {WeightedOperators.Shape(to)}; a flat vector is supported"));
        string name = node.Lowering.Add(new FlattenLayer(node.NewName(), x.Source));
        int area = shape.Height * shape.Width;
        if (x.Functions.Length > 1 && shape.Count > 1 << 20)
            throw new NodeException("flattens a map that is too large");
        ImmutableArray<ElementFunction> functions = x.Functions.Length == 1
            ? x.Functions : [.. x.Functions.SelectMany(function => Enumerable.Repeat(function, area))];
        node.Set(new MapValue(name, to, functions));
    }

    /// <summary>The shape of a map of these extents: batch, channels, rows, columns; or batch and a flat vector; or batch, rows, columns.</summary>
    public static TensorShape ShapeOf(ImmutableArray<int> dimensions) => dimensions.Length switch
    {
        4 => new TensorShape(dimensions[1], dimensions[2], dimensions[3]),
        3 when dimensions[1] == 1 => TensorShape.Flat(dimensions[2]),
        3 => new TensorShape(1, dimensions[1], dimensions[2]),
        2 => TensorShape.Flat(dimensions[1]),
        _ => throw new NodeException(Invariant($"makes {WeightedOperators.Shape(dimensions)}; 2 to 4 dimensions are supported")),
    };

    private static ImmutableArray<int> Dimensions(object value) => value is Constant constant ? constant.Dimensions : ((MapValue)value).Dimensions;

    private static int[]? Axes(Node node, int rank)
    {
        int[]? axes = node.Integers("axes") ?? (node.Has(1) ? Numbers(node.Constant(1, "axes")) : null);
        if (axes is null)
            return null;
        axes = [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
        return axes.All(axis => axis >= 0 && axis < rank) ? axes : throw new NodeException("has an axis out of range");
    }

    private static int[] Numbers(Constant constant) => [.. constant.Values.Take(16).Select(value => (int)Math.Clamp(value, -1000, 1000))];

    private static int Product(ImmutableArray<int> extents) =>
        (int)extents.Aggregate(1L, (product, extent) => Math.Min(product * extent, TensorShape.MaximumCount));

    private static NodeException Impossible(ImmutableArray<int> from, int[] to) =>
        new(Invariant($"reshapes {WeightedOperators.Shape(from)} to {string.Join("×", to)}, which is not the same number of values"));
}
