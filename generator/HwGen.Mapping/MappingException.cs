namespace HwGen.Mapping;

/// <summary>A network cannot be mapped onto an array: the layer and the reason are named.</summary>
/// <param name="layer">The layer.</param>
/// <param name="reason">Why not, and what would help.</param>
public sealed class MappingException(string layer, string reason) : Exception($"layer '{layer}' cannot be mapped: {reason}")
{
    /// <summary>The layer.</summary>
    public string Layer { get; } = layer;
}
