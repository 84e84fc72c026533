namespace HwGen.Networks;

/// <summary>What a threshold layer needs and makes.</summary>
internal static class ThresholdRule
{
    public static FeatureMap Infer(ThresholdLayer layer, FeatureMap input)
    {
        LayerRules.CheckFormat(layer.Output);
        int channels = input.Shape.Channels;
        if (layer.Directions.IsDefault || layer.Directions.Length != channels)
            throw new RuleException(Invariant($"has {(layer.Directions.IsDefault ? 0 : layer.Directions.Length)} directions for {channels} channels"));
        if (layer.Thresholds.IsDefaultOrEmpty || layer.Thresholds.Length % channels != 0)
            throw new RuleException(Invariant($"has {(layer.Thresholds.IsDefault ? 0 : layer.Thresholds.Length)} thresholds: the same number for each of {channels} channels is needed"));
        for (int i = 0; i < layer.Thresholds.Length; i++)
        {
            long threshold = layer.Thresholds[i];
            if (threshold < input.Range.Minimum || threshold > input.Range.Maximum + 1)
            {
                throw new RuleException(Invariant(
                    $"has the threshold {threshold} in channel {i / layer.Levels}: {input.Range.Minimum} (always reached) to {input.Range.Maximum + 1} (never) are allowed"));
            }
            if (i % layer.Levels != 0 && threshold < layer.Thresholds[i - 1])
                throw new RuleException(Invariant($"has thresholds that do not ascend in channel {i / layer.Levels}"));
        }
        if (layer.Unfolded is { } unfolded && (layer.Levels != 1 || unfolded.Channels != channels || !unfolded.IsValid))
            throw new RuleException("keeps a batch norm that does not fit: one threshold and one positive variance a channel are needed");
        return new FeatureMap(input.Shape, layer.Output, OutputRange(layer));
    }

    private static ValueRange OutputRange(ThresholdLayer layer)
    {
        if (layer.Output.Kind == NumberKind.Bipolar)
        {
            return layer.Levels == 1
                ? layer.Output.Range
                : throw new RuleException(Invariant($"has {layer.Levels} thresholds a channel: ±1 takes one"));
        }
        if (!ValueRange.Widest.Contains(layer.FirstValue))
            throw new RuleException("has a first value beyond ±2^61");
        var range = new ValueRange(layer.FirstValue, layer.FirstValue + layer.Levels);
        return layer.Output.Range.Contains(range)
            ? range
            : throw new RuleException(Invariant($"makes the values {range}, which {layer.Output} cannot write"));
    }
}
