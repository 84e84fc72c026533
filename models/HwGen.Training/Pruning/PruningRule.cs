namespace HwGen.Training.Pruning;

/// <summary>Which of the similar filters go.</summary>
public enum PruningRuleKind
{
    /// <summary>Every filter with more similar partners than the limit: the published rule, under which whole clusters go.</summary>
    Paper,

    /// <summary>Ascending: of the filters over the limit, each that is similar to a lower one that is kept.</summary>
    KeepOne,

    /// <summary>A number of times, the closest pair loses its higher filter; no statistics.</summary>
    Quota,
}

/// <summary>How filters are chosen.</summary>
/// <param name="Kind">Which of the similar filters go.</param>
/// <param name="Distance">What is measured.</param>
/// <param name="B">b of <c>similar: d &lt; mean − b·variance</c>, a decimal.</param>
/// <param name="C">c of <c>limit = ⌊c·(F − 1)⌋</c>, a decimal from 0 to 1.</param>
/// <param name="FixedThreshold">Where given, <c>similar: d &lt; threshold</c> replaces the statistics (in units of the statistics).</param>
public sealed record PruningRule(PruningRuleKind Kind, DistanceKind Distance, decimal B, decimal C, long? FixedThreshold = null);

/// <summary>What was decided for one layer.</summary>
/// <param name="Pruned">The numbers of the filters that go, ascending.</param>
/// <param name="SimilarPairs">Pairs that were called similar; 0 for a quota.</param>
/// <param name="Limit">The most similar partners that a filter may have; 0 for a quota.</param>
public sealed record PruningDecision(ImmutableArray<int> Pruned, int SimilarPairs, int Limit);
