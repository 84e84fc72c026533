using HwGen.Training.Recipes;

namespace HwGen.Training.Pruning;

/// <summary>Prunes a network at the end of an epoch. All layers are decided before any filter is removed.</summary>
public sealed class NetworkPruner
{
    private readonly PruningRecipe _recipe;
    private readonly IDistanceSource _distances;
    private readonly ImmutableArray<PrunableLayer> _layers;

    /// <summary>Makes a pruner.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recipe">The rule and its epochs.</param>
    /// <param name="distances">Where distances come from.</param>
    public NetworkPruner(TrainableNetwork network, PruningRecipe recipe, IDistanceSource distances)
    {
        _recipe = recipe;
        _distances = distances;
        _layers = PrunableLayer.Of(network);
    }

    /// <summary>Prunes after an epoch, if it is one of the recipe's.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <returns>What was decided, a layer each; empty in other epochs.</returns>
    public ImmutableArray<PruningDecision> PruneAfter(int epoch)
    {
        if (epoch < _recipe.FirstEpoch || epoch > _recipe.LastEpoch)
            return [];
        ImmutableArray<PruningDecision> decisions = [.. _layers.Select(layer => Decide(layer, epoch))];
        for (int i = 0; i < _layers.Length; i++)
            _layers[i].Prune(decisions[i].Pruned);
        foreach (PrunableLayer layer in _layers)
            _distances.Apply(layer.Convolution.Name, [.. layer.Activation.Alive]);
        return decisions;
    }

    private PruningDecision Decide(PrunableLayer layer, int epoch)
    {
        FilterVectors vectors = layer.Vectors();
        int filters = layer.Convolution.Output.Channels;
        int alive = vectors.Filters.Length;
        int keep = _recipe.Keep(layer.Convolution.Name, filters);
        int quota = Math.Max(0, alive - _recipe.AliveAfter(keep, filters, epoch));
        // A layer that cannot lose a filter is not measured.
        if (alive < 2 || alive <= keep || (_recipe.Rule.Kind == PruningRuleKind.Quota && quota == 0))
            return new PruningDecision([], 0, 0);
        PairDistances distances = _distances.Measure(vectors, _recipe.Rule.Distance);
        PruningDecision decision = SimilarityDecision.Decide(_recipe.Rule, vectors.Filters, distances, filters, keep, quota);
        if (_distances.Prune(vectors, _recipe.Rule, filters, keep, quota) is { } pruned && !pruned.SequenceEqual(decision.Pruned))
        {
            int filter = vectors.Filters.First(one => pruned.Contains(one) != decision.Pruned.Contains(one));
            throw new SimilarityMismatchException(layer.Convolution.Name, Invariant(
                $"filter {filter} is {(pruned.Contains(filter) ? "pruned" : "kept")} by the similarity unit and {(decision.Pruned.Contains(filter) ? "pruned" : "kept")} by the decision from the same distances"));
        }
        return decision;
    }
}
