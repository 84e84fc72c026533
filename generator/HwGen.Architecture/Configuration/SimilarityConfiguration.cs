namespace HwGen.Architecture.Configuration;

/// <summary>Which of the similar filters the similarity unit prunes; the value is its code in a command.</summary>
public enum SimilarityRule
{
    /// <summary>Every filter with more similar partners than the limit: whole clusters go.</summary>
    Paper = 0,

    /// <summary>Of the filters over the limit, ascending, each that is similar to a lower one that is kept.</summary>
    KeepOne = 1,

    /// <summary>A number of times, the higher filter of the closest pair; no statistics.</summary>
    Quota = 2,
}

/// <summary>What is measured between two filters.</summary>
public enum SimilarityDistance
{
    /// <summary>Bits that differ, over all bit-planes.</summary>
    Hamming,

    /// <summary>Bits that differ, each with the weight of its bit-plane.</summary>
    PlaneWeighted,

    /// <summary>|a|² + |b|² − 2·a·b by the AND of rows; statistics take the integer root ⌊√(256·d²)⌋.</summary>
    Euclidean,
}

/// <summary>The similarity unit of a core.</summary>
/// <param name="Filters">The most filters that a layer may have; 2 to 1024.</param>
/// <param name="Segments">The most rows that a filter may take, over its words and bit-planes; a power of two.</param>
/// <param name="Rules">The rules that are built, ascending, each once; at least one.</param>
/// <param name="Distances">The distances that are built, ascending, each once; at least one.</param>
public sealed record SimilarityConfiguration(
    int Filters, int Segments, IReadOnlyList<SimilarityRule> Rules, IReadOnlyList<SimilarityDistance> Distances)
{
    /// <summary>Filters when the configuration names none.</summary>
    public const int DefaultFilters = 64;

    /// <summary>Segments when the configuration names none.</summary>
    public const int DefaultSegments = 64;

    /// <summary>The most filters of any similarity unit.</summary>
    public const int LargestFilters = 1024;

    /// <summary>The most segments of any similarity unit.</summary>
    public const int LargestSegments = 1 << 16;

    /// <summary>The most bits of a weight whose squared distances are built: with more, the squares of long filters leave 64 bits.</summary>
    public const int LargestEuclideanBits = 12;

    /// <summary>All rules.</summary>
    public static IReadOnlyList<SimilarityRule> AllRules { get; } = [SimilarityRule.Paper, SimilarityRule.KeepOne, SimilarityRule.Quota];

    /// <summary>The distances when the configuration names none.</summary>
    public static IReadOnlyList<SimilarityDistance> DefaultDistances { get; } = [SimilarityDistance.Hamming];

    /// <summary>All distances.</summary>
    public static IReadOnlyList<SimilarityDistance> AllDistances { get; } =
        [SimilarityDistance.Hamming, SimilarityDistance.PlaneWeighted, SimilarityDistance.Euclidean];

    /// <summary>True when statistics are built: there is a rule that counts similar partners.</summary>
    public bool HasStatistics => Rules.Contains(SimilarityRule.Paper) || Rules.Contains(SimilarityRule.KeepOne);

    /// <summary>True when squares and roots are built.</summary>
    public bool HasEuclidean => Distances.Contains(SimilarityDistance.Euclidean);
}
