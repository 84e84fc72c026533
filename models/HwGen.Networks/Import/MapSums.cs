using System.Numerics;

namespace HwGen.Networks;

/// <summary>Brings several maps to one scale, exactly, by whole multipliers: for residual sums and for concatenation.</summary>
internal static class MapSums
{
    public static MapValue Add(Node node, MapValue x, MapValue y)
    {
        if (!x.Dimensions.SequenceEqual(y.Dimensions))
            throw new NodeException(Invariant($"adds {WeightedOperators.Shape(x.Dimensions)} and {WeightedOperators.Shape(y.Dimensions)}; equal shapes are supported"));
        (ImmutableArray<string> sources, Rational factor, Rational offset) = OneScale(node, [x, y], sameOffset: false);
        ValueRange first = node.Lowering.Map(sources[0]).Range, second = node.Lowering.Map(sources[1]).Range;
        NumberFormat format = NumberFormat.Smallest(new ValueRange(first.Minimum + second.Minimum, first.Maximum + second.Maximum));
        string name = node.Lowering.Add(new AddLayer(node.NewName(), sources[0], sources[1], format));
        return new MapValue(name, x.Dimensions, [ElementFunction.Affine(factor, offset)]);
    }

    public static void Concatenate(Node node)
    {
        MapValue[] maps = [.. Enumerable.Range(0, node.InputCount).Select(node.Map)];
        long axis = node.Integer("axis", 1);
        int rank = maps[0].Dimensions.Length;
        if ((axis < 0 ? axis + rank : axis) != 1 || maps.Any(map => map.Dimensions.Length != rank))
            throw new NodeException(Invariant($"joins along axis {axis}; channels (axis 1) are supported"));
        if (maps.Length == 1)
        {
            node.Set(maps[0]);
            return;
        }
        (ImmutableArray<string> sources, Rational factor, Rational offset) = OneScale(node, maps, sameOffset: true);
        // ±1 and other numbers do not share a format: a multiplication by 1 makes integers of the bits.
        bool mixed = sources.Select(source => node.Lowering.Map(source).Format.Kind == NumberKind.Bipolar).Distinct().Count() > 1;
        if (mixed)
        {
            sources = [.. sources.Select(source => node.Lowering.Map(source).Format.Kind != NumberKind.Bipolar ? source
                : node.Lowering.Add(new RequantiseLayer(node.NewName(".integer"), source, [1], [0], NumberFormat.TwosComplement(2))))];
        }
        string name = node.Lowering.Add(new ConcatenateLayer(node.NewName(), sources));
        node.Set(new MapValue(name, maps[0].Dimensions.SetItem(1, maps.Sum(map => map.Dimensions[1])), [ElementFunction.Affine(factor, offset)]));
    }

    private static (ImmutableArray<string> Sources, Rational Factor, Rational Offset) OneScale(Node node, MapValue[] maps, bool sameOffset)
    {
        var affine = new List<(string Source, Rational Factor, Rational Offset)>();
        foreach (MapValue map in maps)
        {
            if (map.AsUniformAffine() is { } uniform && uniform.Factor.Sign != 0 && (!sameOffset || uniform.Offset.Sign == 0))
                affine.Add((map.Source, uniform.Factor, uniform.Offset));
            else
            {
                (string source, Rational factor) = IntegerMaps.Require(node, map);
                affine.Add((source, factor, default));
            }
        }
        // The greatest common measure of the factors: each is a whole multiple of it.
        Rational unit = affine[0].Factor.Sign < 0 ? -affine[0].Factor : affine[0].Factor;
        foreach ((_, Rational factor, _) in affine)
            unit = CommonMeasure(unit, factor);
        var sources = ImmutableArray.CreateBuilder<string>();
        foreach ((string source, Rational factor, _) in affine)
        {
            if (Exact.WholeNumber(factor / unit) is not { } multiplier || Math.Abs(multiplier) > 1L << 40)
                throw new NodeException("joins maps whose scales have no small common measure");
            sources.Add(IntegerMaps.Multiply(node, source, [multiplier], ".scale"));
        }
        Rational offset = affine.Aggregate(default(Rational), (sum, one) => sum + one.Offset);
        return (sources.ToImmutable(), unit, offset);
    }

    private static Rational CommonMeasure(Rational a, Rational b) => new(
        BigInteger.GreatestCommonDivisor(a.Numerator * b.Denominator, b.Numerator * a.Denominator), a.Denominator * b.Denominator);
}
