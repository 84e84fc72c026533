namespace HwGen.Networks;

/// <summary>What a requantise layer needs and makes.</summary>
internal static class RequantiseRule
{
    public static FeatureMap Infer(RequantiseLayer layer, FeatureMap input)
    {
        LayerRules.CheckFormat(layer.Output);
        int channels = input.Shape.Channels;
        if (layer.Multipliers.IsDefault || (layer.Multipliers.Length != 1 && layer.Multipliers.Length != channels))
            throw new RuleException(Invariant($"needs 1 or {channels} multipliers"));
        if (layer.Shifts.IsDefault || (layer.Shifts.Length != 1 && layer.Shifts.Length != channels))
            throw new RuleException(Invariant($"needs 1 or {channels} shifts"));
        if (layer.Shifts.Any(shift => shift is < 0 or > 62))
            throw new RuleException("needs shifts of 0 to 62");
        if (layer.Output.Kind == NumberKind.Bipolar)
            throw new RuleException("cannot make ±1: use a threshold");
        if (!ValueRange.Widest.Contains(layer.ZeroPoint))
            throw new RuleException("has a zero point beyond ±2^61");
        if (layer.Saturation.Minimum > layer.Saturation.Maximum || !layer.Output.Range.Contains(layer.Saturation))
            throw new RuleException(Invariant($"saturates to {layer.Saturation}, which {layer.Output} cannot write"));
        ValueRange? range = null;
        for (int channel = 0; channel < Math.Max(layer.Multipliers.Length, layer.Shifts.Length); channel++)
        {
            long one = Requantisation.Apply(layer, channel, input.Range.Minimum), other = Requantisation.Apply(layer, channel, input.Range.Maximum);
            // The rule is monotone, so the ends of the input's range give the ends of the output's.
            var ends = new ValueRange(Math.Min(one, other), Math.Max(one, other));
            range = range?.Union(ends) ?? ends;
        }
        return new FeatureMap(input.Shape, layer.Output, range!.Value);
    }
}

/// <summary>The arithmetic of requantisation, as docs/hardware.md words it.</summary>
public static class Requantisation
{
    /// <summary><c>saturate(((value·M + 2^(s−1)) >> s) + z)</c> of one channel, exact for every value of a valid network.</summary>
    public static long Apply(RequantiseLayer layer, int channel, long value)
    {
        long multiplier = layer.Multipliers[layer.Multipliers.Length == 1 ? 0 : channel];
        int shift = layer.Shifts[layer.Shifts.Length == 1 ? 0 : channel];
        Int128 product = (Int128)value * multiplier;
        if (shift > 0)
            product = (product + (Int128.One << (shift - 1))) >> shift;
        product += layer.ZeroPoint;
        return (long)Int128.Clamp(product, layer.Saturation.Minimum, layer.Saturation.Maximum);
    }
}
