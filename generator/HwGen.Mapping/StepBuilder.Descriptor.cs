using System.Numerics;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

// The descriptor of a pass.
internal sealed partial class StepBuilder
{
    // From the last operand to the first word of bits that is written: array, pool, packer.
    private const int FinishLatency = 4;

    // The same as for the end of a layer, then the word is read back.
    private const int PreloadLatency = 6;

    // From the last operand of a round to the first sum that leaves the queue, and from the last sum to the value.
    private const int ValueLatency = 10;

    private LayerDescriptor Descriptor(PassPlan plan, int firstGroup, int firstInitial, int firstLevel)
    {
        var (term, part, placement, region) = (plan.Term, plan.Part, plan.Placement, plan.Region);
        var (window, pool, input) = (term.Window, _step.Pool, _memory[term.Source]);
        var columns = _configuration.Columns;
        var (pixel, row) = (input.PixelWords, input.Width * input.PixelWords);
        var firstX = (part.FirstColumn * window.Dilation.X) - window.Padding.Left + (((region.X * pool.Stride.X) - pool.Padding.Left) * window.Stride.X);
        var firstY = (part.FirstRow * window.Dilation.Y) - window.Padding.Top + (((region.Y * pool.Stride.Y) - pool.Padding.Top) * window.Stride.Y);
        var isLastWord = part.FirstWord + part.Words == input.ChannelWords;
        var sink = Sink(plan);
        var function = _step.Function;
        var isValue = plan.Completes && !_isBits;
        var values = new Dictionary<DescriptorField, int>
        {
            [DescriptorField.OperandBase] = Wrap(input.Base + ((long)firstY * row) + ((long)firstX * pixel) + ((long)part.FirstWord * input.Planes)),
            [DescriptorField.KernelColumnStep] = Wrap((long)window.Dilation.X * pixel),
            [DescriptorField.KernelRowStep] = Wrap((long)window.Dilation.Y * row),
            [DescriptorField.PositionColumnStep] = Wrap((long)window.Stride.X * pixel),
            [DescriptorField.PositionRowStep] = Wrap((long)window.Stride.Y * row),
            [DescriptorField.OutputColumnStep] = Wrap((long)window.Stride.X * pool.Stride.X * pixel),
            [DescriptorField.OutputRowStep] = Wrap((long)window.Stride.Y * pool.Stride.Y * row),
            [DescriptorField.Planes] = input.Planes,
            [DescriptorField.WeightPlanes] = part.PlaneSet,
            [DescriptorField.JoinedPlanes] = placement.FilterLanes - 1,
            [DescriptorField.ChannelWords] = part.Words,
            [DescriptorField.LastWordColumns] = isLastWord ? input.Channels - ((input.ChannelWords - 1) * columns) : columns,
            [DescriptorField.KernelWidth] = part.Columns,
            [DescriptorField.KernelHeight] = part.Rows,
            [DescriptorField.DilationX] = window.Dilation.X,
            [DescriptorField.DilationY] = window.Dilation.Y,
            [DescriptorField.StrideX] = window.Stride.X,
            [DescriptorField.StrideY] = window.Stride.Y,
            [DescriptorField.OutputStrideX] = window.Stride.X * pool.Stride.X,
            [DescriptorField.OutputStrideY] = window.Stride.Y * pool.Stride.Y,
            [DescriptorField.FirstX] = firstX,
            [DescriptorField.FirstY] = firstY,
            [DescriptorField.InputWidth] = input.Width,
            [DescriptorField.InputHeight] = input.Height,
            [DescriptorField.PoolWidth] = pool.Width,
            [DescriptorField.PoolHeight] = pool.Height,
            [DescriptorField.OutputWidth] = region.Width,
            [DescriptorField.OutputHeight] = region.Height,
            [DescriptorField.GroupBase] = firstGroup,
            [DescriptorField.GroupsPerTile] = placement.Tiles == 1 ? 0 : placement.GroupsPerTile,
            [DescriptorField.Tiles] = placement.Tiles,
            [DescriptorField.TileFilters] = placement.TileLanes,
            [DescriptorField.LastTileFilters] = placement.LastTileLanes,
            [DescriptorField.SectorLanes] = placement.SectorLanes,
            [DescriptorField.Folds] = (1 << placement.Folds) - 1,
            [DescriptorField.InitialBase] = firstInitial,
            [DescriptorField.DrainCycles] = sink.DrainCycles,
            [DescriptorField.OutputPlanes] = 1,
            [DescriptorField.OutputBase] = sink.Base,
            [DescriptorField.OutputStep] = sink.Step,
            [DescriptorField.FirstOutputBit] = sink.FirstBit,
            [DescriptorField.SumBase] = Results < _configuration.ResultWords ? Results : 0,
            [DescriptorField.RoundCycles] = sink.RoundCycles,
            [DescriptorField.PreloadCycles] = sink.PreloadCycles,
            [DescriptorField.FinishCycles] = sink.FinishCycles,
            [DescriptorField.Control] = (int)(Arithmetic(term, part, placement.FilterLanes) | Flow(plan) | (plan.Completes ? Completion(plan) : ControlBits.None)),
        };
        if (part.DenseWords > 0)
        {
            Windows(values, term, part, region);
        }

        if (_configuration.OperandSkipping)
        {
            Skipping(values, term, part, placement);
        }

        if (isValue)
        {
            var field = DescriptorField.FirstValue.Width(_configuration);
            long least = -(1L << (field - 1)), greatest = (1L << (field - 1)) - 1;
            values[DescriptorField.OutputPlanes] = _output?.Planes ?? 1;
            values[DescriptorField.Levels] = function.Rule == ValueRule.Levels ? function.Levels : 0;
            values[DescriptorField.LevelBase] = function.Words > 0 ? firstLevel : 0;
            values[DescriptorField.TileLevels] = placement.Tiles > 1 ? placement.TileFilters * function.Words : 0;
            values[DescriptorField.FirstValue] = (int)function.Offset;
            values[DescriptorField.LeastValue] = (int)Math.Clamp(function.Bounds?.Minimum ?? 0, least, greatest);
            values[DescriptorField.GreatestValue] = (int)Math.Clamp(function.Bounds?.Maximum ?? 0, least, greatest);
            if (_step.IsArgmax)
            {
                values[DescriptorField.IndexBase] = (plan.FirstFilter * Outputs) + (region.Y * _step.OutputWidth) + region.X;
                values[DescriptorField.IndexStep] = Outputs;
            }
        }

        return LayerDescriptor.Create(_configuration, values);
    }

    /// <summary>Operands of a round, or the fewest that are left of them where operands are skipped.</summary>
    private long LeastOperands(PassPlan plan) =>
        (long)plan.Part.Segments * _memory[plan.Term.Source].Planes * (_configuration.OperandSkipping ? Math.Min(2, plan.Part.Planes) : plan.Part.Planes);

    /// <summary>What a core that skips operands is told beside.</summary>
    private void Skipping(Dictionary<DescriptorField, int> values, Term term, KernelPart part, ArrayPlacement placement)
    {
        if (placement.Segments > part.Planes)
        {
            (values[DescriptorField.SegmentGroups], values[DescriptorField.SegmentLanes]) = Math.DivRem(part.Planes * placement.SectorLanes, _configuration.Lanes);
        }

        // An AND with zeros is zero; an XOR is the row.
        values[DescriptorField.Control] |= term.Source.IsBipolar ? 0 : (int)ControlBits.SkipZeroOperands;
    }

    /// <summary>Cycles that the whole sum of a filter takes to become a value.</summary>
    private int ValueCycles => Searches ? 2 * Halvings : Math.Max(1, _step.Function.Words);

    /// <summary>Halvings that find a number of levels.</summary>
    private int Halvings => BitOperations.Log2((uint)_step.Function.Levels) + 1;

    /// <summary>True when the number of thresholds that a sum reaches is found by halving: they ascend, and it takes fewer cycles than to look at each.</summary>
    private bool Searches => _searches ??= _configuration.SearchesLevels && _step.Function.Rule == ValueRule.Levels && 2 * Halvings < _step.Function.Levels && Ascend(_step.Function);

    private static bool Ascend(ValueFunction function) =>
        Enumerable.Range(1, function.Values.Length - 1).All(i => i % function.Levels == 0 || function.Values[i - 1] <= function.Values[i]);

    /// <summary>Where the values of a pass go, and the cycles that they take.</summary>
    private (int Base, int Step, int FirstBit, int DrainCycles, int RoundCycles, int PreloadCycles, int FinishCycles) Sink(PassPlan plan)
    {
        var (placement, region) = (plan.Placement, plan.Region);
        var position = (region.Y * _step.OutputWidth) + region.X;
        if (plan.Flow is SumFlow.Hold or SumFlow.KeepAndHold)
        {
            return (0, 0, 0, 1, 0, 0, FinishLatency);
        }

        if (!plan.Completes)
        {
            var sums = placement.Filters * PooledPositions;
            var leave = placement.TileFilters * (1 + JoinCycles(placement.FilterLanes));
            return (Results, region.Outputs == 1 ? 0 : sums, 0, 1, leave, 0, leave + ValueLatency);
        }

        if (_isBits)
        {
            var channel = _step.FirstChannel + plan.FirstFilter;
            var firstBit = channel % _configuration.Columns;
            var words = WordsOfTile(placement, firstBit);
            return (
                _output!.Base + (((position * _output.ChannelWords) + (channel / _configuration.Columns)) * _output.Planes), region.Outputs == 1 ? 0 : _output.PixelWords, firstBit,
                1, (words + PooledPositions - 1) / PooledPositions, firstBit > 0 ? words + PreloadLatency : 0, words + FinishLatency);
        }

        var cycles = ValueCycles;
        var drain = placement.TileFilters * (JoinCycles(placement.FilterLanes) + cycles);
        if (_output is null)
        {
            return (
                _step.IsArgmax ? 0 : (position * _step.Channels) + plan.FirstFilter, region.Outputs == 1 || _step.IsArgmax ? 0 : _step.Channels, 0,
                cycles, drain, 0, drain + ValueLatency);
        }

        {
            var channel = _step.FirstChannel + (_step.IsArgmax ? 0 : plan.FirstFilter);
            var firstBit = channel % _configuration.Columns;
            var planes = _output.Planes;
            // Words of a value are written while the next values come, where these leave time for it.
            var spacing = new WordSpacing(_configuration.Columns, planes, drain / placement.TileFilters, firstBit, PooledPositions);
            var round = _step.IsArgmax || spacing.Allows(placement, Math.Max(drain, LeastOperands(plan))) ? drain : drain + (WordsOfTile(placement, firstBit) * planes);
            drain += (_step.IsArgmax ? 1 : WordsOfTile(placement, firstBit)) * planes;
            var pixel = _step.IsArgmax ? 0 : position;
            var finish = drain + planes + ValueLatency;
            return (
                _output.Base + (((pixel * _output.ChannelWords) + (channel / _configuration.Columns)) * planes), region.Outputs == 1 || _step.IsArgmax ? 0 : _output.PixelWords, firstBit,
                cycles, round, firstBit > 0 ? finish + (2 * _configuration.InputBits) + 2 : 0, finish);
        }
    }

    private ControlBits Arithmetic(Term term, KernelPart part, int filterLanes)
    {
        var flags = (term.Weights.IsBipolar, term.Source.IsBipolar) switch
        {
            // K - 2·pc(x ^ w)
            (true, true) => ControlBits.Double | ControlBits.SubtractMask | ControlBits.Negate,

            // 2·pc(x & w) - pc(x)
            (true, false) => ControlBits.Double | ControlBits.SubtractOperand,

            // pc(x) - pc(x ^ w) is 2·pc(x & w) - pc(w): no constant of the filter is left that padding would change.
            (false, true) => ControlBits.SubtractOperand | ControlBits.Negate,
            (false, false) => ControlBits.None,
        };
        var planes = term.Weights.Planes;
        var isJoined = filterLanes > 1;
        flags |= planes.IsSigned && !isJoined && part.PlaneSet >> planes.Highest != 0 ? ControlBits.SignedWeights : ControlBits.None;
        flags |= planes.IsSigned && isJoined ? ControlBits.SignedJoin : ControlBits.None;
        flags |= isJoined && JoinsAtOnce(filterLanes) ? ControlBits.JoinAtOnce : ControlBits.None;
        flags |= term.Source.IsSigned ? ControlBits.SignedPlanes : ControlBits.None;
        return flags | (term.RepeatsRows ? ControlBits.RepeatRows : ControlBits.None);
    }

    private static ControlBits Flow(PassPlan plan) => plan.Flow switch
    {
        SumFlow.Hold => ControlBits.HoldAccumulators,
        SumFlow.KeepAndHold => ControlBits.KeepAccumulators | ControlBits.HoldAccumulators,
        SumFlow.Keep => ControlBits.KeepAccumulators,
        SumFlow.Write => ControlBits.ValueOutput | ControlBits.RawOutput | ControlBits.Unpooled,
        SumFlow.AddAndWrite => ControlBits.ValueOutput | ControlBits.RawOutput | ControlBits.Unpooled | ControlBits.AddSums,
        SumFlow.Add => ControlBits.AddSums,
        _ => ControlBits.None,
    };

    /// <summary>What makes values of complete sums.</summary>
    private ControlBits Completion(PassPlan plan)
    {
        var flags = _step.PoolsValues ? ControlBits.DirectionBeforePool : ControlBits.None;
        if (_isBits)
        {
            return flags;
        }

        var function = _step.Function;
        flags |= ControlBits.ValueOutput;
        flags |= _output is null ? ControlBits.RawOutput : ControlBits.None;
        flags |= function.Rule switch
        {
            ValueRule.Levels => ControlBits.LevelOutput | (Searches ? ControlBits.SearchLevels : ControlBits.None),
            ValueRule.Requantise => ControlBits.Requantise,
            _ => ControlBits.None,
        };
        flags |= function.IsRelu ? ControlBits.Relu : ControlBits.None;
        flags |= function.Bounds is not null ? ControlBits.Saturate : ControlBits.None;
        flags |= _step.Pool.Padding.Any ? ControlBits.SkipOutside : ControlBits.None;
        if (_step.IsArgmax)
        {
            flags |= ControlBits.Argmax;
            flags |= plan.IsFirst ? ControlBits.None : ControlBits.KeepGreatest;
            flags |= plan.IsLast ? ControlBits.None : ControlBits.HoldGreatest;
        }

        return flags;
    }

    /// <summary>The most words that one tile of an output completes; the last tile also completes a word that is not full.</summary>
    private int WordsOfTile(ArrayPlacement placement, int firstBit)
    {
        var most = 0;
        var fill = firstBit;
        for (var tile = 0; tile < placement.Tiles; tile++)
        {
            var isLast = tile == placement.Tiles - 1;
            fill += isLast ? placement.LastTileFilters : placement.TileFilters;
            var words = (fill / _configuration.Columns) + (isLast && fill % _configuration.Columns > 0 ? 1 : 0);
            fill %= _configuration.Columns;
            most = Math.Max(most, words);
        }

        return most;
    }

    private int Wrap(long address) => (int)(((address % _configuration.OperandWords) + _configuration.OperandWords) % _configuration.OperandWords);
}
