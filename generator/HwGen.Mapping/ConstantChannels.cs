using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Finds the channels of a network that have one value, whatever the image: those of filters whose weights are all 0, and what follows from them.</summary>
internal static class ConstantChannels
{
    /// <summary>The value of each channel of each map; null where it depends on the image.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Those of its layers that matter, in order.</param>
    public static Dictionary<string, long?[]> Of(QuantisedNetwork network, IReadOnlyList<Layer> layers)
    {
        var values = new Dictionary<string, long?[]> { [network.Input.Name] = new long?[network.Input.Shape.Channels] };
        foreach (var layer in layers)
        {
            values.Add(layer.Name, Of(network, layer, values));
        }

        return values;
    }

    private static long?[] Of(QuantisedNetwork network, Layer layer, Dictionary<string, long?[]> values)
    {
        var input = values[layer.Inputs[0]];
        long?[] Each(Func<int, long, long?> function) => [.. input.Select((value, channel) => value is { } x ? function(channel, x) : null)];
        return layer switch
        {
            ConvolutionLayer convolution => Filters(convolution, input, convolution.Groups, convolution.Weights.KernelHeight * convolution.Weights.KernelWidth, convolution.Padding.Any),
            DenseLayer dense => Filters(dense, input, 1, dense.Weights.FanIn / input.Length, isPadded: false),
            ThresholdLayer threshold => Each((channel, x) => threshold.Apply(channel, x)),
            RequantiseLayer requantise => Each((channel, x) => Requantisation.Apply(requantise, channel, x)),
            ReluLayer => Each((_, x) => Math.Max(0, x)),
            MaxPoolLayer => input,
            SumPoolLayer pool => Each((_, x) => x == 0 || !pool.Padding.Any ? x * pool.KernelHeight * pool.KernelWidth : null),
            AddLayer add => Each((channel, x) => values[add.Second][channel] is { } y ? add.Output.Range.Saturate(x + y) : null),
            ConcatenateLayer concatenate => [.. concatenate.Inputs.SelectMany(name => values[name])],
            FlattenLayer flatten => [.. input.SelectMany(value => Enumerable.Repeat(value, (int)(network[flatten.Input].Shape.Count / input.Length)))],
            _ => new long?[network[layer.Name].Shape.Channels],
        };
    }

    /// <summary>A filter is constant where each of its weights that is not 0 meets a channel that is: one that is 0, or, where there is no padding, any.</summary>
    private static long?[] Filters(WeightedLayer layer, long?[] input, int groups, int places, bool isPadded)
    {
        var filters = new long?[layer.Weights.Filters];
        var channels = input.Length / groups;
        for (var filter = 0; filter < filters.Length; filter++)
        {
            var weights = layer.Weights.Filter(filter);
            var first = filter / (filters.Length / groups) * channels;
            long? sum = layer.Biases.IsEmpty ? 0 : layer.Biases[filter];
            for (var channel = 0; channel < channels && sum is not null; channel++)
            {
                var ofChannel = weights.Slice(channel * places, places);
                if (ofChannel.ContainsAnyExcept(0))
                {
                    sum = input[first + channel] is { } value && (value == 0 || !isPadded) ? sum + (value * Sum(ofChannel)) : null;
                }
            }

            filters[filter] = sum;
        }

        return filters;
    }

    /// <summary>The sum of some weights.</summary>
    public static long Sum(ReadOnlySpan<int> weights)
    {
        long sum = 0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }
}
