namespace HwGen.Networks;

/// <summary>ONNX's own quantisers and integer products: QuantizeLinear, DequantizeLinear, MatMulInteger, ConvInteger, QLinearMatMul, QLinearConv; and QONNX's XnorPopcountMatMul.</summary>
internal static class LinearQuantiserOperators
{
    /// <summary>Rounds half to even, adds the zero point, saturates last.</summary>
    public static void QuantizeLinear(Node node)
    {
        RefuseBlocks(node);
        Constant scale = QuantiserOperators.Positive(node.Constant(1, "scale"));
        Constant? zeroPoint = node.Has(2) ? node.Constant(2, "zero point") : null;
        ElementType type = zeroPoint?.Type ?? (ElementType)node.Integer("output_dtype", (long)ElementType.UInt8);
        ValueRange range = RangeOf(type == 0 ? ElementType.UInt8 : type);
        if (node.Value(0) is Constant constant)
        {
            double[] scales = AlongAxis(node, scale, constant.Dimensions), zeros = zeroPoint is null ? new double[scales.Length] : AlongAxis(node, zeroPoint, constant.Dimensions);
            var codes = new double[constant.Values.Length];
            for (int i = 0; i < codes.Length; i++)
            {
                double level = constant.Type == ElementType.Double ? constant.Values[i] / scales[i] : (float)constant.Values[i] / (float)scales[i];
                codes[i] = Math.Clamp(Math.Round(level, MidpointRounding.ToEven) + zeros[i], range.Minimum, range.Maximum);
            }
            node.Set(new Constant(constant.Dimensions, codes, type));
            return;
        }
        MapValue x = node.Map(0);
        double[] perChannel = OfMap(node, scale, x);
        long zero = (long)(zeroPoint?.Single("zero point") ?? 0);
        ImmutableArray<Rational> steps = [.. perChannel.Select(value => Exact.One / Exact.Of(value))];
        var free = new ValueRange(range.Minimum - zero, range.Maximum - zero);
        MapValue result = QuantiserLayers.Apply(node, x, new Quantiser(
            (channel, value) => QuantiserOperators.Level(value * steps[steps.Length == 1 ? 0 : channel], free, Rounding.HalfEven),
            [.. perChannel.Select(_ => Exact.One)], [Rational.FromInteger(zero)], IsBipolar: false)
        { StepsOfOne = steps });
        node.Set(result with { Functions = result.Functions[..1] });
    }

    public static void DequantizeLinear(Node node)
    {
        RefuseBlocks(node);
        Constant scale = QuantiserOperators.Positive(node.Constant(1, "scale"));
        Constant? zeroPoint = node.Has(2) ? node.Constant(2, "zero point") : null;
        if (node.Value(0) is Constant constant)
        {
            if (constant.IsFloat)
                throw new NodeException("dequantises floats");
            double[] scales = AlongAxis(node, scale, constant.Dimensions), zeros = zeroPoint is null ? new double[scales.Length] : AlongAxis(node, zeroPoint, constant.Dimensions);
            var codes = new long[constant.Values.Length];
            for (int i = 0; i < codes.Length; i++)
                codes[i] = (long)(constant.Values[i] - zeros[i]);
            node.Set(QuantiserOperators.Coded(constant, codes, scales, null));
            return;
        }
        MapValue x = node.Map(0);
        double[] perChannel = OfMap(node, scale, x), zerosOfMap = zeroPoint is null ? [0] : OfMap(node, zeroPoint, x);
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        node.Set(x.Then(channels, Math.Max(perChannel.Length, zerosOfMap.Length), (function, channel) =>
        {
            Rational factor = Exact.Of(perChannel[perChannel.Length == 1 ? 0 : channel]), zero = Exact.Of(zerosOfMap[zerosOfMap.Length == 1 ? 0 : channel]);
            return function.ThenAffine(factor, -(factor * zero));
        }));
    }

    public static void MatMulInteger(Node node) =>
        node.Set(WeightedOperators.Product(node, Centred(node, 0, 2), CentredWeights(node, 1, 3, lastAxis: true), null));

    public static void ConvInteger(Node node) =>
        node.Set(WeightedOperators.Convolution(node, Centred(node, 0, 2), CentredWeights(node, 1, 3, lastAxis: false), null));

    public static void QLinearMatMul(Node node)
    {
        MapValue product = WeightedOperators.Product(node, Centred(node, 0, 2), CentredWeights(node, 3, 5, lastAxis: true), null);
        Requantise(node, product, node.Constant(1, "first scale"), node.Constant(4, "second scale"), 6);
    }

    public static void QLinearConv(Node node)
    {
        Constant? bias = node.Has(8) ? node.Constant(8, "bias") : null;
        MapValue product = WeightedOperators.Convolution(node, Centred(node, 0, 2), CentredWeights(node, 3, 5, lastAxis: false), bias);
        Requantise(node, product, node.Constant(1, "scale of x"), node.Constant(4, "scale of w"), 6);
    }

    /// <summary>Operands are 0 and 1 for −1 and +1; the result is the number of places that agree, (K + sum)/2.</summary>
    public static void XnorPopcountMatMul(Node node)
    {
        MapValue x = node.Map(0);
        Constant weights = node.Constant(1, "weights");
        if (weights.Values.Any(value => value is not (0 or 1)))
            throw new NodeException("has weights other than 0 and 1");
        MapValue signs = x.Then(function => function.ThenAffine(Rational.FromInteger(2), -Exact.One));
        if (node.Lowering.Map(x.Source).Format.Kind != NumberKind.Bipolar || signs.AsUniformAffine() is not { Offset.Sign: 0 })
        {
            ValueRange range = node.Lowering.Map(x.Source).Range;
            bool binary = x.Functions.All(function => range.Maximum - range.Minimum <= 1
                && new[] { range.Minimum, range.Maximum }.All(end => function.Apply(end) is var value && (value.Sign == 0 || value == Exact.One)));
            if (!binary)
                throw new NodeException("reads values other than 0 and 1");
            signs = QuantiserLayers.Apply(node, signs, new Quantiser((_, value) => value.Sign >= 0 ? 1 : 0, [Exact.One], [default], IsBipolar: true));
        }
        var codes = new Constant(weights.Dimensions, Array.ConvertAll(weights.Values, value => (2 * value) - 1), ElementType.Float);
        Rational half = new(1, 2);
        node.Set(WeightedOperators.Product(node, signs, codes, null)
            .Then(function => function.ThenAffine(half, half * Rational.FromInteger(weights.Dimensions[0]))));
    }

    /// <summary>The multiplier is a product and a quotient of 32-bit floats, and the accumulator is multiplied as a 32-bit float: as runtimes do.</summary>
    private static void Requantise(Node node, MapValue product, Constant first, Constant second, int outputScale)
    {
        float x = (float)QuantiserOperators.Positive(first).Single("scale of the first operand");
        float y = (float)QuantiserOperators.Positive(node.Constant(outputScale, "output scale")).Single("output scale");
        float[] multipliers = [.. QuantiserOperators.Positive(second).Values.Select(scale => x * (float)scale / y)];
        if (multipliers.Any(multiplier => !float.IsFinite(multiplier) || multiplier == 0))
            throw new NodeException("has scales whose quotient is not a finite, positive float");
        if (product.AsUniformAffine() is not { Offset.Sign: 0 } affine || affine.Factor != Exact.One)
            throw new NodeException("has a bias that is not an integer");
        Constant? zeroPoint = node.Has(outputScale + 1) ? node.Constant(outputScale + 1, "output zero point") : null;
        long zero = (long)(zeroPoint?.Single("output zero point") ?? 0);
        ValueRange range = RangeOf(zeroPoint?.Type ?? ElementType.UInt8);
        MapValue result = QuantiserLayers.Apply(node, product, new Quantiser(
            (channel, value) =>
            {
                float scaled = (float)(long)value.Numerator * multipliers[multipliers.Length == 1 ? 0 : channel];
                return (long)Math.Clamp(MathF.Round(scaled, MidpointRounding.ToEven), range.Minimum - zero, range.Maximum - zero);
            },
            [.. multipliers.Select(_ => Exact.One)], [Rational.FromInteger(zero)], IsBipolar: false)
        { StepsOfOne = [.. multipliers.Select(multiplier => Exact.Of(multiplier))] });
        node.Set(result with { Functions = result.Functions[..1] });
    }

    private static MapValue Centred(Node node, int input, int zeroPoint)
    {
        MapValue x = node.Map(input);
        double zero = node.Has(zeroPoint) ? node.Constant(zeroPoint, "zero point").Single("zero point") : 0;
        return x.Then(function => function.ThenAffine(Exact.One, Exact.Of(-zero)));
    }

    private static Constant CentredWeights(Node node, int input, int zeroPoint, bool lastAxis)
    {
        Constant weights = node.Constant(input, "weights");
        if (weights.IsFloat)
            throw new NodeException("has float weights; integers are expected");
        var codes = Array.ConvertAll(weights.Values, value => (long)value);
        if (node.Has(zeroPoint))
        {
            Constant zeros = node.Constant(zeroPoint, "zero point of the weights");
            int axis = lastAxis ? weights.Dimensions.Length - 1 : 0;
            double[] spread = Along(zeros, weights.Dimensions, axis);
            for (int i = 0; i < codes.Length; i++)
                codes[i] -= (long)spread[i];
        }
        double[] ones = new double[codes.Length];
        Array.Fill(ones, 1);
        return QuantiserOperators.Coded(weights, codes, ones, null);
    }

    private static ValueRange RangeOf(ElementType type) => type switch
    {
        ElementType.UInt8 => new ValueRange(0, 255),
        ElementType.Int8 => new ValueRange(-128, 127),
        ElementType.UInt16 => new ValueRange(0, 65535),
        ElementType.Int16 => new ValueRange(-32768, 32767),
        ElementType.UInt4 => new ValueRange(0, 15),
        ElementType.Int4 => new ValueRange(-8, 7),
        _ => throw new NodeException(Invariant($"quantises to {type}; int4, uint4, int8, uint8, int16 and uint16 are supported")),
    };

    private static double[] AlongAxis(Node node, Constant list, ImmutableArray<int> shape)
    {
        long axis = node.Integer("axis", 1);
        return Along(list, shape, (int)Math.Clamp(axis < 0 ? axis + shape.Length : axis, -1, shape.Length));
    }

    private static double[] Along(Constant list, ImmutableArray<int> shape, int axis)
    {
        if (list.Values.Length == 1)
            return Broadcast.To(list, shape);
        if (list.Dimensions.Length != 1 || axis < 0 || axis >= shape.Length || list.Values.Length != shape[axis])
            throw new NodeException(Invariant($"has {list.Values.Length} scales or zero points for {WeightedOperators.Shape(shape)} along axis {axis}"));
        ImmutableArray<int> aligned = [.. shape.Select((extent, i) => i == axis ? extent : 1)];
        return Broadcast.To(list with { Dimensions = aligned }, shape);
    }

    /// <summary>One value, or one a channel (axis 1).</summary>
    private static double[] OfMap(Node node, Constant list, MapValue x)
    {
        if (list.Values.Length == 1)
            return list.Values;
        int channels = node.Lowering.Map(x.Source).Shape.Channels;
        long axis = node.Integer("axis", 1);
        return list.Values.Length == channels && (axis < 0 ? axis + x.Dimensions.Length : axis) == 1
            ? list.Values
            : throw new NodeException(Invariant($"has {list.Values.Length} scales or zero points for {channels} channels"));
    }

    private static void RefuseBlocks(Node node)
    {
        if (node.Integer("block_size", 0) != 0)
            throw new NodeException("is quantised in blocks, which is not supported");
    }
}
