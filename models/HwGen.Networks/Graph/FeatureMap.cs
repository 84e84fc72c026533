namespace HwGen.Networks;

/// <summary>What flows from one layer to the next: a shape, the format of the values, and the range that they can reach.</summary>
/// <param name="Shape">Channels × height × width.</param>
/// <param name="Format">
/// The number format. Behind an accumulator it is the smallest integer format that holds <paramref name="Range"/>.
/// </param>
/// <param name="Range">The least and greatest value that any input can cause, never wider than the format.</param>
public sealed record FeatureMap(TensorShape Shape, NumberFormat Format, ValueRange Range);
