namespace HwGen.Networks;

/// <summary>One rule a layer kind: what it needs of its inputs, and the feature map that it makes.</summary>
internal static class LayerRules
{
    private const int MaximumExtent = 1 << 20;

    public static FeatureMap Infer(Layer layer, IReadOnlyList<FeatureMap> inputs) => layer switch
    {
        ConvolutionLayer convolution => Convolution(convolution, inputs[0]),
        DenseLayer dense => Dense(dense, inputs[0]),
        MaxPoolLayer pool => Pool(pool, inputs[0]),
        SumPoolLayer pool => SumPool(pool, inputs[0]),
        ThresholdLayer threshold => ThresholdRule.Infer(threshold, inputs[0]),
        RequantiseLayer requantise => RequantiseRule.Infer(requantise, inputs[0]),
        ReluLayer => Accumulated(inputs[0].Shape, new ValueRange(Math.Max(0, inputs[0].Range.Minimum), Math.Max(0, inputs[0].Range.Maximum))),
        AddLayer add => Add(add, inputs[0], inputs[1]),
        ConcatenateLayer => Concatenate(inputs),
        FlattenLayer => inputs[0] with { Shape = Flatten(inputs[0].Shape) },
        ArgmaxLayer => Accumulated(TensorShape.Flat(1), new ValueRange(0, inputs[0].Shape.Count - 1)),
        _ => throw new RuleException("is of a kind that this version does not know"),
    };

    private static FeatureMap Convolution(ConvolutionLayer layer, FeatureMap input)
    {
        CheckWeights(layer);
        CheckWindow(layer.Window);
        int groups = layer.Groups, channels = input.Shape.Channels;
        if (groups < 1 || channels % groups != 0 || layer.Weights.Filters % groups != 0)
            throw new RuleException(Invariant($"has {groups} groups: they must divide {channels} channels and {layer.Weights.Filters} filters"));
        if (layer.Weights.Channels != channels / groups)
            throw new RuleException(Invariant($"has weights for {layer.Weights.Channels} channels a group: its input has {channels} channels in {groups} groups"));
        int height = layer.Window.OutputHeight(input.Shape.Height), width = layer.Window.OutputWidth(input.Shape.Width);
        if (height < 1 || width < 1)
            throw new RuleException(Invariant($"has a kernel of {layer.Weights.KernelHeight}×{layer.Weights.KernelWidth} that does not fit into {input.Shape}"));
        return Accumulated(new TensorShape(layer.Weights.Filters, height, width), AccumulatorRange.Of(layer, input.Range, layer.Padding.Any));
    }

    private static FeatureMap Dense(DenseLayer layer, FeatureMap input)
    {
        CheckWeights(layer);
        if (layer.Weights.FanIn != input.Shape.Count)
            throw new RuleException(Invariant($"has weights for {layer.Weights.FanIn} inputs: its input {input.Shape} has {input.Shape.Count}"));
        return Accumulated(TensorShape.Flat(layer.Weights.Filters), AccumulatorRange.Of(layer, input.Range, padded: false));
    }

    private static FeatureMap Pool(PoolLayer layer, FeatureMap input)
    {
        CheckWindow(layer.Window);
        Padding padding = layer.Padding;
        if (padding.Top >= layer.KernelHeight || padding.Bottom >= layer.KernelHeight
            || padding.Left >= layer.KernelWidth || padding.Right >= layer.KernelWidth)
        {
            throw new RuleException("is padded by as much as its kernel: a window would hold no value");
        }
        int height = layer.Window.OutputHeight(input.Shape.Height), width = layer.Window.OutputWidth(input.Shape.Width);
        if (height < 1 || width < 1)
            throw new RuleException(Invariant($"has a kernel of {layer.KernelHeight}×{layer.KernelWidth} that does not fit into {input.Shape}"));
        return input with { Shape = new TensorShape(input.Shape.Channels, height, width) };
    }

    private static FeatureMap SumPool(SumPoolLayer layer, FeatureMap input)
    {
        FeatureMap pooled = Pool(layer, input);
        // A window at the border may hold fewer values, so each place of the kernel is a value or 0.
        ValueRange one = layer.Padding.Any ? input.Range.Union(new ValueRange(0, 0)) : input.Range;
        Int128 places = (Int128)layer.KernelHeight * layer.KernelWidth;
        return Accumulated(pooled.Shape, AccumulatorRange.Checked(places * one.Minimum, places * one.Maximum));
    }

    private static FeatureMap Add(AddLayer layer, FeatureMap first, FeatureMap second)
    {
        CheckFormat(layer.Output);
        if (layer.Output.Kind is NumberKind.Bipolar)
            throw new RuleException("cannot saturate to ±1: use a threshold");
        if (first.Shape != second.Shape)
            throw new RuleException(Invariant($"adds {first.Shape} to {second.Shape}: the shapes must be equal"));
        ValueRange bounds = layer.Output.Range;
        return new FeatureMap(first.Shape, layer.Output, new ValueRange(
            bounds.Saturate(first.Range.Minimum + second.Range.Minimum), bounds.Saturate(first.Range.Maximum + second.Range.Maximum)));
    }

    private static FeatureMap Concatenate(IReadOnlyList<FeatureMap> inputs)
    {
        if (inputs.Count < 2)
            throw new RuleException("needs two or more inputs");
        FeatureMap first = inputs[0];
        long channels = 0;
        ValueRange range = first.Range;
        foreach (FeatureMap input in inputs)
        {
            if (input.Shape.Height != first.Shape.Height || input.Shape.Width != first.Shape.Width)
                throw new RuleException(Invariant($"joins {first.Shape} and {input.Shape}: height and width must be equal"));
            if (input.Format != first.Format && (input.Format.Kind == NumberKind.Bipolar) != (first.Format.Kind == NumberKind.Bipolar))
                throw new RuleException(Invariant($"joins the formats {first.Format} and {input.Format}"));
            channels += input.Shape.Channels;
            range = range.Union(input.Range);
        }
        if (channels > TensorShape.MaximumCount)
            throw new RuleException("has too many channels");
        bool alike = inputs.All(input => input.Format == first.Format);
        return new FeatureMap(
            first.Shape with { Channels = (int)channels }, alike ? first.Format : NumberFormat.Smallest(range), range);
    }

    private static TensorShape Flatten(TensorShape shape) => TensorShape.Flat((int)shape.Count);

    private static FeatureMap Accumulated(TensorShape shape, ValueRange range) => new(shape, NumberFormat.Smallest(range), range);

    internal static void CheckFormat(NumberFormat format)
    {
        if (!format.IsValid)
            throw new RuleException(Invariant($"has the number format {format.Kind} with {format.Bits} bits, which does not exist"));
    }

    private static void CheckWeights(WeightedLayer layer)
    {
        WeightTensor weights = layer.Weights;
        CheckFormat(weights.Format);
        Int128 count = (Int128)weights.Filters * weights.Channels * weights.KernelHeight * weights.KernelWidth;
        if (weights.Filters < 1 || weights.Channels < 1 || weights.KernelHeight < 1 || weights.KernelWidth < 1
            || weights.Values.IsDefault || count != weights.Values.Length)
        {
            throw new RuleException(Invariant(
                $"has {(weights.Values.IsDefault ? 0 : weights.Values.Length)} weights for the shape {weights.Filters}×{weights.Channels}×{weights.KernelHeight}×{weights.KernelWidth}"));
        }
        for (int i = 0; i < weights.Values.Length; i++)
        {
            if (!weights.Format.Contains(weights.Values[i]))
                throw new RuleException(Invariant($"has the weight {weights.Values[i]} at place {i}, which {weights.Format} cannot write"));
        }
        if (layer.Biases.IsDefault || (layer.Biases.Length != 0 && layer.Biases.Length != weights.Filters))
            throw new RuleException(Invariant($"has {(layer.Biases.IsDefault ? 0 : layer.Biases.Length)} biases for {weights.Filters} filters"));
    }

    private static void CheckWindow(Window window)
    {
        Padding padding = window.Padding;
        int[] positive = [window.KernelHeight, window.KernelWidth, window.Stride.Y, window.Stride.X, window.Dilation.Y, window.Dilation.X];
        int[] notNegative = [padding.Top, padding.Left, padding.Bottom, padding.Right];
        if (positive.Any(value => value is < 1 or > MaximumExtent))
            throw new RuleException(Invariant($"needs kernel, stride and dilation of 1 to {MaximumExtent}"));
        if (notNegative.Any(value => value is < 0 or > MaximumExtent))
            throw new RuleException(Invariant($"needs a padding of 0 to {MaximumExtent}"));
    }
}
