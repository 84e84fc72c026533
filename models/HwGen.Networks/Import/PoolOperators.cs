namespace HwGen.Networks;

/// <summary>Pools.</summary>
internal static class PoolOperators
{
    public static void MaxPool(Node node)
    {
        if (node.Proto.Output.Count > 1 && node.Proto.Output[1].Length > 0)
            throw new NodeException("its second output (indices) is not supported");
        Distance dilation = WindowAttributes.Distance(node, "dilations");
        if (dilation != Distance.One)
            throw new NodeException("dilations of a pool are not supported");
        Maximum(node, Kernel(node));
    }

    public static void GlobalMaxPool(Node node) => Maximum(node, null);

    public static void AveragePool(Node node)
    {
        int[] kernel = Kernel(node);
        bool pads = WindowAttributes.Padding(node, Shape(node, node.Map(0)), kernel, WindowAttributes.Distance(node, "strides"), Distance.One).Any;
        if ((pads && node.Integer("count_include_pad", 0) == 0) || node.Integer("ceil_mode", 0) != 0)
            throw new NodeException("divides by the number of values inside the map, which is not the same everywhere: padding without count_include_pad, and ceil_mode, are not supported");
        Average(node, kernel);
    }

    public static void GlobalAveragePool(Node node) => Average(node, null);

    public static void ReduceMean(Node node)
    {
        MapValue x = node.Map(0);
        int[] axes = node.Integers("axes") ?? (node.Has(1) ? [.. node.Constant(1, "axes").Values.Select(value => (int)Math.Clamp(value, -99, 99))] : []);
        int[] places = [.. axes.Select(axis => axis < 0 ? axis + x.Dimensions.Length : axis).Order()];
        if (x.Dimensions.Length != 4 || !places.SequenceEqual([2, 3]))
            throw new NodeException("means over rows and columns (axes 2 and 3) of an image are supported");
        Average(node, null);
        if (node.Integer("keepdims", 1) == 0)
            node.Set((MapValue)node.Lowering.Values[node.Proto.Output[0]] with { Dimensions = [1, x.Dimensions[1]] });
    }

    private static void Maximum(Node node, int[]? kernel)
    {
        MapValue x = node.Map(0);
        TensorShape shape = Shape(node, x);
        string source = x.Source;
        // The greatest value of a falling function is that of the least integer: such channels are negated first.
        ImmutableArray<long> signs = [.. x.Functions.Select(function => function.Direction < 0 ? -1L : 1L)];
        if (signs.Contains(-1))
        {
            source = IntegerMaps.Multiply(node, source, signs, ".negate");
            x = x with { Functions = [.. x.Functions.Select((function, i) => signs[i] < 0 ? Mirrored(function) : function)] };
        }
        var layer = new MaxPoolLayer(node.NewName(), source, kernel?[0] ?? shape.Height, kernel?[1] ?? shape.Width);
        node.Set(Finish(node, kernel is null ? layer : (MaxPoolLayer)Placed(node, layer, shape, kernel), x));
    }

    private static ElementFunction Mirrored(ElementFunction function) => function.AfterNegation();

    private static void Average(Node node, int[]? kernel)
    {
        MapValue x = node.Map(0);
        TensorShape shape = Shape(node, x);
        if (x.Functions.Any(function => function.AsAffine() is null))
        {
            (string relu, Rational factor) = IntegerMaps.Require(node, x);
            x = new MapValue(relu, x.Dimensions, [ElementFunction.Affine(factor, default)]);
        }
        var layer = new SumPoolLayer(node.NewName(), x.Source, kernel?[0] ?? shape.Height, kernel?[1] ?? shape.Width);
        SumPoolLayer placed = kernel is null ? layer : (SumPoolLayer)Placed(node, layer, shape, kernel);
        if (placed.Padding.Any && x.Functions.Any(function => function.AsAffine()!.Value.Offset.Sign != 0))
            throw new NodeException("pads a map whose zero is not the integer 0");
        long places = (long)placed.KernelHeight * placed.KernelWidth;
        // The mean of a·x + b is a·(sum/n) + b.
        node.Set(Finish(node, placed, x with
        {
            Functions = [.. x.Functions.Select(function => function.AsAffine()!.Value).Select(affine =>
                ElementFunction.Affine(affine.Factor / Rational.FromInteger(places), affine.Offset))],
        }));
    }

    private static MapValue Finish(Node node, PoolLayer layer, MapValue x)
    {
        string name = node.Lowering.Add(layer);
        TensorShape shape = node.Lowering.Map(name).Shape;
        return x with { Source = name, Dimensions = [1, shape.Channels, shape.Height, shape.Width] };
    }

    private static PoolLayer Placed(Node node, PoolLayer layer, TensorShape shape, int[] kernel)
    {
        Distance stride = WindowAttributes.Distance(node, "strides");
        Padding padding = WindowAttributes.Padding(node, shape, kernel, stride, Distance.One);
        if (node.Integer("ceil_mode", 0) != 0)
        {
            padding = padding with
            {
                Bottom = padding.Bottom + Rest(shape.Height + (long)padding.Top + padding.Bottom, kernel[0], stride.Y),
                Right = padding.Right + Rest(shape.Width + (long)padding.Left + padding.Right, kernel[1], stride.X),
            };
        }
        return layer with { Stride = stride, Padding = padding };
    }

    // With ceil_mode a window that starts inside the map counts although it ends outside.
    private static int Rest(long size, int kernel, int stride)
    {
        long left = size - kernel;
        return left < 0 ? 0 : (int)((stride - (left % stride)) % stride);
    }

    private static int[] Kernel(Node node) => node.Integers("kernel_shape") is { Length: 2 } kernel
        ? kernel
        : throw new NodeException("needs a kernel_shape of 2 values");

    private static TensorShape Shape(Node node, MapValue x) => x.Dimensions.Length == 4
        ? node.Lowering.Map(x.Source).Shape
        : throw new NodeException(Invariant($"pools {WeightedOperators.Shape(x.Dimensions)}; images of 4 dimensions are supported"));
}
