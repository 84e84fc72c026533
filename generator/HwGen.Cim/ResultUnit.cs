using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// What follows the accumulators where bits are wanted: the bits of a tile of filters are pooled by OR and packed into operand words,
/// all lanes at once.
/// </summary>
/// <remarks>First stage: the bits are pooled. Second: they join the packer. Then a word a cycle is written.</remarks>
/// <param name="configuration">The widths.</param>
public sealed class ResultUnit(ArrayConfiguration configuration) : Module
{
    /// <summary>1 when the accumulators hold the sums of a round.</summary>
    public Input Round { get; } = new(1);

    /// <summary>One bit a lane: 1 when the filter's threshold is reached.</summary>
    public Input Reached { get; } = new(configuration.TotalLanes);

    /// <summary>One bit a lane: the filter's direction.</summary>
    public Input Directions { get; } = new(configuration.TotalLanes);

    /// <summary>Filters of the tile.</summary>
    public Input Filters { get; } = new(configuration.FilterCountBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Input PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Input PoolLast { get; } = new(1);

    /// <summary>1 at the last tile of an output.</summary>
    public Input TileLast { get; } = new(1);

    /// <summary>1 when the direction applies before the pool.</summary>
    public Input DirectionBeforePool { get; } = new(1);

    /// <summary>1 when the layer starts.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 to forget the bits that wait; none where the host runs layer by layer.</summary>
    public Input? Abort { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>Where the first output is written.</summary>
    public Input OutputBase { get; } = new(configuration.OperandAddressBits);

    /// <summary>Words between outputs.</summary>
    public Input OutputStep { get; } = new(configuration.OperandAddressBits);

    /// <summary>The bit of the first word that takes the first filter's bit.</summary>
    public Input FirstBit { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 to take over the bits below the first bit.</summary>
    public Input Preload { get; } = new(1);

    /// <summary>The operand word that is there.</summary>
    public Input WordOld { get; } = new(configuration.Columns);

    /// <summary>1 to write an operand word.</summary>
    public Output WordWrite { get; } = new(1);

    /// <summary>Where it is written, or taken over from.</summary>
    public Output WordAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>The word.</summary>
    public Output WordData { get; } = new(configuration.Columns);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (tileBits, tileCount, tileValid, tileEnd) = Pool();
        var outputDone = Pack(tileBits, tileCount, tileValid, tileEnd);

        // Every output begins where the one before began, and a step on.
        Register(out var outputAddress, OutputBase.Width);
        Register(out var wordOffset, configuration.OperandAddressBits);
        Wire(out var wordAddress, outputAddress + wordOffset);
        When(_wordWrite!, () => wordOffset.Drive(wordOffset + 1));
        When(outputDone, () =>
        {
            outputAddress.Drive(outputAddress + OutputStep);
            wordOffset.Drive(0);
        });
        When(Start, () =>
        {
            outputAddress.Drive(OutputBase);
            wordOffset.Drive(0);
        });
        WordWrite.Drive(_wordWrite!);
        WordAddress.Drive(wordAddress);
    }

    private Signal? _wordWrite;

    private (Signal Bits, Signal Count, Signal Valid, Signal End) Pool()
    {
        var lanes = configuration.TotalLanes;
        Register(out var pooled, lanes);
        Wire(out var compared, Reached ^ (Directions & Repeat(DirectionBeforePool, lanes)));
        Wire(out var pooledNow, compared | (pooled & ~Repeat(PoolFirst, lanes)));
        When(Round, () => pooled.Drive(pooledNow));
        Wire(out var used, ~Ones(lanes).ShiftLeft(Filters));
        Register(out var tileBits, (pooledNow ^ (Directions & ~Repeat(DirectionBeforePool, lanes))) & used);
        Register(out var tileCount, Filters);
        Register(out var tileValid, Round & PoolLast, reset: 0);
        Register(out var tileEnd, TileLast);
        return (tileBits, tileCount, tileValid, tileEnd);
    }

    /// <summary>Bits of tiles go in above those that wait; full words go out below; gives "the last word of an output goes out".</summary>
    private Signal Pack(Signal tileBits, Signal tileCount, Signal tileValid, Signal tileEnd)
    {
        var columns = configuration.Columns;
        var width = columns + configuration.TotalLanes;
        var fillBits = Widths.Count(width);
        Register(out var waiting, width, reset: 0);
        Register(out var fill, fillBits, reset: 0);
        Register(out var ending, 1, reset: 0);
        Wire(out var full, fill.AtLeast(columns));
        Wire(out var lastWord, ending & ~fill.AtLeast(columns + 1));
        Wire(out var emit, full | ending);
        Wire(out var keptBits, Choose(emit, waiting.Bits(columns, configuration.TotalLanes).ZeroExtend(width), waiting));
        Wire(out var keptFill, Choose(emit, Choose(lastWord, Constant(0, fillBits), fill - columns), fill));
        Wire(out var outputDone, emit & lastWord);
        When(emit, () =>
        {
            waiting.Drive(keptBits);
            fill.Drive(keptFill);
        });
        When(outputDone, () => ending.Drive(0));
        When(tileValid, () =>
        {
            waiting.Drive(keptBits | tileBits.ZeroExtend(width).ShiftLeft(keptFill));
            fill.Drive(keptFill + tileCount.ZeroExtend(fillBits));
            ending.Drive(tileEnd);
        });
        When(Preload, () =>
        {
            waiting.Drive((WordOld & ~Ones(columns).ShiftLeft(FirstBit)).ZeroExtend(width));
            fill.Drive(FirstBit.ZeroExtend(fillBits));
        });
        if (Abort is { } abort)
        {
            When(abort, () =>
            {
                fill.Drive(0);
                waiting.Drive(0);
                ending.Drive(0);
            });
        }

        WordData.Drive(waiting.Truncate(columns));
        _wordWrite = emit;
        return outputDone;
    }
}
