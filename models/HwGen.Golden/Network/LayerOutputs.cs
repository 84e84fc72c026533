namespace HwGen.Golden;

/// <summary>What one image caused: the values of the input and of every layer, each in CHW order.</summary>
/// <param name="Network">The network.</param>
/// <param name="Values">The values by name: the input's (behind its pixel rule) and each layer's.</param>
public sealed record LayerOutputs(QuantisedNetwork Network, IReadOnlyDictionary<string, long[]> Values)
{
    /// <summary>The values of the input or of a layer.</summary>
    /// <exception cref="KeyNotFoundException">Nothing has the name.</exception>
    public long[] this[string name] => Values[name];

    /// <summary>The values of the network's output layer.</summary>
    public long[] Logits => Values[Network.Output];
}
