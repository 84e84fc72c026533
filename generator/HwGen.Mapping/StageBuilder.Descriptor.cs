using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

// The descriptor of a pass.
internal sealed partial class StageBuilder
{
    private LayerDescriptor Descriptor(ArrayPlacement placement, int firstFilter, int firstGroup, int firstInitial, int firstLevel, KernelPart part, ControlBits flags)
    {
        var window = _stage.Window;
        var columns = _configuration.Columns;
        var pixel = _input.PixelWords;
        var row = _input.Width * pixel;
        var firstX = (part.FirstColumn * window.Dilation.X) - window.Padding.Left;
        var firstY = (part.FirstRow * window.Dilation.Y) - window.Padding.Top;
        var isLast = part.FirstWord + part.Words == _input.ChannelWords;
        var raw = _output is null;
        var levels = !raw && !_stage.GivesBits && !flags.HasFlag(ControlBits.HoldAccumulators);
        var writesWords = !raw && !levels && !flags.HasFlag(ControlBits.HoldAccumulators);
        var words = writesWords ? WordsOfTile(placement, firstFilter % columns) : 0;
        var pooled = Pool.Width * Pool.Height;
        var gap = levels
            ? (2 * _stage.Threshold!.Output.Bits) + LevelLatency
            : Math.Max(0, ((words + pooled - 1) / pooled) - (part.Segments * _input.Planes * _weightPlanes));
        flags |= (IsBipolarWeight, IsBipolarInput) switch
        {
            // K - 2·pc(x ^ w)
            (true, true) => ControlBits.Double | ControlBits.SubtractMask | ControlBits.Negate,

            // 2·pc(x & w) - pc(x)
            (true, false) => ControlBits.Double | ControlBits.SubtractOperand,

            // pc(x) - pc(x ^ w) is 2·pc(x & w) - pc(w): no constant of the filter is left that padding would change.
            (false, true) => ControlBits.SubtractOperand | ControlBits.Negate,
            (false, false) => ControlBits.None,
        };
        flags |= _signedWeights ? ControlBits.SignedWeights : ControlBits.None;
        flags |= levels ? ControlBits.LevelOutput : ControlBits.None;
        flags |= _format.Kind == NumberKind.TwosComplement ? ControlBits.SignedPlanes : ControlBits.None;
        flags |= raw ? ControlBits.RawOutput : ControlBits.None;
        flags |= _stage.PoolBeforeThreshold ? ControlBits.None : ControlBits.DirectionBeforePool;
        return LayerDescriptor.Create(_configuration, new Dictionary<DescriptorField, int>
        {
            [DescriptorField.OperandBase] = Wrap(_input.Base + ((long)firstY * row) + ((long)firstX * pixel) + (part.FirstWord * _input.Planes)),
            [DescriptorField.KernelColumnStep] = Wrap((long)window.Dilation.X * pixel),
            [DescriptorField.KernelRowStep] = Wrap((long)window.Dilation.Y * row),
            [DescriptorField.PositionColumnStep] = Wrap((long)window.Stride.X * pixel),
            [DescriptorField.PositionRowStep] = Wrap((long)window.Stride.Y * row),
            [DescriptorField.OutputColumnStep] = Wrap((long)window.Stride.X * Pool.Width * pixel),
            [DescriptorField.OutputRowStep] = Wrap((long)window.Stride.Y * Pool.Height * row),
            [DescriptorField.Planes] = _input.Planes,
            [DescriptorField.WeightPlanes] = _weightPlanes,
            [DescriptorField.ChannelWords] = part.Words,
            [DescriptorField.LastWordColumns] = isLast ? _input.Channels - ((_input.ChannelWords - 1) * columns) : columns,
            [DescriptorField.KernelWidth] = part.Columns,
            [DescriptorField.KernelHeight] = part.Rows,
            [DescriptorField.DilationX] = window.Dilation.X,
            [DescriptorField.DilationY] = window.Dilation.Y,
            [DescriptorField.StrideX] = window.Stride.X,
            [DescriptorField.StrideY] = window.Stride.Y,
            [DescriptorField.OutputStrideX] = window.Stride.X * Pool.Width,
            [DescriptorField.OutputStrideY] = window.Stride.Y * Pool.Height,
            [DescriptorField.FirstX] = firstX,
            [DescriptorField.FirstY] = firstY,
            [DescriptorField.InputWidth] = _input.Width,
            [DescriptorField.InputHeight] = _input.Height,
            [DescriptorField.PoolWidth] = Pool.Width,
            [DescriptorField.PoolHeight] = Pool.Height,
            [DescriptorField.OutputWidth] = _outputShape.Width,
            [DescriptorField.OutputHeight] = _outputShape.Height,
            [DescriptorField.GroupBase] = firstGroup,
            [DescriptorField.GroupsPerTile] = placement.Tiles == 1 ? 0 : placement.GroupsPerTile,
            [DescriptorField.Tiles] = placement.Tiles,
            [DescriptorField.TileFilters] = placement.TileFilters,
            [DescriptorField.LastTileFilters] = placement.LastTileFilters,
            [DescriptorField.SectorLanes] = placement.SectorLanes,
            [DescriptorField.Folds] = (1 << placement.Folds) - 1,
            [DescriptorField.InitialBase] = firstInitial,
            [DescriptorField.Levels] = levels ? _stage.Threshold!.Levels : 0,
            [DescriptorField.DrainCycles] = levels ? LevelsPerFilter : 1,
            [DescriptorField.LevelBase] = levels ? firstLevel : 0,
            [DescriptorField.TileLevels] = levels && placement.Tiles > 1 ? placement.TileFilters * LevelsPerFilter : 0,
            [DescriptorField.FirstValue] = levels ? (int)_stage.Threshold!.FirstValue : 0,
            [DescriptorField.OutputPlanes] = levels ? _stage.Threshold!.Output.Bits : 1,
            [DescriptorField.RoundGap] = gap,
            [DescriptorField.PreloadCycles] = writesWords && firstFilter % columns > 0 ? words + PreloadLatency : 0,
            [DescriptorField.FinishCycles] = words + FinishLatency,
            [DescriptorField.OutputBase] = raw ? firstFilter : _output!.Base + (firstFilter / columns * _output.Planes),
            [DescriptorField.OutputStep] = Positions == 1 ? 0 : raw ? Filters : _output!.PixelWords,
            [DescriptorField.FirstOutputBit] = firstFilter % columns,
            [DescriptorField.Control] = (int)flags,
        });
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
