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
    /// Told what was decided, after all layers: a source that holds valid bits in hardware writes them and reads them back. Nothing to do otherwise.
    /// </summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="alive">Which filters of the layer are alive now, all filters.</param>
    void Apply(string layer, ImmutableArray<bool> alive)
    {
    }
}
