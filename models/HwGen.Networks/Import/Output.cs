namespace HwGen.Networks;

/// <summary>The end of the network: integers whose order is the order of the source's outputs.</summary>
internal static class Output
{
    private const int FractionBits = 16;

    /// <summary>
    /// The layer whose integers compare as the source's values do. Equal factors for all classes: the accumulators as they are. Otherwise each class is
    /// multiplied to a common scale of 2^−16 of the largest factor, which a note tells.
    /// </summary>
    public static (string Layer, SourceRelation Relation) Comparable(Lowering lowering, MapValue x, Func<string, string> newName)
    {
        if (x.AsUniformAffine() is { } uniform && uniform.Factor.Sign > 0)
            return (x.Source, SourceRelation.Affine(uniform.Factor, uniform.Offset));
        if (x.Functions[0].AsScaledRelu() is { } factor && x.Functions.All(function => function.AsScaledRelu() == factor))
            return (lowering.Add(new ReluLayer(newName(".relu"), x.Source)), SourceRelation.Affine(factor, default));
        if (x.Functions.Any(function => function.AsAffine() is null))
            throw new NodeException("the network ends in a clamp that no quantiser follows");
        (Rational Factor, Rational Offset)[] affine = [.. x.Functions.Select(function => function.AsAffine()!.Value)];
        int channels = lowering.Map(x.Source).Shape.Channels;
        Rational largest = affine.Select(one => one.Factor.Sign < 0 ? -one.Factor : one.Factor).Max();
        if (largest.Sign == 0)
            throw new NodeException("the network's output is constant");
        Rational unit = largest / Rational.FromInteger(1 << FractionBits);
        long[] multipliers = [.. affine.Select(one => (long)RoundingRules.Round(one.Factor / unit, Rounding.HalfEven))];
        System.Numerics.BigInteger[] offsets = [.. affine.Select(one => RoundingRules.Round(one.Offset / unit, Rounding.HalfEven))];
        bool exact = affine.Select((one, i) => one.Factor == unit * Rational.FromInteger(multipliers[i]) && one.Offset == unit * Rational.FromInteger(offsets[i])).All(same => same);
        lowering.Notes.Add(exact
            ? "the outputs have a scale or an offset of their own each: they are brought to one scale, exactly"
            : Invariant($"the outputs have a scale or an offset of their own each: they are brought to one scale with {FractionBits} binary digits below the accumulator's step"));
        return (OneByOne(lowering, x.Source, channels, multipliers, offsets, newName), exact ? SourceRelation.Affine(unit, default) : SourceRelation.Classes);
    }

    // A 1×1 convolution of groups multiplies each class and adds its offset, in the terms that every network has.
    private static string OneByOne(
        Lowering lowering, string source, int channels, long[] multipliers, System.Numerics.BigInteger[] offsets, Func<string, string> newName)
    {
        if (offsets.Any(offset => System.Numerics.BigInteger.Abs(offset) > ValueRange.Widest.Maximum))
            throw new NodeException("the network's output has an offset beyond ±2^61 steps");
        int[] values = [.. Enumerable.Range(0, channels).Select(channel => (int)multipliers[multipliers.Length == 1 ? 0 : channel])];
        return lowering.Add(new ConvolutionLayer(newName(".scale"), source, new WeightTensor(
            NumberFormat.Smallest(new ValueRange(values.Min(), values.Max())), channels, 1, 1, 1, [.. values]))
        {
            Groups = channels,
            Biases = [.. Enumerable.Range(0, channels).Select(channel => (long)offsets[offsets.Length == 1 ? 0 : channel])],
        });
    }
}
