using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>The functions of layers that treat each value by itself.</summary>
internal static class ValueFunctions
{
    /// <summary>Thresholds behind a sum.</summary>
    public static ValueFunction Of(ThresholdLayer layer, ValueFunction before) => before with
    {
        Rule = ValueRule.Levels,
        Levels = layer.Levels,
        Values = layer.Thresholds,
        Falls = layer.Directions,
        Offset = layer.Output.Kind == NumberKind.Bipolar ? 0 : layer.FirstValue,
    };

    /// <summary>±1 of a sum that is −1 or +1.</summary>
    public static ValueFunction Sign(int channels) => ValueFunction.Identity with
    {
        Rule = ValueRule.Levels,
        Levels = 1,
        Values = [.. Enumerable.Repeat(1L, channels)],
        Falls = [.. Enumerable.Repeat(false, channels)],
    };

    /// <summary>Multiply and shift behind a sum; thresholds where the core's multiplier is too narrow for the layer's.</summary>
    /// <param name="configuration">The core.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="before">What happened to the sum before.</param>
    /// <param name="channels">Logical channels.</param>
    /// <param name="range">What the sums can be.</param>
    public static ValueFunction Of(ArrayConfiguration configuration, RequantiseLayer layer, ValueFunction before, int channels, ValueRange range)
    {
        long[] multipliers = [.. Enumerable.Range(0, channels).Select(c => layer.Multipliers[layer.Multipliers.Length == 1 ? 0 : c])];
        int[] shifts = [.. Enumerable.Range(0, channels).Select(c => layer.Shifts[layer.Shifts.Length == 1 ? 0 : c])];
        var limit = configuration.MultiplierBits == 0 ? 0 : 1L << (configuration.MultiplierBits - 1);
        if (multipliers.Any(m => m < -limit || m >= limit) || !Fits(configuration, layer.ZeroPoint))
        {
            return AsLevels(configuration, layer, before, channels, range);
        }

        // A shift beyond the product leaves 0, as a multiplier of 0 does.
        var longest = Math.Min((1 << ArrayConfiguration.ScaleShiftBits) - 1, configuration.AccumulatorBits + configuration.MultiplierBits - 2);
        for (var c = 0; c < channels; c++)
        {
            if (shifts[c] > longest)
            {
                (multipliers[c], shifts[c]) = (0, 0);
            }
        }

        return before with
        {
            Rule = ValueRule.Requantise,
            Values = [.. multipliers],
            Shifts = [.. shifts],
            Falls = [.. multipliers.Select(m => m < 0)],
            Offset = layer.ZeroPoint,
            Bounds = layer.Saturation,
        };
    }

    /// <summary>Whether a number fits the descriptor's fields of values.</summary>
    public static bool Fits(ArrayConfiguration configuration, long value)
    {
        var limit = 1L << (DescriptorField.FirstValue.Width(configuration) - 1);
        return value >= -limit && value < limit;
    }

    /// <summary>The steps of a monotone function as thresholds, found by halving.</summary>
    private static ValueFunction AsLevels(ArrayConfiguration configuration, RequantiseLayer layer, ValueFunction before, int channels, ValueRange range)
    {
        if (before.IsRelu)
        {
            range = new ValueRange(Math.Max(0, range.Minimum), Math.Max(0, range.Maximum));
        }

        long least = long.MaxValue, greatest = long.MinValue;
        for (var c = 0; c < channels; c++)
        {
            long one = Requantisation.Apply(layer, c, range.Minimum), other = Requantisation.Apply(layer, c, range.Maximum);
            (least, greatest) = (Math.Min(least, Math.Min(one, other)), Math.Max(greatest, Math.Max(one, other)));
        }

        var levels = greatest - least;
        if (levels >= 1L << configuration.InputBits || levels > configuration.LevelWords)
        {
            throw new MappingException(layer.Name, FormattableString.Invariant($"its multipliers or zero point are too large for arithmetic.multiplierBits of {configuration.MultiplierBits}, and its {levels + 1} values too many for thresholds"));
        }

        levels = Math.Max(1, levels);
        var thresholds = ImmutableArray.CreateBuilder<long>();
        var falls = ImmutableArray.CreateBuilder<bool>();
        for (var c = 0; c < channels; c++)
        {
            var falling = layer.Multipliers[layer.Multipliers.Length == 1 ? 0 : c] < 0;
            falls.Add(falling);
            for (var level = 1; level <= levels; level++)
            {
                // Rising: the least sum that gives at least this level. Falling: the least sum that no longer gives the level from above.
                var bound = falling ? least + levels - level : least + level;
                long low = range.Minimum, high = range.Maximum + 1;
                while (low < high)
                {
                    var middle = low + ((high - low) / 2);
                    var value = Requantisation.Apply(layer, c, middle);
                    if (falling ? value <= bound : value >= bound)
                    {
                        high = middle;
                    }
                    else
                    {
                        low = middle + 1;
                    }
                }

                thresholds.Add(low);
            }
        }

        return before with { Rule = ValueRule.Levels, Levels = (int)levels, Values = thresholds.ToImmutable(), Falls = falls.ToImmutable(), Offset = least };
    }
}
