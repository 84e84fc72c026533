namespace HwGen.Networks;

/// <summary>What is done value by value: arithmetic with constants, batch norm, ReLU, Clip, and the sum of two maps.</summary>
internal static class ElementOperators
{
    public static void Add(Node node) => Sum(node, Exact.One);

    public static void Subtract(Node node) => Sum(node, -Exact.One);

    private static void Sum(Node node, Rational sign)
    {
        switch (node.Value(0), node.Value(1))
        {
            case (MapValue x, Constant c):
                node.Set(WithBias(node, x, c, sign, 0) ?? AddConstant(node, x, c, sign));
                break;
            case (Constant c, MapValue x):
                MapValue signed = sign.Sign > 0 ? x : x.Then(function => function.ThenAffine(sign, default));
                node.Set((sign.Sign > 0 ? WithBias(node, x, c, sign, 1) : null) ?? AddConstant(node, signed, c, Exact.One));
                break;
            case (MapValue x, MapValue y):
                node.Set(MapSums.Add(node, x, sign.Sign > 0 ? y : y.Then(function => function.ThenAffine(sign, default))));
                break;
        }
    }

    /// <summary>A bias in whole steps behind a product becomes a bias of the layer.</summary>
    private static MapValue? WithBias(Node node, MapValue x, Constant c, Rational sign, int input)
    {
        if (node.Lowering.Layers.Count == 0 || node.Lowering.Layers[^1] is not WeightedLayer layer || layer.Name != x.Source
            || !node.ReadsAlone(input) || !layer.Biases.IsEmpty || x.Functions.Any(function => function.AsAffine() is not { Offset.Sign: 0 }))
        {
            return null;
        }
        int filters = layer.Weights.Filters;
        Constant spread = Spread(c, x, filters);
        ImmutableArray<Rational> factors = [.. Enumerable.Range(0, filters).Select(filter => x.Function(filter).AsAffine()!.Value.Factor * sign)];
        if (WeightedOperators.WholeBiases(spread, factors) is not { } biases)
            return null;
        node.Lowering.ReplaceLast(layer with { Biases = biases });
        return x;
    }

    /// <summary>x + sign·c, as a function still to be done.</summary>
    public static MapValue AddConstant(Node node, MapValue x, Constant c, Rational sign)
    {
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        Constant spread = Spread(c, x, channels);
        return x.Then(channels, spread.Values.Length, (function, channel) => function.ThenAffine(Exact.One, Exact.Of(spread.Values[channel]) * sign));
    }

    public static void Multiply(Node node)
    {
        (MapValue x, Constant c) = node.Value(0) is MapValue ? (node.Map(0), node.Constant(1, "second factor")) : (node.Map(1), node.Constant(0, "first factor"));
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        Constant spread = Spread(c, x, channels);
        node.Set(x.Then(channels, spread.Values.Length, (function, channel) => function.ThenAffine(Exact.Of(spread.Values[channel]), default)));
    }

    public static void Divide(Node node)
    {
        MapValue x = node.Map(0);
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        Constant spread = Spread(node.Constant(1, "divisor"), x, channels);
        if (spread.Values.Contains(0))
            throw new NodeException("divides by 0");
        node.Set(x.Then(channels, spread.Values.Length, (function, channel) => function.ThenAffine(Exact.One / Exact.Of(spread.Values[channel]), default)));
    }

    public static void Negate(Node node) => node.Set(node.Map(0).Then(function => function.ThenAffine(-Exact.One, default)));

    public static void Relu(Node node) => node.Set(node.Map(0).Then(function => function.ThenClamp(default(Rational), null)));

    public static void Clip(Node node)
    {
        Rational? low = node.HasAttribute("min") ? Exact.Of(node.Float("min", 0)) : null, high = node.HasAttribute("max") ? Exact.Of(node.Float("max", 0)) : null;
        if (node.Has(1))
            low = Exact.Of(node.Constant(1, "minimum").Single("minimum"));
        if (node.Has(2))
            high = Exact.Of(node.Constant(2, "maximum").Single("maximum"));
        if (low > high)
            throw new NodeException("its minimum is above its maximum");
        node.Set(node.Map(0).Then(function => function.ThenClamp(low, high)));
    }

    public static void BatchNormalization(Node node)
    {
        MapValue x = node.Map(0);
        if (node.Integer("training_mode", 0) != 0)
            throw new NodeException("is in training mode");
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        Constant[] lists = [node.Constant(1, "scale"), node.Constant(2, "bias"), node.Constant(3, "mean"), node.Constant(4, "variance")];
        if (x.Dimensions.Length < 2 || x.Dimensions[1] != channels || lists.Any(list => list.Values.Length != channels))
            throw new NodeException(Invariant($"has lists of {string.Join(", ", lists.Select(list => list.Values.Length))} values for {channels} channels"));
        Rational epsilon = Exact.Of(node.Float("epsilon", (float)1e-5));
        node.Set(x.Then(channels, channels, (function, channel) =>
        {
            Rational gamma = Exact.Of(lists[0].Values[channel]), beta = Exact.Of(lists[1].Values[channel]), mean = Exact.Of(lists[2].Values[channel]);
            Rational variance = Exact.Of(lists[3].Values[channel]) + epsilon;
            if (variance.Sign <= 0)
                throw new NodeException(Invariant($"the variance of channel {channel} with epsilon is not positive"));
            Rational factor = gamma / Exact.SquareRoot(variance);
            return function.ThenAffine(factor, beta - (mean * factor)).WithBatchNorm(OnAccumulator(function, gamma, beta, mean, variance));
        }));
    }

    /// <summary>γ·(a·x + b − mean)/√v + β with a ≠ 0 is sgn(a)·γ·(x − (mean − b)/a)/√(v/a²) + β.</summary>
    private static BatchNorm? OnAccumulator(ElementFunction function, Rational gamma, Rational beta, Rational mean, Rational variance)
    {
        if (function.AsAffine() is not { } affine || affine.Factor.Sign == 0)
            return null;
        Rational a = affine.Factor;
        return new BatchNorm([a.Sign < 0 ? -gamma : gamma], [beta], [(mean - affine.Offset) / a], [variance / (a * a)], default);
    }

    /// <summary>A constant as one value, or one a channel of the map that it meets.</summary>
    public static Constant Spread(Constant c, MapValue x, int channels)
    {
        if (c.Values.Length == 1)
            return c;
        // Numpy's rule: extents are matched from the last one on. Only the channel's may be larger than 1.
        int place = c.Dimensions.Length - (x.Dimensions.Length - 1);
        bool perChannel = c.Values.Length == channels && c.Dimensions.Length <= x.Dimensions.Length && place >= 0 && place < c.Dimensions.Length && c.Dimensions[place] == channels;
        return perChannel && x.Dimensions[1] == channels
            ? c
            : throw new NodeException(Invariant($"joins a map {WeightedOperators.Shape(x.Dimensions)} with constants {WeightedOperators.Shape(c.Dimensions)}; one constant, or one a channel, is supported"));
    }
}
