using System.Collections.Immutable;
using HwGen.Training.Pruning;
using YamlDotNet.RepresentationModel;

namespace HwGen.Training.Recipes;

/// <summary>Reads the pruning of a recipe.</summary>
internal static class PruningReader
{
    // b at most 1000 keeps its mantissa and exponent within what the similarity unit holds.
    private const decimal LargestB = 1000m;

    private static readonly Dictionary<string, PruningRuleKind> s_rules = new()
    {
        ["paper"] = PruningRuleKind.Paper,
        ["keep-one"] = PruningRuleKind.KeepOne,
        ["quota"] = PruningRuleKind.Quota,
    };
    private static readonly Dictionary<string, DistanceKind> s_distances = new()
    {
        ["hamming"] = DistanceKind.Hamming,
        ["plane-weighted"] = DistanceKind.PlaneWeighted,
        ["euclidean"] = DistanceKind.Euclidean,
    };

    public static PruningRecipe? Read(StrictMapping? pruning, TrainingPlan plan, ImmutableArray<LayerRecipe> layers, List<RecipeProblem> problems)
    {
        if (pruning is null)
            return null;
        PruningRuleKind kind = pruning.Choice("rule", s_rules);
        DistanceKind distance = pruning.Choice("distance", s_distances, "hamming");
        decimal b = pruning.Decimal("b", 0, LargestB, 0.146m);
        decimal c = pruning.Decimal("c", 0, 1, 0.15m);
        long? threshold = pruning.Has("fixedThreshold") ? pruning.Integer("fixedThreshold", 0, int.MaxValue) : null;
        int first = pruning.Integer("firstEpoch", 1, plan.Epochs, 1);
        int last = pruning.Integer("lastEpoch", first, Math.Max(first, plan.Epochs), Math.Max(first, plan.Epochs));
        int minimumAlive = pruning.Integer("minimumAlive", 1, 4096, 1);
        ImmutableArray<LayerPruning> own = pruning.Has("layers") ? ReadLayers(pruning, layers, problems) : [];
        if (kind == PruningRuleKind.Quota && own.IsEmpty && pruning.Sequence("layers") is { } sequence)
            pruning.Report(sequence, "layers", "empty", "at least one { layer, keep } under the rule quota");
        pruning.Finish();
        return new PruningRecipe(new PruningRule(kind, distance, b, c, threshold), first, last, minimumAlive, own);
    }

    private static ImmutableArray<LayerPruning> ReadLayers(StrictMapping pruning, ImmutableArray<LayerRecipe> layers, List<RecipeProblem> problems)
    {
        var own = ImmutableArray.CreateBuilder<LayerPruning>();
        foreach (YamlNode node in pruning.Sequence("layers")?.Children ?? [])
        {
            if (node is not YamlMappingNode mapping)
            {
                pruning.Report(node, "layers", StrictMapping.Show(node), "entries of the form { layer: convolution1, keep: 8 }");
                continue;
            }
            var entry = new StrictMapping(mapping, "pruning.layers", problems);
            string[] names = [.. layers.OfType<ConvolutionRecipe>().Select(layer => layer.Name).Where(name => own.All(one => one.Layer != name))];
            string name = entry.Text("layer", names.Length == 0 ? "no further convolution" : "one of " + string.Join(", ", names), names.Contains);
            int filters = layers.OfType<ConvolutionRecipe>().FirstOrDefault(layer => layer.Name == name)?.Filters ?? 4096;
            own.Add(new LayerPruning(name, entry.Integer("keep", 1, filters)));
            entry.Finish();
        }
        return own.ToImmutable();
    }
}
