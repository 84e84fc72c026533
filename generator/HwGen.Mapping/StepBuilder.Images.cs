using System.Collections.Immutable;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

// What a pass loads, from address 0 on.
internal sealed partial class StepBuilder
{
    private ImmutableArray<RowImage> Rows(PassPlan plan)
    {
        var (term, placement) = (plan.Term, plan.Placement);
        var planes = plan.Part.Planes;
        var rows = ImmutableArray.CreateBuilder<RowImage>(placement.Filters * placement.FilterLanes * placement.Segments);
        for (var filter = 0; filter < placement.Filters; filter++)
        {
            for (var filterLane = 0; filterLane < placement.FilterLanes; filterLane++)
            {
                // Planes of a lane are under each other, the lowest first; planes in lanes of their own are side by side, the highest first.
                var above = placement.FilterLanes - 1 - filterLane;
                for (var row = 0; row < placement.Segments; row++)
                {
                    var (group, lane) = placement.Row(filter, row, filterLane);
                    var (segment, plane) = (row / planes, above + plan.Part.Plane(row % planes));
                    var bits = plan.Part.DenseWords > 0 ? DenseBits(term, plan.Part, plan.FirstFilter + filter, segment, plane) : Bits(term, plan.FirstFilter + filter, plan.Part.Segment(segment), plane);
                    rows.Add(new RowImage(group, lane, Operation(term), bits));
                }
            }
        }

        return rows.ToImmutable();
    }

    private ImmutableArray<ulong> Bits(Term term, int filter, (int Row, int Column, int Word) segment, int plane)
    {
        var (y, x, word) = segment;
        var bits = new ulong[((_configuration.Columns - 1) / 64) + 1];
        var first = word * _configuration.Columns;
        var (firstChannel, channels) = term.Weights.Channels(filter);
        var end = Math.Min(first + _configuration.Columns, firstChannel + channels);
        for (var channel = Math.Max(first, firstChannel); channel < end; channel++)
        {
            if (Bit(term, filter, channel, y, x, plane))
            {
                bits[(channel - first) / 64] |= 1UL << ((channel - first) % 64);
            }
        }

        return ImmutableArray.Create(bits);
    }

    /// <summary>One bit of a weight.</summary>
    private static bool Bit(Term term, int filter, int channel, int y, int x, int plane)
    {
        var weight = term.Weights.At(filter, channel, y, x);
        return term.Weights.IsBipolar ? weight > 0 : ((weight >> plane) & 1) != 0;
    }

    private ImmutableArray<InitialImage> Initials(PassPlan plan) =>
    [
        .. Enumerable.Range(0, plan.Placement.Filters * plan.Placement.FilterLanes).Select(i =>
        {
            var (f, filterLane) = Math.DivRem(i, plan.Placement.FilterLanes);
            if (filterLane + 1 < plan.Placement.FilterLanes)
            {
                // Of several planes the lowest, which counts once, begins with what the filter begins with.
                return new InitialImage(f / plan.Placement.TileFilters, plan.Placement.Lane(f, filterLane), 0, false);
            }

            var filter = plan.FirstFilter + f;
            var value = plan.BeginsWithBias && !_step.Biases.IsEmpty ? _step.Biases[filter] : 0;
            if (_isBits)
            {
                // acc + bias >= T is bias - T + acc >= 0.
                value -= _step.Function.Values[Parameter(plan, filter)];
            }

            var direction = _step.Function.Falls.IsEmpty ? false : _step.Function.Falls[Parameter(plan, filter)];
            return new InitialImage(f / plan.Placement.TileFilters, plan.Placement.Lane(f, filterLane), Wrapped(value), direction);
        }),
    ];

    private ImmutableArray<LevelImage> Levels(PassPlan plan)
    {
        var function = _step.Function;
        if (_isBits || function.Words == 0)
        {
            return [];
        }

        return
        [
            .. Enumerable.Range(0, plan.Placement.Filters * function.Words).Select(i =>
            {
                var parameter = (Parameter(plan, plan.FirstFilter + (i / function.Words)) * function.Words) + (i % function.Words);
                return new LevelImage(i, function.Values[parameter], function.Shifts.IsEmpty ? 0 : function.Shifts[parameter]);
            }),
        ];
    }

    /// <summary>Which of the function's parameters belong to a filter.</summary>
    private int Parameter(PassPlan plan, int filter) =>
        _step.ByPosition ? (((filter * _step.OutputHeight) + plan.Region.Y) * _step.OutputWidth) + plan.Region.X : filter;

    /// <summary>A number modulo the accumulator.</summary>
    private long Wrapped(long value)
    {
        var unused = 64 - _configuration.AccumulatorBits;
        return value << unused >> unused;
    }
}
