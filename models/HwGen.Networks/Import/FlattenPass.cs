namespace HwGen.Networks;

/// <summary>Moves a flatten behind the quantiser that alone reads it: the same values, with constants a channel instead of a value.</summary>
internal static class FlattenPass
{
    public static List<Layer> MoveBehindQuantiser(NetworkInput input, List<Layer> layers, FlattenLayer flatten, string output)
    {
        int place = layers.IndexOf(flatten);
        if (place < 0 || flatten.Name == output || InputRulePass.Readers(layers, flatten.Name) is not [var reader] || reader.Name == output)
            return layers;
        TensorShape shape = Shape(input, layers, flatten.Input);
        Layer? quantiser = reader switch
        {
            ThresholdLayer threshold => AChannel(threshold, shape),
            RequantiseLayer requantise => AChannel(requantise, shape),
            _ => null,
        };
        if (quantiser is null)
            return layers;
        // The quantiser takes the flatten's place, the flatten the quantiser's; who read the quantiser now reads the flatten.
        Layer moved = flatten with { Inputs = [reader.Name] };
        return [.. layers.Select(layer => layer == flatten ? quantiser with { Inputs = flatten.Inputs }
            : layer == reader ? moved
            : layer.Inputs.Contains(reader.Name) ? layer with { Inputs = [.. layer.Inputs.Select(name => name == reader.Name ? flatten.Name : name)] }
            : layer)];
    }

    private static ThresholdLayer? AChannel(ThresholdLayer layer, TensorShape shape)
    {
        int area = shape.Height * shape.Width;
        for (int i = 0; i < layer.Directions.Length; i++)
        {
            int first = i / area * area;
            if (layer.Directions[i] != layer.Directions[first] || !Level(layer, i).SequenceEqual(Level(layer, first)))
                return null;
        }
        return layer with
        {
            Thresholds = [.. Enumerable.Range(0, shape.Channels).SelectMany(channel => Level(layer, channel * area).ToArray())],
            Directions = [.. Enumerable.Range(0, shape.Channels).Select(channel => layer.Directions[channel * area])],
            Unfolded = layer.Unfolded is { } norm ? AChannel(norm, shape.Channels, area) : null,
        };
    }

    private static RequantiseLayer? AChannel(RequantiseLayer layer, TensorShape shape) =>
        AChannel(layer.Multipliers, shape) is { } multipliers && AChannel(layer.Shifts, shape) is { } shifts
            ? layer with { Multipliers = multipliers, Shifts = shifts } : null;

    private static ImmutableArray<T>? AChannel<T>(ImmutableArray<T> values, TensorShape shape)
    {
        int area = shape.Height * shape.Width;
        if (values.Length == 1)
            return values;
        for (int i = 0; i < values.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(values[i], values[i / area * area]))
                return null;
        }
        return [.. Enumerable.Range(0, shape.Channels).Select(channel => values[channel * area])];
    }

    private static BatchNorm AChannel(BatchNorm norm, int channels, int area)
    {
        ImmutableArray<Rational> Every(ImmutableArray<Rational> values) => [.. Enumerable.Range(0, channels).Select(channel => values[channel * area])];
        return norm with { Gamma = Every(norm.Gamma), Beta = Every(norm.Beta), Mean = Every(norm.Mean), Variance = Every(norm.Variance) };
    }

    private static ReadOnlySpan<long> Level(ThresholdLayer layer, int channel) => layer.Thresholds.AsSpan().Slice(channel * layer.Levels, layer.Levels);

    private static TensorShape Shape(NetworkInput input, List<Layer> layers, string name)
    {
        var inference = new Inference(input);
        foreach (Layer layer in layers.TakeWhile(_ => !inference.Maps.ContainsKey(name)))
            inference.Visit(layer);
        return inference.Maps[name].Shape;
    }
}
