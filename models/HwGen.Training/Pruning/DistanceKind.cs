namespace HwGen.Training.Pruning;

/// <summary>What the similarity unit measures between two filters.</summary>
public enum DistanceKind
{
    /// <summary>Bits that differ, over all planes.</summary>
    Hamming,

    /// <summary>
    /// Σ 2^k·popcount(a_k ^ b_k) over the planes k: of two's complement weights, where plain Hamming distance calls −1 and 0 as far apart as can be.
    /// </summary>
    PlaneWeighted,

    /// <summary>|a|² + |b|² − 2·a·b; statistics use the integer root ⌊√(256·d²)⌋.</summary>
    Euclidean,
}
