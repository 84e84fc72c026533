using System.Numerics;

namespace HwGen.Networks;

/// <summary>
/// Walks the layers in order and finds shape, format and range of each feature map, and every broken rule.
/// A layer that reads something broken is passed over, so that one fault gives one message.
/// </summary>
internal sealed class Inference
{
    private const int MaximumNameLength = 200;

    public Inference(NetworkInput input)
    {
        CheckName(input.Name, "the input");
        if (!input.Shape.IsValid)
            Problems.Add(Invariant($"the input '{input.Name}' has the shape {input.Shape}: extents of at least 1, at most 2^28 values"));
        if (!input.Rule.Format.IsValid || input.Rule.Table.IsDefault || input.Rule.Table.Length != 256)
            Problems.Add(Invariant($"the input '{input.Name}' needs a rule of 256 values and a valid format"));
        else if (input.Rule.Table.Any(value => !input.Rule.Format.Contains(value)))
            Problems.Add(Invariant($"the rule of the input '{input.Name}' has values that {input.Rule.Format} cannot write"));
        else
            Maps[input.Name] = new FeatureMap(input.Shape, input.Rule.Format, input.Rule.Range);
        Names.Add(input.Name);
    }

    public Dictionary<string, FeatureMap> Maps { get; } = [];

    public List<string> Problems { get; } = [];

    private HashSet<string> Names { get; } = [];

    public void Visit(Layer layer)
    {
        CheckName(layer.Name, "a layer");
        if (!Names.Add(layer.Name))
        {
            Problems.Add(Invariant($"the name '{layer.Name}' is used twice"));
            return;
        }
        var inputs = new List<FeatureMap>();
        foreach (string name in layer.Inputs)
        {
            if (Maps.TryGetValue(name, out FeatureMap? map))
                inputs.Add(map);
            else if (!Names.Contains(name) || name == layer.Name)
                Problems.Add(Invariant($"layer '{layer.Name}' reads '{name}', which no earlier layer makes"));
        }
        if (inputs.Count != layer.Inputs.Length)
            return;
        try
        {
            FeatureMap result = LayerRules.Infer(layer, inputs);
            if (!result.Shape.IsValid)
                throw new RuleException(Invariant($"makes the shape {result.Shape}: extents of at least 1, at most 2^28 values"));
            if (!ValueRange.Widest.Contains(result.Range))
                throw new RuleException("reaches beyond ±2^61");
            Maps[layer.Name] = result;
        }
        catch (RuleException broken)
        {
            Problems.Add(Invariant($"layer '{layer.Name}' ({layer.Kind}) {broken.Message}"));
        }
    }

    private void CheckName(string name, string what)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaximumNameLength
            || name.Any(c => !(char.IsAsciiLetterOrDigit(c) || "_-./:".Contains(c, StringComparison.Ordinal))))
        {
            Problems.Add(Invariant($"{what} is named '{name}': 1 to {MaximumNameLength} letters, digits and _ - . / : are allowed"));
        }
    }
}

/// <summary>A broken rule of one layer, worded to follow the layer's name.</summary>
internal sealed class RuleException(string message) : Exception(message);
