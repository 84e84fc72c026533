namespace HwGen.Networks;

/// <summary>A tensor of the source network that depends on the image: integers of one of our layers, and what is still to be done to each.</summary>
/// <param name="Source">The layer, or the network's input.</param>
/// <param name="Dimensions">The source tensor's extents with the batch of 1.</param>
/// <param name="Functions">Our integer to the tensor's value: one for all channels, or one a channel of the source.</param>
internal sealed record MapValue(string Source, ImmutableArray<int> Dimensions, ImmutableArray<ElementFunction> Functions)
{
    public ElementFunction Function(int channel) => Functions[Functions.Length == 1 ? 0 : channel];

    public MapValue Then(Func<ElementFunction, ElementFunction> next) => this with { Functions = [.. Functions.Select(next)] };

    /// <summary>Applies a function a channel; a single one stays single as long as it can.</summary>
    public MapValue Then(int channels, int given, Func<ElementFunction, int, ElementFunction> next)
    {
        if (given == 1)
            return Then(function => next(function, 0));
        return this with { Functions = [.. Enumerable.Range(0, channels).Select(channel => next(Function(channel), channel))] };
    }

    /// <summary>One factor and one offset for all channels; null when channels differ or a clamp is pending.</summary>
    public (Rational Factor, Rational Offset)? AsUniformAffine()
    {
        if (Functions[0].AsAffine() is not { } first)
            return null;
        return Functions.All(function => function.AsAffine() is { } other && other.Factor == first.Factor && other.Offset == first.Offset) ? first : null;
    }
}
