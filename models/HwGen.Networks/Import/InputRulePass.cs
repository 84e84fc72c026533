namespace HwGen.Networks;

/// <summary>
/// Tidies the layers that the importer made: a quantiser that reads nothing but pixels becomes the input's rule, a flatten moves behind the quantiser that reads it (which
/// then has constants a channel, not a value), and a flatten that only dense layers read is dropped (a dense layer flattens by itself).
/// </summary>
internal static class InputRulePass
{
    public static (NetworkInput Input, List<Layer> Layers) Run(NetworkInput input, List<Layer> layers, string output)
    {
        while (Fold(ref input, ref layers, output))
        {
        }
        layers = Clamped(input, layers);
        foreach (FlattenLayer flatten in layers.OfType<FlattenLayer>().ToList())
            layers = FlattenPass.MoveBehindQuantiser(input, layers, flatten, output);
        foreach (FlattenLayer flatten in layers.OfType<FlattenLayer>().ToList())
        {
            if (flatten.Name != output && Readers(layers, flatten.Name) is { Count: > 0 } readers && readers.All(reader => reader is DenseLayer))
                layers = Without(layers, flatten, flatten.Input);
        }
        return (input, layers);
    }

    /// <summary>A rule may reach fewer values than the layer that it replaces: thresholds behind it move to the ends of the smaller ranges.</summary>
    private static List<Layer> Clamped(NetworkInput input, List<Layer> layers)
    {
        var inference = new Inference(input);
        var clamped = new List<Layer>();
        foreach (Layer layer in layers)
        {
            Layer next = layer;
            if (layer is ThresholdLayer threshold && inference.Maps.TryGetValue(threshold.Input, out FeatureMap? map))
                next = threshold with { Thresholds = [.. threshold.Thresholds.Select(value => Math.Clamp(value, map.Range.Minimum, map.Range.Maximum + 1))] };
            inference.Visit(next);
            clamped.Add(next);
        }
        return clamped;
    }

    private static bool Fold(ref NetworkInput input, ref List<Layer> layers, string output)
    {
        List<Layer> readers = Readers(layers, input.Name);
        if (readers is [FlattenLayer flatten] && flatten.Name != output)
            readers = Readers(layers, flatten.Name);
        if (readers is not [var only] || only.Name == output)
            return false;
        PixelRule before = input.Rule;
        PixelRule? after = only switch
        {
            ThresholdLayer threshold when Uniform(threshold) => Rule(threshold, before),
            RequantiseLayer requantise when requantise.Multipliers.Distinct().Count() == 1 && requantise.Shifts.Distinct().Count() == 1 =>
                new PixelRule("quantised pixel", requantise.Output, [.. before.Table.Select(value => (int)Requantisation.Apply(requantise, 0, value))]),
            _ => null,
        };
        if (after is null)
            return false;
        input = input with { Rule = after };
        layers = Without(layers, only, only.Inputs[0]);
        return true;
    }

    private static bool Uniform(ThresholdLayer layer)
    {
        for (int i = 0; i < layer.Thresholds.Length; i++)
        {
            if (layer.Thresholds[i] != layer.Thresholds[i % layer.Levels])
                return false;
        }
        return layer.Directions.Distinct().Count() == 1 && layer.Output.Bits <= 32;
    }

    private static PixelRule Rule(ThresholdLayer layer, PixelRule before)
    {
        if (layer.Output.Kind == NumberKind.Bipolar && !layer.Directions[0] && before == PixelRule.Unsigned8 && layer.Thresholds[0] is >= 1 and <= 255)
            return PixelRule.BipolarAt((int)layer.Thresholds[0]);
        return new PixelRule("quantised pixel", layer.Output, [.. before.Table.Select(value => (int)layer.Apply(0, value))]);
    }

    public static List<Layer> Readers(List<Layer> layers, string name) => [.. layers.Where(layer => layer.Inputs.Contains(name))];

    private static List<Layer> Without(List<Layer> layers, Layer removed, string instead) =>
        [.. layers.Where(layer => layer != removed).Select(layer => layer.Inputs.Contains(removed.Name)
            ? layer with { Inputs = [.. layer.Inputs.Select(name => name == removed.Name ? instead : name)] } : layer)];
}
