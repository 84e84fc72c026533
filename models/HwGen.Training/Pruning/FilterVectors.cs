namespace HwGen.Training.Pruning;

/// <summary>
/// The stored weights of a layer's alive filters, as the array holds them when the similarity unit measures. Vectors keep their full length:
/// weights that read a channel pruned earlier stay as they were.
/// </summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Bits">Bits of a weight: 1 is ±1, otherwise two's complement.</param>
/// <param name="Filters">The numbers of the alive filters, ascending.</param>
/// <param name="Weights">The weights of each alive filter, all of one length: kernel line by kernel line, position by position, channel by channel.</param>
public sealed record FilterVectors(string Layer, int Bits, ImmutableArray<int> Filters, ImmutableArray<ImmutableArray<int>> Weights);
