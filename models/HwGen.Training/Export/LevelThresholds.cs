using HwGen.Networks;
using HwGen.Training.Layers;

namespace HwGen.Training.Export;

/// <summary>Folds batch norm and a rectifier of n bits into 2^n − 1 integer thresholds a channel.</summary>
internal static class LevelThresholds
{
    /// <summary>
    /// Level k or above is reached where batch norm ≥ (k − ½)·step, which is the sign of a batch norm whose shift is lower by that much:
    /// each threshold is decided by the same exact comparison as a sign.
    /// </summary>
    public static ThresholdLayer Fold(LevelActivation activation, string input, BatchNorm batchNorm, ValueRange range)
    {
        int levels = activation.Largest;
        long[] thresholds = new long[batchNorm.Channels * levels];
        bool[] directions = new bool[batchNorm.Channels];
        for (int level = 1; level <= levels; level++)
        {
            Rational lower = Rational.FromDouble((level - 0.5) * activation.Step);
            BatchNorm shifted = batchNorm with { Beta = [.. batchNorm.Beta.Select(beta => beta - lower)] };
            for (int channel = 0; channel < batchNorm.Channels; channel++)
            {
                FoldedThreshold folded = BatchNormFolding.Fold(shifted, channel, range);
                directions[channel] = folded.Direction;
                // A falling batch norm reaches high levels at low values: counted from the other end the thresholds ascend.
                thresholds[(channel * levels) + (folded.Direction ? levels - level : level - 1)] = folded.Threshold;
            }
        }
        return new ThresholdLayer(activation.Name, input, [.. thresholds], [.. directions]) { Output = NumberFormat.Unsigned(activation.Bits) };
    }
}
