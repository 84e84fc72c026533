using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>The network that grows while the importer walks the source graph: layers, their feature maps, and the values of the source's tensors.</summary>
internal sealed class Lowering
{
    private const int MaximumLayers = 10_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Inference _inference;

    public Lowering(OnnxFile file, NetworkInput input)
    {
        File = file;
        Input = input;
        _names.Add(input.Name);
        _inference = new Inference(input);
        Check();
    }

    public OnnxFile File { get; }

    public NetworkInput Input { get; private set; }

    public List<Layer> Layers { get; } = [];

    /// <summary>Each tensor of the source: a <see cref="Constant"/> or a <see cref="MapValue"/>.</summary>
    public Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>How many nodes and outputs read each tensor.</summary>
    public Dictionary<string, int> Users { get; } = new(StringComparer.Ordinal);

    public List<string> Notes { get; } = [];

    public FeatureMap Map(string source) => _inference.Maps[source];

    /// <summary>Adds a layer, checked, and gives its name back.</summary>
    public string Add(Layer layer)
    {
        if (Layers.Count >= MaximumLayers)
            throw new NodeException(Invariant($"the network grows beyond {MaximumLayers} layers"));
        Layers.Add(layer);
        _inference.Visit(layer);
        Check();
        return layer.Name;
    }

    /// <summary>Replaces the layer that was added last by one of the same name.</summary>
    public void ReplaceLast(Layer layer)
    {
        Layers[^1] = layer;
        Rebuild();
    }

    /// <summary>Gives the input another shape of as many values, as long as nothing reads it.</summary>
    public bool TryReshapeInput(TensorShape shape)
    {
        if (Layers.Count > 0 || shape.Count != Input.Shape.Count)
            return false;
        Input = Input with { Shape = shape };
        Rebuild();
        return true;
    }

    /// <summary>A name for a layer: the node's own, else operator and output, in the letters that names may have; a suffix where it is taken.</summary>
    public string NewName(NodeProto node, string suffix = "")
    {
        string wanted = node.Name.Length > 0 ? node.Name : node.OpType + "_" + (node.Output.Count > 0 ? node.Output[0] : "");
        wanted = string.Concat(wanted.Trim('/').Take(150).Select(c => char.IsAsciiLetterOrDigit(c) || "_-./:".Contains(c, StringComparison.Ordinal) ? c : '_')) + suffix;
        if (wanted.Length == 0)
            wanted = "layer";
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
            name = Invariant($"{wanted}_{i}");
        return name;
    }

    private void Rebuild()
    {
        _inference = new Inference(Input);
        foreach (Layer layer in Layers)
            _inference.Visit(layer);
        Check();
    }

    private void Check()
    {
        if (_inference.Problems.Count > 0)
            throw new NodeException(string.Join("; ", _inference.Problems));
    }
}
