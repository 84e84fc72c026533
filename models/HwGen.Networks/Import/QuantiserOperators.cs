using System.Numerics;

namespace HwGen.Networks;

/// <summary>The quantisers of QONNX: Quant and IntQuant, BipolarQuant, Trunc, MultiThreshold; and Sign.</summary>
internal static class QuantiserOperators
{
    private const int MaximumBits = 32;

    /// <summary>Divides by the scale, adds the zero point, clamps, then rounds.</summary>
    public static void Quant(Node node)
    {
        Constant scale = Positive(node.Constant(1, "scale")), zeroPoint = Whole(node.Constant(2, "zero point"), "zero point");
        int bits = Bits(node.Constant(3, "bit width"), "bit width");
        bool signed = node.Integer("signed", 1) != 0, narrow = node.Integer("narrow", 0) != 0;
        Rounding rounding = RoundingRules.Parse(node.Text("rounding_mode", "ROUND"));
        if (signed && bits == 1)
        {
            if (zeroPoint.Values.Any(value => value != 0))
                throw new NodeException("is of 1 signed bit (±1) with a zero point");
            Bipolar(node, scale);
            return;
        }
        ValueRange range = Range(bits, signed, narrow);
        if (node.Value(0) is Constant constant)
        {
            node.Set(QuantisedConstant(constant, scale, zeroPoint, range, rounding));
            return;
        }
        long zero = (long)zeroPoint.Single("zero point");
        Constant scales = ElementOperators.Spread(scale, node.Map(0), node.Lowering.Map(node.Map(0).Source).Shape.Channels);
        ImmutableArray<Rational> factors = [.. scales.Values.Select(Exact.Of)];
        ImmutableArray<Rational> steps = [.. factors.Select(factor => Exact.One / factor)];
        node.Set(QuantiserLayers.Apply(node, node.Map(0), new Quantiser(
            (channel, value) => Level((value * steps[steps.Length == 1 ? 0 : channel]) + Rational.FromInteger(zero), range, rounding) - zero,
            factors, [default], IsBipolar: false)
        { StepsOfOne = steps }));
    }

    public static void BipolarQuant(Node node) => Bipolar(node, Positive(node.Constant(1, "scale")));

    private static void Bipolar(Node node, Constant scale)
    {
        if (node.Value(0) is Constant constant)
        {
            double[] scales = Broadcast.To(scale, constant.Dimensions);
            long[] codes = Array.ConvertAll(constant.Values, value => value >= 0 ? 1L : -1L);
            node.Set(Coded(constant, codes, scales, NumberFormat.Bipolar));
            return;
        }
        Constant spread = ElementOperators.Spread(scale, node.Map(0), node.Lowering.Map(node.Map(0).Source).Shape.Channels);
        node.Set(QuantiserLayers.Apply(node, node.Map(0), new Quantiser(
            (_, value) => value.Sign >= 0 ? 1 : 0, [.. spread.Values.Select(Exact.Of)], [default], IsBipolar: true)
        { ComparesWithZero = true }));
    }

    /// <summary>−1, 0 or +1. On constants: their signs.</summary>
    public static void Sign(Node node)
    {
        if (node.Value(0) is Constant)
            ConstantOperators.Unary(node, value => Math.Sign(value));
        else
            node.Set(QuantiserLayers.Apply(node, node.Map(0), new Quantiser((_, value) => value.Sign, [Exact.One], [default], IsBipolar: false)));
    }

    /// <summary>
    /// Drops low bits. Version 1 has x, scale, zero point, input bits, output bits, and keeps the scale; version 2 has an output scale before the
    /// output bits (and some files an output zero point between them) and clamps to the output's range.
    /// </summary>
    public static void Trunc(Node node)
    {
        if (node.InputCount is < 5 or > 7)
            throw new NodeException(Invariant($"has {node.InputCount} inputs; version 1 has 5, version 2 has 6 or 7"));
        bool first = node.InputCount == 5;
        Rational scale = Exact.Of(Positive(node.Constant(1, "scale")).Single("scale"));
        long zero = (long)Whole(node.Constant(2, "zero point"), "zero point").Single("zero point");
        int inputBits = Bits(node.Constant(3, "input bit width"), "input bit width"), outputBits = Bits(node.Constant(node.InputCount - 1, "output bit width"), "output bit width");
        Rounding rounding = RoundingRules.Parse(node.Text("rounding_mode", "FLOOR"));
        Rational outputScale = first ? scale : Exact.Of(Positive(node.Constant(4, "output scale")).Single("output scale"));
        int shift = first ? inputBits - outputBits : (int)Math.Round(Math.Log2((outputScale / scale).ToDouble()), MidpointRounding.ToEven);
        if (shift is < 0 or > 62)
            throw new NodeException(Invariant($"drops {shift} bits; 0 to 62 are supported"));
        Rational divisor = Rational.FromInteger(BigInteger.One << shift);
        long outputZero = first ? zero
            : Exact.WholeNumber(Rational.FromInteger(zero) / divisor) ?? throw new NodeException(Invariant($"its zero point {zero} is not a multiple of 2^{shift}"));
        ValueRange range = first ? ValueRange.Widest : Range(outputBits, node.Integer("signed", 1) != 0, node.Integer("narrow", 0) != 0);
        node.Set(QuantiserLayers.Apply(node, node.Map(0), new Quantiser(
            (_, value) =>
            {
                BigInteger whole = RoundingRules.Round((value / scale) + Rational.FromInteger(zero), Rounding.HalfEven);
                return Level(Rational.FromInteger(whole) / divisor, range, rounding) - outputZero;
            },
            [outputScale], [default], IsBipolar: false)
        { StepsOfOne = [Exact.One / (scale * divisor)] }));
    }

    /// <summary>Counts the thresholds that are reached (x ≥ t), times out_scale, plus out_bias.</summary>
    public static void MultiThreshold(Node node)
    {
        MapValue x = node.Map(0);
        Constant thresholds = node.Constant(1, "thresholds");
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        if (thresholds.Dimensions.Length != 2 || (thresholds.Dimensions[0] != 1 && thresholds.Dimensions[0] != channels) || thresholds.Dimensions[1] < 1)
            throw new NodeException(Invariant($"has thresholds {WeightedOperators.Shape(thresholds.Dimensions)} for {channels} channels"));
        if (node.Text("data_layout", "NCHW") != "NCHW" && x.Dimensions.Length == 4)
            throw new NodeException("has the data_layout NHWC; NCHW is supported");
        int levels = thresholds.Dimensions[1];
        Rational[][] sorted = [.. Enumerable.Range(0, thresholds.Dimensions[0]).Select(channel =>
            thresholds.Values.AsSpan(channel * levels, levels).ToArray().Order().Select(Exact.Of).ToArray())];
        Rational scale = Exact.Of(node.Float("out_scale", 1)), bias = Exact.Of(node.Float("out_bias", 0));
        if (scale.Sign == 0)
            throw new NodeException("has an out_scale of 0");
        long Count(int channel, Rational value)
        {
            Rational[] own = sorted[sorted.Length == 1 ? 0 : channel];
            int low = 0, high = own.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (own[middle] <= value)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
        bool bipolar = levels == 1 && bias == -scale / Rational.FromInteger(2);
        Rational factor = bipolar ? scale / Rational.FromInteger(2) : scale;
        ImmutableArray<Rational> factors = sorted.Length == 1 ? [factor] : [.. Enumerable.Repeat(factor, channels)];
        MapValue result = QuantiserLayers.Apply(node, x, new Quantiser(Count, factors, [bipolar ? default : bias], bipolar));
        node.Set(result with { Functions = result.Functions[..1] });
    }

    public static ValueRange Range(int bits, bool signed, bool narrow)
    {
        long half = 1L << (bits - 1);
        return signed ? new ValueRange(narrow ? 1 - half : -half, half - 1) : new ValueRange(0, (2 * half) - (narrow ? 2 : 1));
    }

    public static long Level(Rational value, ValueRange range, Rounding rounding)
    {
        if (value <= Rational.FromInteger(range.Minimum))
            return range.Minimum;
        return value >= Rational.FromInteger(range.Maximum) ? range.Maximum : (long)RoundingRules.Round(value, rounding);
    }

    public static Constant Positive(Constant scale) => scale.Values.Length > 0 && scale.Values.All(value => value > 0)
        ? scale
        : throw new NodeException("has a scale that is not positive");

    public static Constant Whole(Constant constant, string what) => constant.Values.Length > 0 && constant.Values.All(value => Math.Round(value) == value && Math.Abs(value) < 1L << 32)
        ? constant
        : throw new NodeException(Invariant($"has a {what} that is not a whole number"));

    public static Constant Coded(Constant constant, long[] codes, double[] scales, NumberFormat? format)
    {
        var values = new double[codes.Length];
        for (int i = 0; i < codes.Length; i++)
            values[i] = codes[i] * scales[i];
        return new Constant(constant.Dimensions, values, ElementType.Double) { Codes = codes, Scales = scales, Format = format };
    }

    private static Constant QuantisedConstant(Constant constant, Constant scale, Constant zeroPoint, ValueRange range, Rounding rounding)
    {
        double[] scales = Broadcast.To(scale, constant.Dimensions), zeros = Broadcast.To(zeroPoint, constant.Dimensions);
        var codes = new long[constant.Values.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            // Weights by the source's own arithmetic, a division and a sum of 32-bit floats; doubles come from running the source.
            double level = constant.Type == ElementType.Double
                ? (constant.Values[i] / scales[i]) + zeros[i] : (float)((float)constant.Values[i] / (float)scales[i]) + (float)zeros[i];
            codes[i] = Level(Exact.Of(double.IsFinite(level) ? level : throw new NodeException("divides to a number that is not finite")), range, rounding) - (long)zeros[i];
        }
        return Coded(constant, codes, scales, null);
    }

    private static int Bits(Constant constant, string what)
    {
        double bits = constant.Single(what);
        return bits is >= 1 and <= MaximumBits && Math.Round(bits) == bits
            ? (int)bits
            : throw new NodeException(Invariant($"has a {what} of {bits}; 1 to {MaximumBits} are supported"));
    }
}
