using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Turns one stage into rows, thresholds and descriptors.</summary>
internal sealed class StageBuilder
{
    // From the last operand to the first word that is written: array, pool, packer.
    private const int FinishLatency = 4;

    // From the last threshold of a filter to the first word that is written.
    private const int LevelLatency = 4;

    // The same as for the end of a layer, then the word is read back.
    private const int PreloadLatency = 6;

    private readonly ArrayConfiguration _configuration;
    private readonly Stage _stage;
    private readonly FeatureMapLayout _input;
    private readonly FeatureMapLayout? _output;
    private readonly NumberFormat _format;
    private readonly TensorShape _outputShape;
    private readonly int _weightPlanes;
    private readonly bool _signedWeights;

    public StageBuilder(QuantisedNetwork network, ArrayConfiguration configuration, Stage stage, OperandMemoryPlan memory)
    {
        _configuration = configuration;
        _stage = stage;
        _input = memory.InputOf(stage);
        _output = memory.OutputOf(stage);
        _format = network[stage.Weighted.Input].Format;
        _outputShape = network[stage.Name].Shape;
        if (!IsBipolarWeight)
        {
            // All other formats are integers: two's complement planes of the values that occur, no more than they need.
            var values = stage.Weighted.Weights.Values;
            _signedWeights = values.Min() < 0;
            var range = new ValueRange(Math.Min(0, values.Min()), Math.Max(0, values.Max()));
            _weightPlanes = NumberFormat.Smallest(range).Bits;
        }
        else
        {
            _weightPlanes = 1;
        }

        Check();
    }

    private bool IsBipolarInput => _format.Kind == NumberKind.Bipolar;

    private int Filters => _stage.Weighted.Weights.Filters;

    private bool IsBipolarWeight => _stage.Weighted.Weights.Format.Kind == NumberKind.Bipolar;

    private RowOperation Operation => IsBipolarInput ? RowOperation.Xor : RowOperation.And;

    /// <summary>Rows that one filter takes.</summary>
    private int RowsPerFilter => WholeKernel.Segments * _weightPlanes;

    /// <summary>Words of the level memory, and cycles of the drain, that one filter takes: its thresholds, and as many more as the words that it may complete need.</summary>
    private int LevelsPerFilter => _stage.Threshold is { } threshold && !_stage.GivesBits ? Math.Max(threshold.Levels, 2 * threshold.Output.Bits) : 0;

    private int MostFilters => LevelsPerFilter == 0 ? int.MaxValue : _configuration.LevelWords / LevelsPerFilter;

    private KernelPart WholeKernel => new(0, _stage.Window.KernelHeight, 0, _stage.Window.KernelWidth, 0, _input.ChannelWords);

    private (int Width, int Height) Pool => _stage.Pool is { } pool ? (pool.KernelWidth, pool.KernelHeight) : (1, 1);

    private long Positions => (long)_outputShape.Height * _outputShape.Width * Pool.Width * Pool.Height;

    /// <summary>The stage in one pass whose rows, initial values and levels begin at a place; null when they do not fit there.</summary>
    public (ProgramPass Pass, ArrayPlacement Placement)? Resident(int firstGroup, int firstInitial, int firstLevel)
    {
        var placement = ArrayPlacement.Fit(_configuration, Filters, RowsPerFilter, _configuration.Groups - firstGroup, MostFilters);
        return placement is null || placement.Filters < Filters || firstInitial + placement.Tiles > _configuration.InitialDepth
            || firstLevel + ((long)Filters * LevelsPerFilter) > _configuration.LevelWords
            ? null
            : (Pass(placement, 0, firstGroup, firstInitial, firstLevel, WholeKernel, ControlBits.None), placement);
    }

    /// <summary>The stage in as many passes as it takes when it has the whole array to itself.</summary>
    public ImmutableArray<ProgramPass> Alone()
    {
        if (MostFilters < 1)
        {
            throw new MappingException(_stage.Name, FormattableString.Invariant($"a filter takes {LevelsPerFilter} thresholds, and memories.levelWords is {_configuration.LevelWords}"));
        }

        var passes = ImmutableArray.CreateBuilder<ProgramPass>();
        for (var filter = 0; filter < Filters;)
        {
            if (ArrayPlacement.Fit(_configuration, Filters - filter, RowsPerFilter, _configuration.Groups, MostFilters) is not { } placement)
            {
                return InParts();
            }

            passes.Add(Pass(placement, filter, 0, 0, 0, WholeKernel, ControlBits.None));
            filter += placement.Filters;
        }

        return passes.ToImmutable();
    }

    /// <summary>What the stage costs.</summary>
    public LayerCost Cost(ProgramStage stage, int rows)
    {
        var weights = _stage.Weighted.Weights;
        var products = Positions * Filters * weights.FanIn;
        var bound = Positions * WholeKernel.Segments * _input.Planes * ((((long)Filters * _weightPlanes - 1) / _configuration.Lanes) + 1);
        var capacity = (double)stage.Cycles * _configuration.Lanes * _configuration.Columns;
        var parts = new List<string> { _stage.Weighted.Kind };
        if (_stage.Pool is not null)
        {
            parts.Add("pool");
        }

        if (_stage.Threshold is not null)
        {
            parts.Add("threshold");
        }

        return new LayerCost(
            stage.Name, string.Join(" + ", parts), rows, stage.Passes.Length, stage.RowLoads,
            products, stage.Passes.Sum(p => p.Descriptor.RowActivations), stage.Cycles, bound, products * _input.Planes * _weightPlanes / capacity);
    }

    private void Check()
    {
        var weighted = _stage.Weighted;
        if (_weightPlanes > _configuration.WeightBits)
        {
            throw new MappingException(weighted.Name, FormattableString.Invariant($"its weights take {_weightPlanes} bit-planes, and arithmetic.weightBits is {_configuration.WeightBits}"));
        }

        if (!_configuration.RowOperations.Contains(Operation))
        {
            throw new MappingException(weighted.Name, $"it needs the row operation {Operation}, which the configuration leaves out".ToLowerInvariant());
        }

        var sum = (Int128)weighted.Weights.FanIn * ((1L << _input.Planes) - 1) * ((1L << _weightPlanes) - 1);
        if (sum > _configuration.LargestSum)
        {
            throw new MappingException(weighted.Name, FormattableString.Invariant($"a fan-in of {weighted.Weights.FanIn} with {_input.Planes} input and {_weightPlanes} weight bit-planes can leave the accumulator; arithmetic.largestFanIn is {_configuration.LargestFanIn}"));
        }

        int[] extents = [_input.Width, _input.Height, _stage.Window.KernelWidth, _stage.Window.KernelHeight, _input.ChannelWords, _outputShape.Width, _outputShape.Height, Pool.Width, Pool.Height];
        if (extents.Any(e => e >= 1 << DescriptorLayout.PixelBits))
        {
            throw new MappingException(weighted.Name, FormattableString.Invariant($"an extent of its maps, kernel or pool is over {(1 << DescriptorLayout.PixelBits) - 1}"));
        }

        var window = _stage.Window;
        int[] distances = [window.Stride.X * Pool.Width, window.Stride.Y * Pool.Height, window.Dilation.X, window.Dilation.Y, window.Padding.Left, window.Padding.Top];
        if (distances.Any(d => d >= 1 << DescriptorLayout.PixelBits))
        {
            throw new MappingException(weighted.Name, FormattableString.Invariant($"a stride, dilation or padding is over {(1 << DescriptorLayout.PixelBits) - 1}"));
        }
    }

    /// <summary>
    /// The stage where not even one filter fits into the array: parts of the kernel one after another, the accumulators kept
    /// in between. They hold one position, so this is for layers with one.
    /// </summary>
    private ImmutableArray<ProgramPass> InParts()
    {
        if (Positions > 1)
        {
            throw new MappingException(_stage.Name, FormattableString.Invariant($"one filter takes {RowsPerFilter} rows and the array has {_configuration.Rows}; this version splits filters only in layers of one position"));
        }

        var passes = ImmutableArray.CreateBuilder<ProgramPass>();
        for (var filter = 0; filter < Filters;)
        {
            var lanes = ArrayPlacement.OfPart(_configuration, Math.Min(Filters - filter, MostFilters), 1);
            var capacity = (_configuration.Groups << lanes.Folds) / _weightPlanes;
            if (capacity < 1)
            {
                throw new MappingException(_stage.Name, FormattableString.Invariant($"one word of one filter takes {_weightPlanes} rows and a lane has {_configuration.Groups}"));
            }

            var parts = KernelPart.Split(_stage.Window.KernelHeight, _stage.Window.KernelWidth, _input.ChannelWords, capacity).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                var flags = (i > 0 ? ControlBits.KeepAccumulators : ControlBits.None) | (i + 1 < parts.Count ? ControlBits.HoldAccumulators : ControlBits.None);
                passes.Add(Pass(lanes with { Segments = parts[i].Segments * _weightPlanes }, filter, 0, 0, 0, parts[i], flags));
            }

            filter += lanes.Filters;
        }

        return passes.ToImmutable();
    }

    private ProgramPass Pass(ArrayPlacement placement, int firstFilter, int firstGroup, int firstInitial, int firstLevel, KernelPart part, ControlBits flags) => new(
        Rows(placement, firstFilter, firstGroup, part),
        flags.HasFlag(ControlBits.KeepAccumulators) ? [] : Initials(placement, firstFilter, firstInitial),
        flags.HasFlag(ControlBits.HoldAccumulators) ? [] : Levels(placement, firstFilter, firstLevel),
        Descriptor(placement, firstFilter, firstGroup, firstInitial, firstLevel, part, flags));

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
