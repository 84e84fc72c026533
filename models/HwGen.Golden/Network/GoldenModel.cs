namespace HwGen.Golden;

/// <summary>
/// The golden model by definition: integer arithmetic in plain loops, one layer behind the other, exact. It shares no code with the generator and
/// takes nothing but the graph from HwGen.Networks: neither its packing nor its arithmetic.
/// </summary>
public static class GoldenModel
{
    /// <summary>Runs one image and keeps every layer's output.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pixels">The image's bytes in CHW order, as many as the input has values.</param>
    /// <exception cref="ArgumentException">The number of bytes is another.</exception>
    public static LayerOutputs Run(QuantisedNetwork network, ReadOnlySpan<byte> pixels)
    {
        NetworkInput input = network.Input;
        if (pixels.Length != input.Shape.Count)
            throw new ArgumentException(Invariant($"{pixels.Length} pixels for the input {input.Shape}"), nameof(pixels));
        var values = new Dictionary<string, long[]>(StringComparer.Ordinal);
        var first = new long[pixels.Length];
        for (int i = 0; i < first.Length; i++)
            first[i] = input.Rule.Table[pixels[i]];
        values[input.Name] = first;
        foreach (Layer layer in network.Layers)
            values[layer.Name] = Evaluate(network, layer, values);
        return new LayerOutputs(network, values);
    }

    internal static long[] Evaluate(QuantisedNetwork network, Layer layer, Dictionary<string, long[]> values)
    {
        long[] x = values[layer.Inputs[0]];
        TensorShape shape = network[layer.Inputs[0]].Shape, output = network[layer.Name].Shape;
        return layer switch
        {
            ConvolutionLayer convolution => WeightedDefinitions.Convolution(convolution, x, shape, output),
            DenseLayer dense => WeightedDefinitions.Dense(dense, x),
            MaxPoolLayer pool => PoolDefinitions.Maximum(pool, x, shape, output),
            SumPoolLayer pool => PoolDefinitions.Sum(pool, x, shape, output),
            ThresholdLayer threshold => ValueDefinitions.Threshold(threshold, x, shape),
            RequantiseLayer requantise => ValueDefinitions.Requantise(requantise, x, shape),
            ReluLayer => [.. x.Select(value => value > 0 ? value : 0)],
            AddLayer add => ValueDefinitions.Add(add, x, values[add.Inputs[1]]),
            ConcatenateLayer concatenate => [.. concatenate.Inputs.SelectMany(name => values[name])],
            FlattenLayer => x,
            ArgmaxLayer => [Argmax.Of(x)],
            _ => throw new NotSupportedException(Invariant($"the golden model does not know the layer kind '{layer.Kind}'")),
        };
    }
}
