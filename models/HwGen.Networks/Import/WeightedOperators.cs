namespace HwGen.Networks;

/// <summary>Products with constant weights: Conv, MatMul, Gemm and their integer forms.</summary>
internal static class WeightedOperators
{
    private const double BiasTolerance = 1.0 / (1 << 20);

    public static void Conv(Node node) =>
        Convolve(node, node.Map(0), node.Constant(1, "weights"), node.Has(2) ? node.Constant(2, "bias") : null);

    public static void Convolve(Node node, MapValue x, Constant weights, Constant? bias) =>
        node.Set(Convolution(node, x, weights, bias));

    public static MapValue Convolution(Node node, MapValue x, Constant weights, Constant? bias)
    {
        if (x.Dimensions.Length != 4 || weights.Dimensions.Length != 4)
            throw new NodeException(Invariant($"reads {Shape(x.Dimensions)} with weights {Shape(weights.Dimensions)}; images of 4 dimensions (batch, channels, rows, columns) are supported"));
        int[] kernel = node.Integers("kernel_shape") ?? [weights.Dimensions[2], weights.Dimensions[3]];
        if (kernel.Length != 2 || kernel[0] != weights.Dimensions[2] || kernel[1] != weights.Dimensions[3])
            throw new NodeException(Invariant($"has the kernel {string.Join("×", kernel)} for weights {Shape(weights.Dimensions)}"));
        (string source, Rational factor) = IntegerMaps.Require(node, x);
        WeightCodes codes = WeightCodes.Of(weights, weights.Dimensions[0]);
        TensorShape shape = node.Lowering.Map(source).Shape;
        Distance dilation = WindowAttributes.Distance(node, "dilations"), stride = WindowAttributes.Distance(node, "strides");
        var layer = new ConvolutionLayer(node.NewName(), source, new WeightTensor(
            codes.Format, weights.Dimensions[0], weights.Dimensions[1], kernel[0], kernel[1], ImmutableArray.Create(codes.Values)))
        {
            Stride = stride,
            Dilation = dilation,
            Padding = WindowAttributes.Padding(node, shape, kernel, stride, dilation),
            Groups = (int)Math.Clamp(node.Integer("group", 1), -1, int.MaxValue),
        };
        return Finish(node, layer, codes, factor, bias);
    }

    public static void MatMul(Node node)
    {
        if (node.Value(0) is Constant && node.Value(1) is MapValue)
            throw new NodeException("multiplies constants from the left; a feature map times constants is supported");
        node.Set(Product(node, node.Map(0), node.Constant(1, "weights"), null));
    }

    public static void Gemm(Node node)
    {
        if (node.Integer("transA", 0) != 0)
            throw new NodeException("transA is not supported");
        Constant weights = node.Constant(1, "weights");
        if (weights.Dimensions.Length != 2)
            throw new NodeException(Invariant($"has weights {Shape(weights.Dimensions)}; 2 dimensions are expected"));
        if (node.Integer("transB", 0) != 0)
            weights = ShapeOperators.Transposed(weights, [1, 0]);
        double alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        MapValue x = node.Map(0);
        if (alpha != 1 || beta != 1)
        {
            MapValue product = Product(node, x, weights, null).Then(function => function.ThenAffine(Exact.Of(alpha), default));
            node.Set(node.Has(2) ? ElementOperators.AddConstant(node, product, node.Constant(2, "bias"), Exact.Of(beta)) : product);
            return;
        }
        node.Set(Product(node, x, weights, node.Has(2) ? node.Constant(2, "bias") : null));
    }

    /// <summary>[1, K] times [K, M].</summary>
    public static MapValue Product(Node node, MapValue x, Constant weights, Constant? bias)
    {
        if (weights.Dimensions.Length != 2 || x.Dimensions.Length < 2 || x.Dimensions.Take(x.Dimensions.Length - 1).Any(extent => extent != 1) || x.Dimensions[^1] != weights.Dimensions[0])
            throw new NodeException(Invariant($"multiplies {Shape(x.Dimensions)} with {Shape(weights.Dimensions)}; a vector of K values and weights K×M are supported"));
        (string source, Rational factor) = IntegerMaps.Require(node, x);
        int inputs = weights.Dimensions[0], outputs = weights.Dimensions[1];
        WeightCodes codes = WeightCodes.Of(ShapeOperators.Transposed(weights, [1, 0]), outputs);
        var layer = new DenseLayer(node.NewName(), source, new WeightTensor(codes.Format, outputs, inputs, 1, 1, ImmutableArray.Create(codes.Values)));
        MapValue result = Finish(node, layer, codes, factor, bias);
        return result with { Dimensions = [.. x.Dimensions.Take(x.Dimensions.Length - 1), outputs] };
    }

    private static MapValue Finish(Node node, WeightedLayer layer, WeightCodes codes, Rational factor, Constant? bias)
    {
        int filters = layer.Weights.Filters;
        if (bias is not null && bias.Values.Length != filters)
            throw new NodeException(Invariant($"has {bias.Values.Length} biases for {filters} filters"));
        ImmutableArray<Rational> factors = [.. codes.Scales.Select(scale => scale * factor)];
        ImmutableArray<long>? whole = bias is null ? null : WholeBiases(bias, factors);
        if (whole is { } biases && biases.Any(value => value != 0))
            layer = layer with { Biases = biases };
        string name = node.Lowering.Add(layer);
        bool alike = factors.All(one => one == factors[0]) && (bias is null || whole is not null);
        ImmutableArray<ElementFunction> functions = [.. Enumerable.Range(0, alike ? 1 : filters).Select(filter => ElementFunction.Affine(
            factors[filter], bias is null || whole is not null ? default : Exact.Of(bias.Values[filter])))];
        TensorShape shape = node.Lowering.Map(name).Shape;
        return new MapValue(name, [1, shape.Channels, shape.Height, shape.Width], functions);
    }

    /// <summary>
    /// Biases in whole accumulator steps; null when some is not. A bias that was quantised with the product of the scales counts as whole although the
    /// product was rounded to a float: that is the convention of QDQ files.
    /// </summary>
    public static ImmutableArray<long>? WholeBiases(Constant bias, ImmutableArray<Rational> factors)
    {
        var whole = ImmutableArray.CreateBuilder<long>(bias.Values.Length);
        for (int filter = 0; filter < bias.Values.Length; filter++)
        {
            Rational factor = factors[factors.Length == 1 ? 0 : filter];
            if (factor.Sign == 0)
                return null;
            if (bias.Codes is not null && Math.Abs((Exact.Of(bias.Scales![filter]) / factor).ToDouble() - 1) <= BiasTolerance)
                whole.Add(bias.Codes[filter]);
            else if (Exact.WholeNumber(Exact.Of(bias.Values[filter]) / factor) is { } steps)
                whole.Add(steps);
            else
                return null;
        }
        return whole.MoveToImmutable();
    }

    public static string Shape(ImmutableArray<int> dimensions) => dimensions.Length == 0 ? "a single value" : string.Join("×", dimensions);
}
