using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Training.Pruning;

namespace HwGen.Cosimulation;

/// <summary>The commands of the similarity unit for the rules and distances of training.</summary>
internal static class InSituCommand
{
    /// <summary>Reads the distances of all pairs.</summary>
    public static SimilarityCommand Read(ArrayConfiguration configuration, SimilarityPlacement placement, DistanceKind kind)
    {
        var fields = placement.Fields(configuration);
        fields[SimilarityField.Control] = (int)(SimilarityControl.ReadDistances | Measured(kind, placement.Planes));
        return SimilarityCommand.Create(configuration, fields);
    }

    /// <summary>Prunes by a rule; null where a quota asks for nothing.</summary>
    public static SimilarityCommand? Prune(
        ArrayConfiguration configuration, SimilarityPlacement placement, PruningRule rule, int allFilters, int minimumAlive, int quota)
    {
        if (rule.Kind == PruningRuleKind.Quota && quota < 1)
        {
            return null;
        }

        var fields = placement.Fields(configuration);
        var control = Measured(rule.Distance, placement.Planes) | (SimilarityControl)(int)RuleOf(rule.Kind);
        if (rule.Kind != PruningRuleKind.Quota)
        {
            // The limit counts all filters of the layer, pruned ones too. More than can be are not over it.
            fields[SimilarityField.Limit] = Math.Min((int)decimal.Floor(rule.C * (allFilters - 1)), placement.Filters);
            if (rule.FixedThreshold is { } threshold)
            {
                control |= SimilarityControl.FixedThreshold;
                fields[SimilarityField.Threshold] = (int)Math.Clamp(threshold, 0, (1L << new SimilarityWidths(configuration).ThresholdBits) - 1);
            }
            else
            {
                var b = BinaryConstant.Nearest(rule.B);
                fields[SimilarityField.Mantissa] = b.Mantissa;
                fields[SimilarityField.Exponent] = b.Exponent;
            }
        }

        fields[SimilarityField.Control] = (int)control;
        fields[SimilarityField.MinimumAlive] = Math.Min(minimumAlive, placement.Filters);
        fields[SimilarityField.Quota] = quota;
        return SimilarityCommand.Create(configuration, fields);
    }

    /// <summary>A rule of training as the unit names it.</summary>
    public static SimilarityRule RuleOf(PruningRuleKind kind) => kind switch
    {
        PruningRuleKind.Paper => SimilarityRule.Paper,
        PruningRuleKind.KeepOne => SimilarityRule.KeepOne,
        PruningRuleKind.Quota => SimilarityRule.Quota,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A distance of training as the unit names it.</summary>
    public static SimilarityDistance DistanceOf(DistanceKind kind) => kind switch
    {
        DistanceKind.Hamming => SimilarityDistance.Hamming,
        DistanceKind.PlaneWeighted => SimilarityDistance.PlaneWeighted,
        DistanceKind.Euclidean => SimilarityDistance.Euclidean,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static SimilarityControl Measured(DistanceKind kind, int planes) => kind switch
    {
        DistanceKind.PlaneWeighted => SimilarityControl.Weighted,
        DistanceKind.Euclidean when planes == 1 => SimilarityControl.Quadruple | SimilarityControl.Root,
        DistanceKind.Euclidean => SimilarityControl.Product | SimilarityControl.Signed | SimilarityControl.Root,
        _ => SimilarityControl.None,
    };
}
