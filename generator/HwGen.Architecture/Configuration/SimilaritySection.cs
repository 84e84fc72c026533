using System.Numerics;

namespace HwGen.Architecture.Configuration;

/// <summary>The section <c>similarity</c> of a configuration: it is there for a core that has the unit.</summary>
internal static class SimilaritySection
{
    /// <summary>The rules by their names, in the order of their codes.</summary>
    public static readonly string[] Rules = ["paper", "keep-one", "quota"];

    /// <summary>The distances by their names, in the order of their values.</summary>
    public static readonly string[] Distances = ["hamming", "plane-weighted", "euclidean"];

    // A threshold goes over the host's 32-bit word.
    private const int LargestStatisticBits = 30;

    /// <summary>Reads it; null when it is not there.</summary>
    /// <param name="section">The section.</param>
    /// <param name="operations">The row operations that are built.</param>
    /// <param name="columns">Cells of a row.</param>
    /// <param name="weightBits">The largest number of weight bit-planes.</param>
    public static SimilarityConfiguration? Read(YamlSection section, IReadOnlyList<RowOperation> operations, int columns, int weightBits)
    {
        var filters = section.Integer("filters", SimilarityConfiguration.DefaultFilters, 2, SimilarityConfiguration.LargestFilters);
        var segments = section.Integer("segments", SimilarityConfiguration.DefaultSegments, 1, SimilarityConfiguration.LargestSegments);
        if (!BitOperations.IsPow2(segments))
        {
            section.Error("segments", "is not a power of two", "a power of two");
        }

        var rules = Chosen<SimilarityRule>(section.Words("rules", Rules), Rules, SimilarityConfiguration.AllRules);
        var distances = Chosen<SimilarityDistance>(section.Words("distances", Distances), Distances, SimilarityConfiguration.DefaultDistances);
        section.End();
        if (!section.IsPresent)
        {
            return null;
        }

        if (!operations.Contains(RowOperation.Xor))
        {
            section.Error("distances", "needs the row operation xor, which is not built", "xor among rowOperations");
        }

        var unit = new SimilarityConfiguration(filters, segments, rules, distances);
        if (unit.HasEuclidean && !operations.Contains(RowOperation.And))
        {
            section.Error("distances", "needs the row operation and, which is not built", "and among rowOperations");
        }

        if (unit.HasEuclidean && weightBits > SimilarityConfiguration.LargestEuclideanBits)
        {
            section.Error(
                "distances", FormattableString.Invariant($"is for fewer than the {weightBits} bits of a weight (arithmetic.weightBits)"),
                FormattableString.Invariant($"euclidean where arithmetic.weightBits is at most {SimilarityConfiguration.LargestEuclideanBits}"));
        }

        var probe = new ArrayConfiguration("probe", 1, Math.Max(1, columns), 1, operations, WeightBits: Math.Max(1, weightBits)) { Similarity = unit };
        if (new SimilarityWidths(probe).StatisticBits > LargestStatisticBits)
        {
            section.Error("segments", "makes distances too large", FormattableString.Invariant($"so many that a distance of segments × array.columns weights has at most {LargestStatisticBits} bits"));
        }

        return unit;
    }

    /// <summary>What was chosen; what holds without a choice where none was made, or none that is known: that was noted.</summary>
    private static IReadOnlyList<T> Chosen<T>(IReadOnlyList<string>? words, string[] all, IReadOnlyList<T> otherwise)
        where T : struct, Enum => words is null or [] ? otherwise : [.. words.Select(word => Enum.GetValues<T>()[Array.IndexOf(all, word)]).Order()];
}
