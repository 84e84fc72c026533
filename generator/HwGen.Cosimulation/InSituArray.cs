using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Training.Pruning;
using HwGen.Training.Recipes;

namespace HwGen.Cosimulation;

/// <summary>The array in which a recipe's filters are measured.</summary>
public static class InSituArray
{
    private const int Columns = 32;
    private const int SmallestMemory = 16;

    /// <summary>An array that holds each convolution of a recipe, one at a time, with a lane a filter up to 64.</summary>
    /// <param name="recipe">The recipe; it prunes.</param>
    /// <param name="imageChannels">Channels of its images.</param>
    /// <exception cref="InSituRefusedException">A layer is larger than any similarity unit.</exception>
    public static ArrayConfiguration For(Recipe recipe, int imageChannels)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var layers = Layers(recipe, imageChannels);
        if (layers.FirstOrDefault(layer => layer.Filters > SimilarityConfiguration.LargestFilters) is { Name: { } name, Filters: var filters })
        {
            throw new InSituRefusedException(name, FormattableString.Invariant($"{filters} filters; a similarity unit holds at most {SimilarityConfiguration.LargestFilters}"));
        }

        var lanes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(64, layers.Max(layer => layer.Filters)));
        var rows = layers.Max(layer => (((layer.FanIn - 1) / Columns) + 1) * layer.Bits);
        var tiles = layers.Max(layer => ((layer.Filters - 1) / lanes) + 1);
        return new ArrayConfiguration(
            "in_situ", rows * tiles * lanes, Columns, lanes, [RowOperation.And, RowOperation.Xor], SmallestMemory, SmallestMemory, SmallestMemory, LargestFanIn: 1, InputBits: 1,
            WeightBits: layers.Max(layer => layer.Bits), LevelWords: SmallestMemory, MultiplierBits: 0)
        {
            Similarity = new SimilarityConfiguration(
                Math.Max(2, layers.Max(layer => layer.Filters)), (int)BitOperations.RoundUpToPowerOf2((uint)rows), [InSituCommand.RuleOf(recipe.Pruning!.Rule.Kind)],
                [InSituCommand.DistanceOf(recipe.Pruning.Rule.Distance)]),
        };
    }

    /// <summary>Refuses an array that does not hold every convolution of a recipe, before anything is trained.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="recipe">The recipe; it prunes.</param>
    /// <param name="imageChannels">Channels of its images.</param>
    /// <exception cref="InSituRefusedException">A layer does not fit, or the rule or the distance is not built.</exception>
    public static void Check(ArrayConfiguration configuration, Recipe recipe, int imageChannels)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(recipe);
        var rule = recipe.Pruning!.Rule;
        foreach (var layer in Layers(recipe, imageChannels))
        {
            if (SimilarityPlacement.TryPlace(configuration, layer.Filters, layer.FanIn, layer.Bits, out var refusal) is null)
            {
                throw new InSituRefusedException(layer.Name, refusal!);
            }
        }

        if (!configuration.Similarity!.Rules.Contains(InSituCommand.RuleOf(rule.Kind)))
        {
            throw new InSituRefusedException("pruning.rule", $"{InSituCommand.RuleOf(rule.Kind)} is not among the rules of the array (similarity.rules)");
        }

        if (!configuration.Similarity.Distances.Contains(InSituCommand.DistanceOf(rule.Distance)))
        {
            throw new InSituRefusedException("pruning.distance", $"{InSituCommand.DistanceOf(rule.Distance)} is not among the distances of the array (similarity.distances)");
        }
    }

    /// <summary>The convolutions: filters, weights of a filter, bits of a weight. The weights read the channels of the layer before.</summary>
    private static IReadOnlyList<(string Name, int Filters, int FanIn, int Bits)> Layers(Recipe recipe, int imageChannels)
    {
        var layers = new List<(string, int, int, int)>();
        var channels = imageChannels;
        foreach (var layer in recipe.Layers.OfType<ConvolutionRecipe>())
        {
            layers.Add((layer.Name, layer.Filters, layer.Kernel * layer.Kernel * channels, layer.WeightBits));
            channels = layer.Filters;
        }

        return layers;
    }
}
