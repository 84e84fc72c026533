using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Turns one step into passes: which filters, which products, which outputs each makes, and its rows, values and descriptor.</summary>
internal sealed partial class StepBuilder
{
    private readonly ArrayConfiguration _configuration;
    private readonly Step _step;
    private readonly OperandMemoryPlan _memory;
    private readonly FeatureMapLayout? _output;
    private readonly bool _isBits;
    private readonly bool _keepsLanesFull;
    private readonly bool _packsWindows;
    private readonly HashSet<int> _densely = [];
    private bool? _searches;

    /// <param name="configuration">The core.</param>
    /// <param name="step">The step.</param>
    /// <param name="memory">Where maps lie.</param>
    /// <param name="keepsLanesFull">
    /// True to give a filter of one position several passes, its sum staying in the accumulator, where it would else take the lanes of other filters. That is
    /// fewer cycles of the core, but images of a batch cannot be put aside in between.
    /// </param>
    /// <param name="packsWindows">True to pack windows densely where the core can and it takes fewer cycles.</param>
    public StepBuilder(ArrayConfiguration configuration, Step step, OperandMemoryPlan memory, bool keepsLanesFull, bool packsWindows)
    {
        (_configuration, _step, _memory, _keepsLanesFull, _packsWindows) = (configuration, step, memory, keepsLanesFull, packsWindows && configuration.PacksWindows);
        _output = step.Output is { } output ? memory[output] : null;
        Check();

        // True when sums wait in the result memory.
        var addsSums = (step.ByPosition ? 1L : Outputs) * PooledPositions > 1 && (step.Terms.Count > 1 || Slices().Any(slice => IsLongAt(slice.First)));
        _isBits = step.Function is { Rule: ValueRule.Levels, Levels: 1, IsRelu: false, Offset: 0 } && _output is { Planes: 1, IsSigned: false }
            && !step.IsArgmax && !step.Pool.Padding.Any && !addsSums;
    }

    private int Outputs => _step.OutputHeight * _step.OutputWidth;

    private int PooledPositions => _step.Pool.Height * _step.Pool.Width;

    /// <summary>Values that go to the result memory; 0 when they go to the operand memory.</summary>
    private int Results => _output is not null ? 0 : _step.IsArgmax ? 1 : _step.Channels * Outputs;

    /// <summary>The passes with their loads; null when not everything finds room.</summary>
    /// <param name="space">What is loaded.</param>
    /// <param name="isResident">True when nothing may be loaded over.</param>
    public IReadOnlyList<ProgramPass>? Build(LoadSpace space, bool isResident)
    {
        var passes = new List<ProgramPass>();
        if (Plans(isResident ? () => space.FreeGroups : () => _configuration.Groups) is not { } plans)
        {
            return null;
        }

        foreach (var plan in plans)
        {
            if (plan is null)
            {
                return null;
            }

            var rows = Rows(plan);
            var initials = plan.Begins ? Initials(plan) : [];
            var levels = plan.Completes ? Levels(plan) : [];
            var groups = plan.Placement.Groups;
            var loads = space.Place(rows, groups, initials, levels);
            var overwrites = loads is null;
            if (loads is null)
            {
                if (isResident)
                {
                    return null;
                }

                space.Clear();
                loads = space.Place(rows, groups, initials, levels) ?? throw new InvalidOperationException($"a pass of layer {_step.Place} is larger than the core");
            }

            try
            {
                passes.Add(new ProgramPass(loads.Rows, loads.Initials, loads.Levels, Descriptor(plan, loads.Group, loads.Initial, loads.Level))
                {
                    Overwrites = overwrites,
                });
            }
            catch (ArgumentOutOfRangeException e)
            {
                throw new MappingException(_step.Place, e.Message);
            }
        }

        return passes;
    }

    /// <summary>What the step costs, cycles left out.</summary>
    public (long Products, long CellOperations, long Bound) Work()
    {
        long products = 0, operations = 0, bound = 0;
        var positions = (long)Outputs * PooledPositions;
        foreach (var term in _step.Terms)
        {
            var sums = positions * _step.Channels * term.Weights.FanIn;
            products += sums;
            operations += sums * term.Source.ValuePlanes * term.Weights.Planes.Count;
            foreach (var (first, count) in Slices())
            {
                var operands = (long)(_densely.Contains(first) ? Densely(term, first) : Kernel(term, first)).Segments * _memory[term.Source].Planes;
                bound += positions * operands * ((((long)count * term.Weights.Planes.Count) - 1) / _configuration.TotalLanes + 1);
            }
        }

        return (products, operations, bound);
    }

    /// <summary>The passes in order; an entry that is null says that a filter does not find room. Room is asked for when a pass is reached.</summary>
    private IEnumerable<PassPlan?>? Plans(Func<int> groups)
    {
        if (MostFilters < 1)
        {
            throw new MappingException(_step.Place, FormattableString.Invariant($"a filter takes {_step.Function.Words} words, and memories.levelWords is {_configuration.LevelWords}"));
        }

        return Planned(groups);
    }

    private IEnumerable<PassPlan?> Planned(Func<int> groups)
    {
        var regions = _step.ByPosition
            ? OutputRegion.Split(_step.OutputHeight, _step.OutputWidth, 1).ToList()
            : [new OutputRegion(0, 0, _step.OutputHeight, _step.OutputWidth)];
        var isFirst = true;
        foreach (var (first, count) in Slices())
        {
            foreach (var region in regions)
            {
                for (var filter = first; filter < first + count;)
                {
                    var left = first + count - filter;
                    var isLastRegion = region == regions[^1];
                    var (kernel, whole) = Whole(filter, left, Kernel(_step.Terms[0], filter), groups());
                    var filterLanes = whole?.FilterLanes ?? FilterLanes(left, WordsOf(kernel));
                    if (PacksDensely(filter, left, region, groups()) is { } packed && (whole is null || TakesFewerCycles(packed, (kernel, whole), filter, region)))
                    {
                        (kernel, whole) = packed;
                    }

                    if (whole is null && _step.Terms.Count == 1 && !IsLongAt(filter))
                    {
                        yield return null;
                        yield break;
                    }

                    if (whole is not null && !(_keepsLanesFull && region.Outputs * PooledPositions == 1 && whole.TileFilters < Math.Min(Math.Min(left, MostFilters), _configuration.TotalLanes / whole.FilterLanes)))
                    {
                        if (kernel.DenseWords > 0)
                        {
                            _densely.Add(first);
                        }

                        var isLast = isLastRegion && filter + whole.Filters == _step.Channels;
                        yield return new PassPlan(_step.Terms[0], kernel, whole, filter, region, SumFlow.Whole, isFirst, isLast);
                        isFirst = false;
                        filter += whole.Filters;
                        continue;
                    }

                    var block = 0;
                    foreach (var plan in InParts(filter, left, region, isLastRegion, isFirst, groups, filterLanes))
                    {
                        yield return plan;
                        if (plan is null)
                        {
                            yield break;
                        }

                        block = plan.Placement.Filters;
                    }

                    isFirst = false;
                    filter += block;
                }
            }
        }
    }

    /// <summary>
    /// Filters whose products take several passes: of several terms, or more than the array holds. Where there is one position the sums stay
    /// in the accumulators; else they wait in the result memory, for as many outputs as it has room for.
    /// </summary>
    private IEnumerable<PassPlan?> InParts(int filter, int left, OutputRegion all, bool isLastRegion, bool isFirst, Func<int> groups, int filterLanes)
    {
        var free = _configuration.ResultWords - Results;
        var isOnePosition = all.Outputs * PooledPositions == 1;
        var most = isOnePosition ? MostFilters : Math.Min(MostFilters, free / PooledPositions);
        if (most < 1)
        {
            throw new MappingException(_step.Place, FormattableString.Invariant($"partial sums of {PooledPositions} pooled positions take more than the {free} words of memories.resultWords that are free"));
        }

        // As many filters as there are lanes, unless the lanes are then too short for one word of one of them.
        var planes = filterLanes > 1 ? 1 : _step.Terms.Max(term => term.Weights.Planes.Count);
        var lanes = ArrayPlacement.OfPart(_configuration, Math.Min(left, most), planes, groups(), filterLanes);
        var capacity = groups() << lanes.Folds;
        if (capacity < 1)
        {
            yield return null;
            yield break;
        }

        var parts = new List<(Term Term, KernelPart Part)>();
        foreach (var term in _step.Terms)
        {
            var kernel = Kernel(term, filter, filterLanes);
            parts.AddRange((term.RepeatsRows ? [kernel] : kernel.SplitRows(capacity)).Select(part => (term, part)));
        }

        var regions = isOnePosition ? [all] : OutputRegion.Split(all.Height, all.Width, Math.Max(1, free / (PooledPositions * lanes.Filters)))
            .Select(region => region with { Y = region.Y + all.Y, X = region.X + all.X }).ToList();
        foreach (var region in regions)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var flow = (parts.Count, i, isOnePosition) switch
                {
                    (1, _, _) => SumFlow.Whole,
                    (_, 0, true) => SumFlow.Hold,
                    (_, 0, false) => SumFlow.Write,
                    var (n, at, one) when at + 1 < n => one ? SumFlow.KeepAndHold : SumFlow.AddAndWrite,
                    (_, _, true) => SumFlow.Keep,
                    _ => SumFlow.Add,
                };
                var (term, part) = parts[i];
                var placement = lanes with { Segments = RowsOf(term, part) };
                if (placement.Groups > groups())
                {
                    yield return null;
                    yield break;
                }

                var isLast = isLastRegion && region == regions[^1] && filter + lanes.Filters == _step.Channels && i + 1 == parts.Count;
                yield return new PassPlan(term, part, placement, filter, region, flow, isFirst && region == regions[0], isLast);
            }
        }
    }

    private void Check()
    {
        foreach (var term in _step.Terms)
        {
            var planes = term.Weights.Planes.Highest + 1;
            if (planes > _configuration.WeightBits)
            {
                throw new MappingException(_step.Layers[0], FormattableString.Invariant($"its weights take {planes} bit-planes, and arithmetic.weightBits is {_configuration.WeightBits}"));
            }

            if (!_configuration.RowOperations.Contains(Operation(term)))
            {
                throw new MappingException(_step.Place, $"it needs the row operation {Operation(term)}, which the configuration leaves out".ToLowerInvariant());
            }

            var window = term.Window;
            int[] extents =
            [
                term.Source.Width, term.Source.Height, window.KernelWidth, window.KernelHeight, _memory[term.Source].ChannelWords, _step.OutputWidth, _step.OutputHeight,
                _step.Pool.Width, _step.Pool.Height, window.Stride.X * _step.Pool.Stride.X, window.Stride.Y * _step.Pool.Stride.Y, window.Dilation.X, window.Dilation.Y,
                window.Padding.Left, window.Padding.Top, window.Padding.Right, window.Padding.Bottom, _step.Pool.Padding.Left, _step.Pool.Padding.Top,
            ];
            if (extents.Any(e => e >= 1 << DescriptorLayout.PixelBits))
            {
                throw new MappingException(_step.Place, FormattableString.Invariant($"an extent of its maps, a stride, a dilation or a padding is over {(1 << DescriptorLayout.PixelBits) - 1}"));
            }
        }

        // All sums are modulo the accumulator: only the whole sum, less a threshold where its sign decides, has to fit.
        var limit = Int128.One << (_configuration.AccumulatorBits - 1);
        var sums = _step.SumRange;
        Int128 spread = (Int128)sums.Maximum - sums.Minimum + 1;
        if (sums.Maximum + 1 >= limit || sums.Minimum < -limit || (_step.Function.Rule == ValueRule.Levels && spread >= limit))
        {
            throw new MappingException(_step.Place, FormattableString.Invariant($"its sums {sums} do not fit the accumulator of {_configuration.AccumulatorBits} bits; arithmetic.largestFanIn is {_configuration.LargestFanIn}"));
        }

        if (_step.ValueRange.Maximum >= limit || _step.ValueRange.Minimum < -limit || !ValueFunctions.Fits(_configuration, _step.Function.Offset)
            || (_step.Function.Bounds is not null && !(ValueFunctions.Fits(_configuration, _step.ValueRange.Minimum) && ValueFunctions.Fits(_configuration, _step.ValueRange.Maximum))))
        {
            throw new MappingException(_step.Place, FormattableString.Invariant($"its values {_step.ValueRange} do not fit {DescriptorField.FirstValue.Width(_configuration)} bits"));
        }

        if (_step.IsArgmax && (long)_step.Channels * Outputs >= 1L << DescriptorField.IndexBase.Width(_configuration))
        {
            throw new MappingException(_step.Place, "it has more values than an index can say");
        }
    }
}
