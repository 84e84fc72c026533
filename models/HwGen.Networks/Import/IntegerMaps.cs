namespace HwGen.Networks;

/// <summary>Brings a tensor to the form that products and sums need: an integer map times one factor.</summary>
internal static class IntegerMaps
{
    /// <summary>The layer and the factor; adds a layer for an offset in whole steps or for a ReLU on integers.</summary>
    /// <exception cref="NodeException">The tensor is not a scaled integer.</exception>
    public static (string Source, Rational Factor) Require(Node node, MapValue x)
    {
        if (x.AsUniformAffine() is { } affine && affine.Factor.Sign != 0)
        {
            if (affine.Offset.Sign == 0)
                return (x.Source, affine.Factor);
            if (Exact.WholeNumber(affine.Offset / affine.Factor) is { } whole)
                return (Shift(node, x.Source, whole), affine.Factor);
            throw new NodeException("its input is not a multiple of its scale: a quantiser is missing before it (if it reads the image, see the input's scaling)");
        }
        if (x.Functions[0].AsScaledRelu() is { } factor && x.Functions.All(function => function.AsScaledRelu() == factor))
            return (node.Lowering.Add(new ReluLayer(node.NewName(".relu"), x.Source)), factor);
        throw new NodeException("its input is not quantised with one scale: a quantiser is missing before it");
    }

    /// <summary>Adds a whole number to every value.</summary>
    private static string Shift(Node node, string source, long whole)
    {
        ValueRange range = node.Lowering.Map(source).Range;
        var shifted = new ValueRange(range.Minimum + whole, range.Maximum + whole);
        return Multiply(node, source, [1], whole, shifted, ".offset");
    }

    /// <summary>Multiplies by whole numbers, exactly: one for all channels or one a channel.</summary>
    public static string Multiply(Node node, string source, ImmutableArray<long> multipliers, string suffix)
    {
        if (multipliers.All(multiplier => multiplier == 1))
            return source;
        ValueRange range = node.Lowering.Map(source).Range;
        ValueRange? result = null;
        foreach (long multiplier in multipliers.Distinct())
        {
            Int128 one = (Int128)range.Minimum * multiplier, other = (Int128)range.Maximum * multiplier;
            Int128 low = Int128.Min(one, other), high = Int128.Max(one, other);
            if (low < ValueRange.Widest.Minimum || high > ValueRange.Widest.Maximum)
                throw new NodeException("needs integers beyond ±2^61");
            var ends = new ValueRange((long)low, (long)high);
            result = result?.Union(ends) ?? ends;
        }
        return Multiply(node, source, multipliers, 0, result!.Value, suffix);
    }

    private static string Multiply(Node node, string source, ImmutableArray<long> multipliers, long offset, ValueRange range, string suffix) =>
        node.Lowering.Add(new RequantiseLayer(node.NewName(suffix), source, multipliers, [0], NumberFormat.Smallest(range)) { ZeroPoint = offset });
}
