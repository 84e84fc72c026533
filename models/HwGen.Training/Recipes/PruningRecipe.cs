using HwGen.Training.Pruning;

namespace HwGen.Training.Recipes;

/// <summary>Pruning while learning: after each of some epochs, every convolution loses filters that are similar to others.</summary>
/// <param name="Rule">How filters are chosen.</param>
/// <param name="FirstEpoch">The first epoch that ends with pruning, from 1.</param>
/// <param name="LastEpoch">The last one.</param>
/// <param name="MinimumAlive">Filters that every layer keeps at least.</param>
/// <param name="Layers">Layers with a number of their own; the others keep <paramref name="MinimumAlive"/>, or all under a quota.</param>
public sealed record PruningRecipe(PruningRule Rule, int FirstEpoch, int LastEpoch, int MinimumAlive, ImmutableArray<LayerPruning> Layers)
{
    /// <summary>The filters that a layer keeps: at least, or under a quota in the end exactly.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="filters">All filters of the layer.</param>
    /// <returns>From 1 to <paramref name="filters"/>.</returns>
    public int Keep(string layer, int filters)
    {
        int keep = Layers.FirstOrDefault(one => one.Layer == layer)?.Keep ?? (Rule.Kind == PruningRuleKind.Quota ? filters : MinimumAlive);
        return Math.Clamp(keep, 1, filters);
    }

    /// <summary>Under a quota, the filters that are alive after an epoch: the loss is spread evenly over the pruning epochs.</summary>
    /// <param name="keep">The filters that stay in the end.</param>
    /// <param name="filters">All filters.</param>
    /// <param name="epoch">An epoch from the first to the last pruning epoch.</param>
    /// <returns>The filters that are alive after it.</returns>
    public int AliveAfter(int keep, int filters, int epoch)
    {
        int done = epoch - FirstEpoch + 1;
        int all = LastEpoch - FirstEpoch + 1;
        return filters - ((filters - keep) * done / all);
    }
}

/// <summary>A layer's own number of filters.</summary>
/// <param name="Layer">The layer's name, such as <c>convolution1</c>.</param>
/// <param name="Keep">The filters that stay: at least, or under a quota in the end exactly.</param>
public sealed record LayerPruning(string Layer, int Keep);
