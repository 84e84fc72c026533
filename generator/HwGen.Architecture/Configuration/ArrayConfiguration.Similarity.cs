namespace HwGen.Architecture.Configuration;

// The similarity unit.
public sealed partial record ArrayConfiguration
{
    /// <summary>The similarity unit; null for a core without one.</summary>
    public SimilarityConfiguration? Similarity { get; init; }

    /// <summary>The largest shift that the similarity unit asks for: products of two weight planes, or counts that count four times.</summary>
    private int SimilarityShift => Similarity is null ? 0 : Similarity.HasEuclidean ? Math.Max(2, (2 * WeightBits) - 2) : WeightBits - 1;
}
