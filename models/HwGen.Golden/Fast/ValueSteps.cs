using System.Numerics.Tensors;

namespace HwGen.Golden;

/// <summary>Multiply, round, shift, add, saturate, in 64 bits.</summary>
internal sealed class RequantiseStep : FastStep
{
    private readonly Slot _input, _output;
    private readonly long[] _multipliers, _halves;
    private readonly int[] _shifts;
    private readonly long _zeroPoint, _minimum, _maximum;

    public RequantiseStep(RequantiseLayer layer, Slot input, Slot output)
    {
        _input = input;
        _output = output;
        int channels = input.Shape.Channels;
        _multipliers = [.. Enumerable.Range(0, channels).Select(channel => layer.Multipliers[layer.Multipliers.Length == 1 ? 0 : channel])];
        _shifts = [.. Enumerable.Range(0, channels).Select(channel => layer.Shifts[layer.Shifts.Length == 1 ? 0 : channel])];
        _halves = [.. _shifts.Select(shift => shift == 0 ? 0 : 1L << (shift - 1))];
        (_zeroPoint, _minimum, _maximum) = (layer.ZeroPoint, layer.Saturation.Minimum, layer.Saturation.Maximum);
    }

    /// <summary>Whether no product, with its half and its zero point, leaves 63 bits.</summary>
    public static bool CanRun(RequantiseLayer layer, FeatureMap input)
    {
        Int128 largest = Math.Max(Math.Abs(input.Range.Minimum), Math.Abs(input.Range.Maximum));
        Int128 room = (Int128.One << 62) - (Int128.One << Math.Max(0, layer.Shifts.Max() - 1));
        return layer.Multipliers.All(multiplier => largest * Int128.Abs(multiplier) < room) && Math.Abs(layer.ZeroPoint) < 1L << 61;
    }

    public override void Run(Workspace workspace)
    {
        int[] x = workspace.Numbers[_input.Index], y = workspace.Numbers[_output.Index];
        int channels = _multipliers.Length;
        for (int start = 0; start < _input.Count; start += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                long value = (((x[start + channel] * _multipliers[channel]) + _halves[channel]) >> _shifts[channel]) + _zeroPoint;
                y[start + channel] = (int)Math.Min(_maximum, Math.Max(_minimum, value));
            }
        }
    }
}

/// <summary>The greater of value and 0.</summary>
internal sealed class ReluStep(Slot input, Slot output) : FastStep
{
    public override void Run(Workspace workspace) =>
        TensorPrimitives.Max(workspace.Numbers[input.Index].AsSpan(0, input.Count), 0, workspace.Numbers[output.Index]);
}

/// <summary>A saturating sum; both slots lie in the same order.</summary>
internal sealed class AddStep(AddLayer layer, Slot first, Slot second, Slot output) : FastStep
{
    private readonly int _minimum = (int)Math.Max(int.MinValue, layer.Output.Range.Minimum), _maximum = (int)Math.Min(int.MaxValue, layer.Output.Range.Maximum);

    public override void Run(Workspace workspace)
    {
        int[] x = workspace.Numbers[first.Index], z = workspace.Numbers[second.Index], y = workspace.Numbers[output.Index];
        for (int i = 0; i < first.Count; i++)
            y[i] = Math.Clamp(x[i] + z[i], _minimum, _maximum);
    }
}
