namespace HwGen.Training.Pruning;

/// <summary>
/// Where distances come from: the golden model here, compiled or Verilator RTL in HwGen.Cosimulation. All sources give equal distances, so
/// masks and weights of a run do not depend on the source.
/// </summary>
public interface IDistanceSource
{
    /// <summary>Measures all pairs.</summary>
    /// <param name="vectors">The alive filters of a layer; 2 or more.</param>
    /// <param name="kind">What is measured.</param>
    /// <returns>The distances by the filters' places in <see cref="FilterVectors.Filters"/>; for <see cref="DistanceKind.Euclidean"/> the squares.</returns>
    PairDistances Measure(FilterVectors vectors, DistanceKind kind);

    /// <summary>
    /// The filters that the source's own logic prunes, where it has such: a similarity unit decides in hardware. What it decides is compared with
    /// <see cref="SimilarityDecision"/>, and a difference is an error.
    /// </summary>
    /// <param name="vectors">The filters that were measured last.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="allFilters">All filters of the layer, pruned ones included.</param>
    /// <param name="minimumAlive">Filters that stay at least.</param>
    /// <param name="quota">Under a quota, how many go at most.</param>
    /// <returns>Their numbers, ascending; null for a source that only measures.</returns>
    ImmutableArray<int>? Prune(FilterVectors vectors, PruningRule rule, int allFilters, int minimumAlive, int quota) => null;

    /// <summary>
    /// Told what was decided, after all layers: a source that holds valid bits in hardware writes them and reads them back. Nothing to do otherwise.
    /// </summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="alive">Which filters of the layer are alive now, all filters.</param>
    void Apply(string layer, ImmutableArray<bool> alive)
    {
    }
}
