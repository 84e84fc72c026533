using System.Collections.Immutable;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

// The memory images of a stage.
internal sealed partial class StageBuilder
{
    private ImmutableArray<RowImage> Rows(ArrayPlacement placement, int firstFilter, int firstGroup, KernelPart part)
    {
        var rows = ImmutableArray.CreateBuilder<RowImage>(placement.Filters * placement.Segments);
        for (var filter = 0; filter < placement.Filters; filter++)
        {
            for (var row = 0; row < placement.Segments; row++)
            {
                var (group, lane) = placement.Row(filter, row);
                var (y, x, word) = part.Segment(row / _weightPlanes);
                rows.Add(new RowImage(firstGroup + group, lane, Operation, Bits(firstFilter + filter, y, x, word, row % _weightPlanes)));
            }
        }

        return rows.ToImmutable();
    }

    private ImmutableArray<ulong> Bits(int filter, int y, int x, int word, int plane)
    {
        var bits = new ulong[((_configuration.Columns - 1) / 64) + 1];
        var first = word * _configuration.Columns;
        for (var channel = first; channel < Math.Min(first + _configuration.Columns, _input.Channels); channel++)
        {
            var weight = Weight(filter, channel, y, x);
            if (IsBipolarWeight ? weight > 0 : ((weight >> plane) & 1) != 0)
            {
                bits[(channel - first) / 64] |= 1UL << ((channel - first) % 64);
            }
        }

        return ImmutableArray.Create(bits);
    }

    private int Weight(int filter, int channel, int y, int x) => _stage.Weighted is DenseLayer dense
        ? dense.Weights.Filter(filter)[(((channel * _input.Height) + y) * _input.Width) + x]
        : _stage.Weighted.Weights[filter, channel, y, x];

    private ImmutableArray<InitialImage> Initials(ArrayPlacement placement, int firstFilter, int firstInitial)
    {
        var biases = _stage.Weighted.Biases;
        var limit = 1L << (_configuration.AccumulatorBits - 1);
        return
        [
            .. Enumerable.Range(0, placement.Filters).Select(f =>
            {
                var filter = firstFilter + f;
                // acc + bias >= T is bias - T + acc >= 0; beyond all values, any value beyond them says the same.
                var value = (biases.Length == 0 ? 0 : biases[filter]) - (_stage.GivesBits ? _stage.Threshold!.Thresholds[filter] : 0);
                return new InitialImage(
                    firstInitial + (f / placement.TileFilters), f % placement.TileFilters, Math.Clamp(value, -limit, limit - 1), _stage.Threshold?.Directions[filter] ?? false);
            }),
        ];
    }

    /// <summary>The thresholds of each filter, then thresholds that nothing reaches.</summary>
    private ImmutableArray<LevelImage> Levels(ArrayPlacement placement, int firstFilter, int firstLevel)
    {
        if (_stage.Threshold is not { } threshold || _stage.GivesBits)
        {
            return [];
        }

        var never = (1L << (_configuration.AccumulatorBits - 1)) - 1;
        return
        [
            .. Enumerable.Range(0, placement.Filters * LevelsPerFilter).Select(i =>
            {
                var (filter, level) = (firstFilter + (i / LevelsPerFilter), i % LevelsPerFilter);
                return new LevelImage(firstLevel + i, level < threshold.Levels ? Math.Clamp(threshold.Thresholds[(filter * threshold.Levels) + level], -never, never) : never);
            }),
        ];
    }
}
