using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>A weighted layer and what the hardware does behind it in one go.</summary>
/// <param name="Weighted">The weighted layer.</param>
/// <param name="Window">Its window; a dense layer's covers its whole input.</param>
/// <param name="Threshold">The threshold behind it; null when its values are the result.</param>
/// <param name="Pool">The max pool behind it; null for none.</param>
/// <param name="PoolBeforeThreshold">True when the pool is of values, false when it is of bits.</param>
/// <param name="Layers">The names of the network layers, in order.</param>
internal sealed record Stage(
    WeightedLayer Weighted, Window Window, ThresholdLayer? Threshold, MaxPoolLayer? Pool, bool PoolBeforeThreshold, IReadOnlyList<string> Layers)
{
    /// <summary>The layer whose output the stage makes.</summary>
    public string Name => Layers[^1];

    /// <summary>True when the stage gives bits, from the signs of the accumulators; false when values of several levels, or sums.</summary>
    public bool GivesBits => Threshold is { Output.Kind: NumberKind.Bipolar };

    /// <summary>Splits a network into stages.</summary>
    /// <exception cref="MappingException">A layer is of a kind, or stands in a place, that the core does not know.</exception>
    public static IReadOnlyList<Stage> Split(QuantisedNetwork network)
    {
        var stages = new List<Stage>();
        var names = network.Layers.Select(l => l.Name).ToList();
        var previous = network.Input.Name;
        for (var i = 0; i < network.Layers.Length;)
        {
            // The input of a dense layer is used as it lies in memory; flattening moves nothing.
            var begin = i;
            var source = previous;
            while (i < network.Layers.Length && network.Layers[i] is FlattenLayer)
            {
                CheckChain(network.Layers[i], ref previous);
                i++;
            }

            if (i == network.Layers.Length || network.Layers[i] is not WeightedLayer weighted)
            {
                var layer = network.Layers[Math.Min(i, network.Layers.Length - 1)];
                throw new MappingException(layer.Name, $"a {layer.Kind} layer does not begin a stage here; a stage is a convolution or dense layer, then max pool and threshold in either order");
            }

            CheckChain(weighted, ref previous);
            i++;
            ThresholdLayer? threshold = null;
            MaxPoolLayer? pool = null;
            var poolFirst = false;
            for (; i < network.Layers.Length; i++)
            {
                if (network.Layers[i] is ThresholdLayer t && threshold is null)
                {
                    threshold = t;
                    CheckThreshold(t);
                }
                else if (network.Layers[i] is MaxPoolLayer p && pool is null)
                {
                    (pool, poolFirst) = (p, threshold is null);
                    CheckPool(p);
                }
                else
                {
                    break;
                }

                CheckChain(network.Layers[i], ref previous);
            }

            if (pool is not null && threshold is null)
            {
                throw new MappingException(pool.Name, "a max pool of sums needs a threshold behind it: the core pools bits and levels");
            }

            if (threshold is null && i < network.Layers.Length)
            {
                throw new MappingException(network.Layers[i].Name, $"a {network.Layers[i].Kind} layer on values is not built by this version: only the last layer gives values");
            }

            var shape = network[source].Shape;
            var window = weighted is ConvolutionLayer convolution
                ? Checked(convolution)
                : new Window(shape.Height, shape.Width, Distance.One, Padding.None, Distance.One);
            stages.Add(new Stage(weighted, window, threshold, pool, poolFirst, [.. names.Skip(begin).Take(i - begin)]));
        }

        if (stages[^1].Name != network.Output)
        {
            throw new MappingException(network.Output, "the output is not the last layer");
        }

        return stages;
    }

    private static void CheckChain(Layer layer, ref string previous)
    {
        if (layer.Inputs.Length != 1 || layer.Inputs[0] != previous)
        {
            throw new MappingException(layer.Name, $"it reads {string.Join(", ", layer.Inputs)}, not the layer before it ({previous}); this version maps chains");
        }

        previous = layer.Name;
    }

    private static void CheckThreshold(ThresholdLayer threshold)
    {
        var isBit = threshold.Levels == 1 && threshold.Output.Kind == NumberKind.Bipolar;
        if (!isBit && threshold.Output.Kind is not (NumberKind.Unsigned or NumberKind.TwosComplement))
        {
            throw new MappingException(threshold.Name, $"{threshold.Levels} thresholds a channel with output {threshold.Output}; this version has one with output ±1, or several with output unsigned or two's complement");
        }
    }

    private static void CheckPool(MaxPoolLayer pool)
    {
        if (pool.Padding.Any || pool.Stride.X != pool.KernelWidth || pool.Stride.Y != pool.KernelHeight)
        {
            throw new MappingException(pool.Name, "a max pool needs a stride equal to its kernel and no padding");
        }
    }

    private static Window Checked(ConvolutionLayer convolution) => convolution.Groups == 1
        ? convolution.Window
        : throw new MappingException(convolution.Name, $"{convolution.Groups} groups; this version maps 1");
}
