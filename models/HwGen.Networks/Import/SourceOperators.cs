using System.Numerics.Tensors;

namespace HwGen.Networks;

/// <summary>Operators on tensors that are known, by their definition in the ONNX and QONNX documents; the ones that constant folding does not have.</summary>
internal static class SourceOperators
{
    private static readonly Dictionary<string, Action<Node>> s_operators = new(StringComparer.Ordinal)
    {
        ["Conv"] = node => Convolve(node, X(node, 0), X(node, 1), node.Has(2) ? X(node, 2) : null),
        ["ConvInteger"] = node => Convolve(node, Less(node, 0, 2), Less(node, 1, 3), null),
        ["MatMul"] = node => Multiply(node, X(node, 0), X(node, 1), null),
        ["MatMulInteger"] = node => Multiply(node, Less(node, 0, 2), Less(node, 1, 3), null),
        ["Gemm"] = Gemm,
        ["QLinearConv"] = node => Requantise(node, 4, () => Convolve(node, Less(node, 0, 2), Less(node, 3, 5), node.Has(8) ? X(node, 8) : null)),
        ["QLinearMatMul"] = node => Requantise(node, 4, () => Multiply(node, Less(node, 0, 2), Less(node, 3, 5), null)),
        ["BatchNormalization"] = BatchNormalization,
        ["Clip"] = Clip,
        ["MaxPool"] = node => Pool(node, values => values.Max()),
        ["GlobalMaxPool"] = node => PoolAll(node, values => values.Max()),
        ["AveragePool"] = node => Pool(node, null),
        ["GlobalAveragePool"] = node => PoolAll(node, values => values.Average()),
        ["ReduceMean"] = node => PoolAll(node, values => values.Average()),
        ["Concat"] = Concatenate,
        ["Softmax"] = Softmax,
        ["LogSoftmax"] = Softmax,
        ["Sigmoid"] = node => ConstantOperators.Unary(node, value => 1 / (1 + Math.Exp(-value))),
        ["ArgMax"] = node => Set(node, [1, 1], [Array.IndexOf(X(node, 0).Values, X(node, 0).Values.Max())]),
        ["Trunc"] = Trunc,
        ["MultiThreshold"] = MultiThreshold,
        ["XnorPopcountMatMul"] = node => Multiply(node, Signs(X(node, 0)), Signs(X(node, 1)), sum => (sum + X(node, 1).Dimensions[0]) / 2),
    };

    public static Action<Node>? Find(string domain, string name) => Operators.Find(domain, name) is null ? null : s_operators.GetValueOrDefault(name);

    private static Constant X(Node node, int input) => node.Constant(input, Invariant($"input {input}"));

    private static void Set(Node node, ImmutableArray<int> dimensions, double[] values)
    {
        if (values.Any(value => !double.IsFinite(value)))
            throw new NodeException("computes a value that is not a finite number");
        node.Set(new Constant(dimensions, values, ElementType.Double));
    }

    private static Constant Less(Node node, int input, int zeroPoint)
    {
        Constant x = X(node, input);
        if (!node.Has(zeroPoint))
            return x;
        Constant zero = X(node, zeroPoint);
        bool perFilter = zero.Values.Length > 1;
        bool columns = x.Dimensions.Length == 2;
        int inner = perFilter && !columns ? x.Values.Length / x.Dimensions[0] : 1;
        return x with { Values = [.. x.Values.Select((value, i) => value - zero.Values[!perFilter ? 0 : columns ? i % x.Dimensions[1] : i / inner])] };
    }

    private static Constant Signs(Constant x) => x with { Values = Array.ConvertAll(x.Values, value => (2 * value) - 1) };

    private static void Convolve(Node node, Constant x, Constant w, Constant? bias)
    {
        if (x.Dimensions.Length != 4 || w.Dimensions.Length != 4)
            throw new NodeException("convolves other than images of 4 dimensions");
        int channels = w.Dimensions[1], groups = (int)node.Integer("group", 1), filters = w.Dimensions[0];
        var shape = new TensorShape(x.Dimensions[1], x.Dimensions[2], x.Dimensions[3]);
        int[] kernel = [w.Dimensions[2], w.Dimensions[3]];
        Distance stride = WindowAttributes.Distance(node, "strides"), dilation = WindowAttributes.Distance(node, "dilations");
        Padding padding = WindowAttributes.Padding(node, shape, kernel, stride, dilation);
        var window = new Window(kernel[0], kernel[1], stride, padding, dilation);
        var output = new TensorShape(filters, window.OutputHeight(shape.Height), window.OutputWidth(shape.Width));
        if (groups < 1 || filters % groups != 0 || channels * groups != shape.Channels || !output.IsValid || output.Count > Constant.MaximumFolded || (bias is not null && bias.Values.Length != filters))
            throw new NodeException("its input, weights, bias and groups do not fit");
        var y = new double[output.Count];
        for (int filter = 0; filter < filters; filter++)
        {
            Span<double> plane = y.AsSpan(filter * output.Height * output.Width, output.Height * output.Width);
            plane.Fill(bias?.Values[filter] ?? 0);
            for (int tap = 0; tap < channels * kernel[0] * kernel[1]; tap++)
            {
                int channel = (filter / (filters / groups) * channels) + (tap / (kernel[0] * kernel[1]));
                int ky = tap / kernel[1] % kernel[0], kx = tap % kernel[1];
                AddTap(plane, output, x.Values.AsSpan(channel * shape.Height * shape.Width, shape.Height * shape.Width), shape,
                    w.Values[(filter * channels * kernel[0] * kernel[1]) + tap], window, ky, kx);
            }
        }
        Set(node, [1, filters, output.Height, output.Width], y);
    }

    private static void AddTap(Span<double> plane, TensorShape output, ReadOnlySpan<double> x, TensorShape shape, double weight, Window window, int ky, int kx)
    {
        for (int oy = 0; oy < output.Height; oy++)
        {
            int iy = (oy * window.Stride.Y) - window.Padding.Top + (ky * window.Dilation.Y);
            if (iy < 0 || iy >= shape.Height)
                continue;
            int shift = (kx * window.Dilation.X) - window.Padding.Left;
            Span<double> row = plane.Slice(oy * output.Width, output.Width);
            ReadOnlySpan<double> source = x.Slice(iy * shape.Width, shape.Width);
            if (window.Stride.X == 1)
            {
                int first = Math.Max(0, -shift), end = Math.Min(output.Width, shape.Width - shift);
                if (end > first)
                    TensorPrimitives.MultiplyAdd(source[(first + shift)..(end + shift)], weight, row[first..end], row[first..end]);
                continue;
            }
            for (int ox = 0; ox < output.Width; ox++)
            {
                int ix = (ox * window.Stride.X) + shift;
                if (ix >= 0 && ix < shape.Width)
                    row[ox] += weight * source[ix];
            }
        }
    }

    private static void Multiply(Node node, Constant a, Constant b, Func<double, double>? then)
    {
        if (b.Dimensions.Length != 2 || a.Dimensions.Length < 1 || a.Dimensions[^1] != b.Dimensions[0] || a.Values.Length != a.Dimensions[^1])
            throw new NodeException(Invariant($"multiplies {WeightedOperators.Shape(a.Dimensions)} with {WeightedOperators.Shape(b.Dimensions)}; a vector times a matrix is supported"));
        var y = new double[b.Dimensions[1]];
        for (int i = 0; i < a.Values.Length; i++)
            TensorPrimitives.MultiplyAdd(b.Values.AsSpan(i * y.Length, y.Length), a.Values[i], y, y);
        Set(node, a.Dimensions.SetItem(a.Dimensions.Length - 1, y.Length), then is null ? y : Array.ConvertAll(y, value => then(value)));
    }

    private static void Gemm(Node node)
    {
        Constant b = X(node, 1);
        double alpha = node.Float("alpha", 1), beta = node.Float("beta", 1);
        Multiply(node, X(node, 0), node.Integer("transB", 0) != 0 ? ShapeOperators.Transposed(b, [1, 0]) : b, null);
        var product = (Constant)node.Lowering.Values[node.Proto.Output[0]];
        double[] c = node.Has(2) ? Broadcast.To(X(node, 2), product.Dimensions) : new double[product.Values.Length];
        Set(node, product.Dimensions, [.. product.Values.Select((value, i) => (alpha * value) + (beta * c[i]))]);
    }

    private static void Requantise(Node node, int secondScale, Action product)
    {
        product();
        var sum = (Constant)node.Lowering.Values[node.Proto.Output[0]];
        float x = (float)X(node, 1).Single("scale"), y = (float)X(node, 6).Single("scale");
        Constant second = X(node, secondScale), zero = node.Has(7) ? X(node, 7) : new Constant([], [0], ElementType.UInt8);
        (double low, double high) = zero.Type == ElementType.Int8 ? (-128, 127) : (0.0, 255.0);
        bool columns = sum.Dimensions.Length == 2;
        int area = columns ? 1 : sum.Dimensions[2] * sum.Dimensions[3];
        double[] values = [.. sum.Values.Select((value, i) =>
        {
            float scale = x * (float)second.Values[second.Values.Length == 1 ? 0 : i / area] / y;
            return Math.Clamp(MathF.Round((float)value * scale, MidpointRounding.ToEven) + zero.Values[0], low, high);
        })];
        node.Set(new Constant(sum.Dimensions, values, zero.Type));
    }

    private static void BatchNormalization(Node node)
    {
        Constant x = X(node, 0);
        double epsilon = node.Float("epsilon", (float)1e-5);
        int area = x.Dimensions.Skip(2).Aggregate(1, (product, extent) => product * extent);
        Set(node, x.Dimensions, [.. x.Values.Select((value, i) =>
        {
            int channel = i / area;
            return (X(node, 1).Values[channel] * (value - X(node, 3).Values[channel]) / Math.Sqrt(X(node, 4).Values[channel] + epsilon)) + X(node, 2).Values[channel];
        })]);
    }

    private static void Clip(Node node)
    {
        double low = node.Has(1) ? X(node, 1).Single("minimum") : node.Float("min", double.MinValue), high = node.Has(2) ? X(node, 2).Single("maximum") : node.Float("max", double.MaxValue);
        ConstantOperators.Unary(node, value => Math.Min(high, Math.Max(low, value)));
    }

    private static void Pool(Node node, Func<List<double>, double>? combine)
    {
        Constant x = X(node, 0);
        if (x.Dimensions.Length != 4 || node.Integers("kernel_shape") is not { Length: 2 } kernel || node.Integer("ceil_mode", 0) != 0)
            throw new NodeException("pools other than images with a kernel of 2 extents");
        var shape = new TensorShape(x.Dimensions[1], x.Dimensions[2], x.Dimensions[3]);
        Distance stride = WindowAttributes.Distance(node, "strides");
        Padding padding = WindowAttributes.Padding(node, shape, kernel, stride, Distance.One);
        var window = new Window(kernel[0], kernel[1], stride, padding, Distance.One);
        var output = new TensorShape(shape.Channels, window.OutputHeight(shape.Height), window.OutputWidth(shape.Width));
        var y = new double[output.Count];
        var inside = new List<double>();
        bool counted = node.Integer("count_include_pad", 0) != 0;
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / (output.Height * output.Width), oy = i / output.Width % output.Height, ox = i % output.Width;
            inside.Clear();
            for (int k = 0; k < kernel[0] * kernel[1]; k++)
            {
                int iy = (oy * stride.Y) - padding.Top + (k / kernel[1]), ix = (ox * stride.X) - padding.Left + (k % kernel[1]);
                if (iy >= 0 && iy < shape.Height && ix >= 0 && ix < shape.Width)
                    inside.Add(x.Values[shape.IndexOf(channel, iy, ix)]);
            }
            y[i] = combine is not null ? combine(inside) : inside.Sum() / (counted ? kernel[0] * kernel[1] : inside.Count);
        }
        Set(node, [1, output.Channels, output.Height, output.Width], y);
    }

    private static void PoolAll(Node node, Func<double[], double> combine)
    {
        Constant x = X(node, 0);
        int channels = x.Dimensions[1], area = x.Values.Length / channels;
        ImmutableArray<int> dimensions = node.Integer("keepdims", 1) != 0 ? [1, channels, 1, 1] : [1, channels];
        Set(node, dimensions, [.. Enumerable.Range(0, channels).Select(channel => combine(x.Values.AsSpan(channel * area, area).ToArray()))]);
    }

    private static void Concatenate(Node node)
    {
        if (X(node, 0).Dimensions.Length == 1)
        {
            ConstantOperators.Concat(node);
            return;
        }
        Constant[] parts = [.. Enumerable.Range(0, node.InputCount).Select(i => X(node, i))];
        node.Set(new Constant(parts[0].Dimensions.SetItem(1, parts.Sum(part => part.Dimensions[1])), [.. parts.SelectMany(part => part.Values)], parts[0].Type));
    }

    private static void Softmax(Node node)
    {
        Constant x = X(node, 0);
        double largest = x.Values.Max(), sum = x.Values.Sum(value => Math.Exp(value - largest));
        bool logarithm = node.Proto.OpType == "LogSoftmax";
        Set(node, x.Dimensions, Array.ConvertAll(x.Values, value => logarithm ? value - largest - Math.Log(sum) : Math.Exp(value - largest) / sum));
    }

    private static void Trunc(Node node)
    {
        bool first = node.InputCount == 5;
        double scale = X(node, 1).Single("scale"), zero = X(node, 2).Single("zero point"), output = first ? scale : X(node, 4).Single("output scale");
        double bits = X(node, node.InputCount - 1).Single("bits");
        double divisor = first ? Math.Pow(2, X(node, 3).Single("bits") - bits) : Math.Pow(2, Math.Round(Math.Log2(output / scale)));
        Rounding rounding = RoundingRules.Parse(node.Text("rounding_mode", "FLOOR"));
        ValueRange range = first ? ValueRange.Widest : QuantiserOperators.Range((int)bits, node.Integer("signed", 1) != 0, node.Integer("narrow", 0) != 0);
        double outputZero = first ? zero : zero / divisor;
        ConstantOperators.Unary(node, value =>
        {
            double level = Math.Round((value / scale) + zero, MidpointRounding.ToEven) / divisor;
            level = Math.Clamp(level, range.Minimum, range.Maximum);
            return ((double)RoundingRules.Round(Rational.FromDouble(level), rounding) - outputZero) * output;
        });
    }

    private static void MultiThreshold(Node node)
    {
        Constant x = X(node, 0), thresholds = X(node, 1);
        int levels = thresholds.Dimensions[1], area = x.Dimensions.Skip(2).Aggregate(1, (product, extent) => product * extent);
        double scale = node.Float("out_scale", 1), bias = node.Float("out_bias", 0);
        Set(node, x.Dimensions, [.. x.Values.Select((value, i) =>
        {
            int channel = thresholds.Dimensions[0] == 1 ? 0 : i / area;
            return (scale * thresholds.Values.AsSpan(channel * levels, levels).ToArray().Count(threshold => value >= threshold)) + bias;
        })]);
    }
}
