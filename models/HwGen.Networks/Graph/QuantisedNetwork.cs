namespace HwGen.Networks;

/// <summary>
/// A quantised network: an input and layers in an order in which each reads only what stands before it. Checked when made:
/// an object of this class is valid, and shape, format and range of every feature map are known. Immutable.
/// </summary>
public sealed class QuantisedNetwork
{
    private readonly Dictionary<string, FeatureMap> _maps;

    private QuantisedNetwork(
        string name, NetworkInput input, ImmutableArray<Layer> layers, string output, Dictionary<string, FeatureMap> maps)
    {
        Name = name;
        Input = input;
        Layers = layers;
        Output = output;
        _maps = maps;
    }

    /// <summary>The network's name.</summary>
    public string Name { get; }

    /// <summary>The input and its rule.</summary>
    public NetworkInput Input { get; }

    /// <summary>The layers, each behind all that it reads.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>The name of the layer whose values are the logits: the last layer unless said otherwise.</summary>
    public string Output { get; }

    /// <summary>The feature map of the input or of a layer, by name.</summary>
    /// <exception cref="KeyNotFoundException">No layer and no input has the name.</exception>
    public FeatureMap this[string name] => _maps[name];

    /// <summary>The logits' feature map.</summary>
    public FeatureMap OutputMap => _maps[Output];

    /// <summary>The layer of a name.</summary>
    /// <exception cref="KeyNotFoundException">No layer has the name.</exception>
    public Layer LayerNamed(string name) =>
        Layers.FirstOrDefault(layer => layer.Name == name) ?? throw new KeyNotFoundException(Invariant($"no layer is named '{name}'"));

    /// <summary>The feature map that a valid layer makes of those that it reads.</summary>
    /// <param name="layer">A layer that keeps every rule of its kind.</param>
    /// <param name="inputs">What it reads, in order.</param>
    /// <exception cref="InvalidNetworkException">It breaks a rule.</exception>
    public static FeatureMap MapOf(Layer layer, IReadOnlyList<FeatureMap> inputs)
    {
        try
        {
            return LayerRules.Infer(layer, inputs);
        }
        catch (RuleException broken)
        {
            throw new InvalidNetworkException(layer.Name, [broken.Message]);
        }
    }

    /// <summary>Makes a network and checks it.</summary>
    /// <param name="name">The network's name, not empty.</param>
    /// <param name="input">The input.</param>
    /// <param name="layers">At least one layer, each behind all that it reads.</param>
    /// <param name="output">The layer whose values are the logits; the last one when null.</param>
    /// <exception cref="InvalidNetworkException">With every problem that was found.</exception>
    public static QuantisedNetwork Create(string name, NetworkInput input, IEnumerable<Layer> layers, string? output = null)
    {
        ImmutableArray<Layer> all = [.. layers];
        var inference = new Inference(input);
        foreach (Layer layer in all)
            inference.Visit(layer);
        var problems = inference.Problems;
        if (string.IsNullOrWhiteSpace(name))
            problems.Add("the network has no name");
        if (all.Length == 0)
            problems.Add("the network has no layers");
        output ??= all.Length == 0 ? "" : all[^1].Name;
        if (problems.Count == 0 && !all.Any(layer => layer.Name == output))
            problems.Add(Invariant($"the output '{output}' is not a layer"));
        if (problems.Count > 0)
            throw new InvalidNetworkException(name, problems);
        return new QuantisedNetwork(name, input, all, output, inference.Maps);
    }
}
