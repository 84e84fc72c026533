using System.Runtime.Intrinsics;

namespace HwGen.Golden;

/// <summary>One threshold a channel, to bits: 16 comparisons at once.</summary>
internal sealed class BitThresholdStep : FastStep
{
    private const int Lanes = 16;

    private readonly Slot _input, _output;
    private readonly int[] _thresholds;
    private readonly ushort[] _directions;

    public BitThresholdStep(ThresholdLayer layer, Slot input, Slot output)
    {
        _input = input;
        _output = output;
        int channels = input.Shape.Channels, blocks = (channels + Lanes - 1) / Lanes;
        _thresholds = new int[blocks * Lanes];
        _directions = new ushort[blocks];
        for (int channel = 0; channel < channels; channel++)
        {
            _thresholds[channel] = (int)layer.Thresholds[channel];
            if (layer.Directions[channel])
                _directions[channel / Lanes] |= (ushort)(1 << (channel % Lanes));
        }
    }

    public override void Run(Workspace workspace)
    {
        int[] numbers = workspace.Numbers[_input.Index];
        ulong[] bits = workspace.Bits[_output.Index];
        int channels = _input.Shape.Channels, positions = _input.Count / channels;
        ulong word = 0;
        int filled = 0, next = 0;
        for (int position = 0; position < positions; position++)
        {
            for (int block = 0; block < _directions.Length; block++)
            {
                int start = block * Lanes, count = Math.Min(Lanes, channels - start);
                Vector512<int> x = Vector512.LoadUnsafe(ref numbers[(position * channels) + start]);
                ulong reached = Vector512.GreaterThanOrEqual(x, Vector512.LoadUnsafe(ref _thresholds[start])).ExtractMostSignificantBits();
                reached = (reached ^ _directions[block]) & ((1UL << count) - 1);
                word |= reached << filled;
                filled += count;
                if (filled >= 64)
                {
                    bits[next++] = word;
                    filled -= 64;
                    word = filled == 0 ? 0 : reached >> (count - filled);
                }
            }
        }
        if (filled > 0)
            bits[next] = word;
    }
}

/// <summary>N thresholds a channel, to numbers.</summary>
internal sealed class LevelStep : FastStep
{
    private const int Lanes = 16;

    private readonly Slot _input, _output;
    private readonly int _levels, _blocks;
    private readonly int[] _thresholds, _first, _sign;

    public LevelStep(ThresholdLayer layer, Slot input, Slot output)
    {
        _input = input;
        _output = output;
        _levels = layer.Levels;
        int channels = input.Shape.Channels;
        _blocks = (channels + Lanes - 1) / Lanes;
        _thresholds = new int[_blocks * _levels * Lanes];
        _first = new int[_blocks * Lanes];
        _sign = new int[_blocks * Lanes];
        for (int channel = 0; channel < channels; channel++)
        {
            _first[channel] = (int)(layer.FirstValue + (layer.Directions[channel] ? _levels : 0));
            _sign[channel] = layer.Directions[channel] ? -1 : 1;
            for (int level = 0; level < _levels; level++)
                _thresholds[(((channel / Lanes * _levels) + level) * Lanes) + (channel % Lanes)] = (int)layer.Thresholds[(channel * _levels) + level];
        }
    }

    public override void Run(Workspace workspace)
    {
        int[] x = workspace.Numbers[_input.Index], y = workspace.Numbers[_output.Index];
        int channels = _input.Shape.Channels, positions = _input.Count / channels;
        for (int position = 0; position < positions; position++)
        {
            for (int block = 0; block < _blocks; block++)
            {
                int place = (position * channels) + (block * Lanes);
                Vector512<int> value = Vector512.LoadUnsafe(ref x[place]), reached = Vector512<int>.Zero;
                for (int level = 0; level < _levels; level++)
                    reached -= Vector512.GreaterThanOrEqual(value, Vector512.LoadUnsafe(ref _thresholds[((block * _levels) + level) * Lanes]));
                // As in the weighted step, lanes beyond the channels are overwritten or lie in the slack.
                (Vector512.LoadUnsafe(ref _first[block * Lanes]) + (reached * Vector512.LoadUnsafe(ref _sign[block * Lanes]))).StoreUnsafe(ref y[place]);
            }
        }
    }
}
