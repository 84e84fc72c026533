using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Turns one stage into rows, thresholds and descriptors.</summary>
internal sealed partial class StageBuilder
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
    /// <param name="stage">The stage as the program has it.</param>
    /// <param name="images">Its passes with all that is loaded for them, once or for each image.</param>
    public LayerCost Cost(ProgramStage stage, ImmutableArray<ProgramPass> images)
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

        var rows = images.Sum(p => p.Rows.Length);
        var cellOperations = products * _input.Planes * _weightPlanes;
        return new LayerCost(
            stage.Name, string.Join(" + ", parts), rows, stage.Passes.Length, stage.RowLoads, products,
            stage.Passes.Sum(p => p.Descriptor.RowActivations), cellOperations, stage.Cycles, stage.Passes.Sum(p => p.Descriptor.EvaluationCycles),
            stage.TransferCycles, bound, cellOperations / capacity,
            new MemoryUse(
                (long)rows * _configuration.Columns,
                (images.Sum(p => (long)p.Initials.Length) * (_configuration.AccumulatorBits + 1)) + (images.Sum(p => (long)p.Levels.Length) * _configuration.AccumulatorBits),
                stage.Output is { } output ? (long)output.Words * output.Columns : (long)stage.Results * _configuration.AccumulatorBits));
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
            throw new MappingException(_stage.Name, FormattableString.Invariant($"one filter takes {RowsPerFilter} rows in lanes that can hold parts of it: {_configuration.Groups << _configuration.LargestFolds} ({_configuration.Groups} in each of the {1 << _configuration.LargestFolds} sectors that {_configuration.Lanes} lanes halve into); this version splits filters over passes only in layers of one position"));
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
}
