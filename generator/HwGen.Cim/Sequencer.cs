using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

/// <summary>
/// Runs one layer from its descriptor: fetches an operand a cycle, window by window, and says with each what it is for. A round is
/// one tile of filters at one position; rounds follow each other without a pause.
/// </summary>
/// <remarks>
/// Waits are few: before the end of a round where the words or values of the round before take longer than it counts, the preload before an
/// output that shares a word with another pass, windows that are not gathered yet where they are packed densely, and the end of the layer.
/// <see cref="LayerDescriptor.Cycles"/> counts the same. A core may skip operands that count nothing, beyond their second weight plane: then rounds are shorter, never shorter than
/// what is behind the array takes.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed partial class Sequencer(ArrayConfiguration configuration) : Module
{
    private const int Idle = 0, Preloading = 1, Computing = 2, Pausing = 3, Finishing = 4, Waiting = 5, StateBits = 3;

    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration,
        [OperandBase, KernelColumnStep, KernelRowStep, PositionColumnStep, PositionRowStep, OutputColumnStep, OutputRowStep,
        Planes, ChannelWords, KernelWidth, KernelHeight, DilationX, DilationY, StrideX, StrideY, OutputStrideX, OutputStrideY,
        FirstX, FirstY, InputWidth, InputHeight, PoolWidth, PoolHeight, OutputWidth, OutputHeight,
        GroupBase, GroupsPerTile, Tiles, TileFilters, LastTileFilters, SectorLanes, InitialBase,
        WeightPlanes, LevelBase, TileLevels, RoundCycles, PreloadCycles, FinishCycles,
        .. configuration.OperandSkipping ? (DescriptorField[])[SegmentGroups, SegmentLanes] : [],
        .. configuration.PacksWindows ? (DescriptorField[])[PositionWords, PositionBits, RingWords] : []]);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 to run the layer; looked at while idle.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 to end the layer at once; none where the host runs layer by layer.</summary>
    public Input? Abort { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>1 when an operand asks for a row group or an initial value that is not there; none where the host runs layer by layer.</summary>
    public Output? FetchOutside { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>1 when this layer leaves its sums in the accumulators.</summary>
    public Input Hold { get; } = new(1);

    /// <summary>1 when this layer begins with what is in the accumulators.</summary>
    public Input Keep { get; } = new(1);

    /// <summary>1 when every kernel position meets the same rows.</summary>
    public Input RepeatRows { get; } = new(1);

    /// <summary>1 when the last bit-plane of a weight is its sign.</summary>
    public Input SignedWeights { get; } = new(1);

    /// <summary>1 when the last bit-plane of an input is its sign.</summary>
    public Input SignedPlanes { get; } = new(1);

    /// <summary>1 when the operand that was fetched a cycle before counts nothing; none in a core that skips no operands.</summary>
    public Input? CountsNothing { get; } = configuration.OperandSkipping ? new(1) : null;

    /// <summary>1 while a layer runs.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 from the end of a layer to the start of the next.</summary>
    public Output Done { get; } = new(1);

    /// <summary>Cycles that the layer has been busy: since its start, or of the whole layer when it is done.</summary>
    public Output Cycles { get; } = new(32);

    /// <summary>Rows of filters that met an operand, since the start of the layer: each operand counts the filters of its tile.</summary>
    public Output RowActivations { get; } = new(configuration.ActivationCounterBits);

    /// <summary>Operands that were skipped since the start of the layer, a weight plane each; none in a core that skips no operands.</summary>
    public Output? SkippedOperands { get; } = configuration.OperandSkipping ? new(configuration.SkippedCounterBits) : null;

    /// <summary>1 in the cycle in which a layer starts.</summary>
    public Output Starting { get; } = new(1);

    /// <summary>1 in the cycle at whose end the preloaded word is taken over.</summary>
    public Output Preload { get; } = new(1);

    /// <summary>1 while nothing else reads or writes, long enough to take over a word of each bit-plane.</summary>
    public Output PreloadWindow { get; } = new(1);

    /// <summary>1 when an operand is fetched.</summary>
    public Output Fetch { get; } = new(1);

    /// <summary>Where it is fetched.</summary>
    public Output FetchAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>1 when it lies inside the input; outside, nothing of it counts.</summary>
    public Output FetchInside { get; } = new(1);

    /// <summary>1 when it is the last channel word of its pixel.</summary>
    public Output FetchLastWord { get; } = new(1);

    /// <summary>The weight of its bit-plane and of the row's.</summary>
    public Output FetchShift { get; } = new(configuration.ShiftBits);

    /// <summary>1 when exactly one of both is a sign plane.</summary>
    public Output FetchSign { get; } = new(1);

    /// <summary>The row group that it meets.</summary>
    public Output FetchGroup { get; } = new(configuration.GroupAddressBits);

    /// <summary>The first lane of the sector that it is for.</summary>
    public Output FetchLane { get; } = new(configuration.LaneCountBits);

    /// <summary>1 when accumulators begin with it.</summary>
    public Output FetchFirst { get; } = new(1);

    /// <summary>Where the initial values of its tile are.</summary>
    public Output FetchInitial { get; } = new(configuration.InitialAddressBits);

    /// <summary>1 at the end of a round whose bits are wanted: with its last operand, or later.</summary>
    public Output RoundEnd { get; } = new(1);

    /// <summary>Filters of the tile.</summary>
    public Output RoundFilters { get; } = new(configuration.FilterCountBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Output PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Output PoolLast { get; } = new(1);

    /// <summary>1 at the last tile of an output.</summary>
    public Output TileLast { get; } = new(1);

    /// <summary>1 when the last operand lies inside the input.</summary>
    public Output RoundInside { get; } = new(1);

    /// <summary>1 at the last round of the layer.</summary>
    public Output LayerLast { get; } = new(1);

    /// <summary>Where the level memory holds the words of the tile.</summary>
    public Output RoundLevel { get; } = new(configuration.LevelAddressBits);

    /// <summary>Bits of a row group and of the address of an initial value: one more where it is looked at whether they are there.</summary>
    private int GroupBits => configuration.GroupAddressBits + (configuration.HasBus ? 1 : 0);

    private int InitialBits => configuration.InitialAddressBits + (configuration.HasBus ? 1 : 0);

    /// <summary>Connects the descriptor fields that the sequencer reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        Register(out var state, StateBits, reset: Idle);
        Wire(out var idle, state.EqualTo(Idle));
        Wire(out var starting, idle & Start);
        Wire(out var computing, state.EqualTo(Computing));
        Wire(out var roundEnds, 1);

        var window = Window(starting, roundEnds);
        var lastOperand = Operands(starting, computing, roundEnds, window);
        roundEnds.Drive(States(state, starting, lastOperand, window));

        Register(out var cycles, 32, reset: 0);
        When(~idle, () => cycles.Drive(cycles + 1));
        When(starting, () => cycles.Drive(0));
        Register(out var rowActivations, configuration.ActivationCounterBits, reset: 0);
        When(computing, () => rowActivations.Drive(rowActivations + window.Filters.ZeroExtend(configuration.ActivationCounterBits)));
        When(starting, () => rowActivations.Drive(0));
        Busy.Drive(~idle);
        Cycles.Drive(cycles);
        RowActivations.Drive(rowActivations);
        Starting.Drive(starting);
        RoundEnd.Drive(roundEnds & ~Hold);
    }

    /// <summary>What follows what, and the cycles that are waited; gives "the round ends", with its last operand or, where that comes too soon behind the round before, later.</summary>
    private Signal States(Register state, Signal starting, Signal lastOperand, WindowWalk window)
    {
        Signal State(int value) => Constant(value, StateBits);
        // Cycles since the round before ended, or since the start.
        Register(out var waited, DescriptorLayout.WaitBits);
        Wire(out var waitedNext, waited + 1);
        Register(out var longEnough, 1);
        Wire(out var mayEnd, longEnough | waitedNext.EqualTo(_fields[RoundCycles]));
        var roundEnd = (lastOperand | state.EqualTo(Pausing)) & mayEnd;
        Wire(out var preloads, _fields[PreloadCycles].AnyOne());
        Wire(out var preloaded, state.EqualTo(Preloading) & waitedNext.EqualTo(_fields[PreloadCycles]));
        Wire(out var ended, state.EqualTo(Finishing) & waitedNext.EqualTo(_fields[FinishCycles]));

        waited.Drive(waitedNext);
        longEnough.Drive(mayEnd);
        When(starting, () => state.Drive(Choose(preloads, State(Preloading), PacksWindows is null ? State(Computing) : Choose(PacksWindows, State(Waiting), State(Computing)))));
        When(preloaded, () => state.Drive(FirstOperands(State(Computing))));
        When(lastOperand, () => state.Drive(State(Pausing)));
        When(roundEnd, () =>
        {
            state.Drive(Choose(window.Finished, State(Finishing), Choose(window.OutputEnd & preloads, State(Preloading), PacksWindows is null ? State(Computing) : Choose(window.OutputEnd, FirstOperands(State(Computing)), State(Computing)))));
            longEnough.Drive(~_fields[RoundCycles].AnyOne());
        });
        WindowStates(state, preloaded, roundEnd & window.OutputEnd & ~window.Finished & ~preloads);
        When(ended, () => state.Drive(State(Idle)));
        When(starting, () => longEnough.Drive(1));
        When(starting | roundEnd, () => waited.Drive(0));
        if (Abort is { } abort)
        {
            When(abort, () => state.Drive(State(Idle)));
        }

        Register(out var done, 1, reset: 0);
        When(ended, () => done.Drive(1));
        When(starting, () => done.Drive(0));
        Done.Drive(done);
        Preload.Drive(preloaded);
        Wire(out var nearlyPreloaded, (waited + PlanePacker.PreloadWindow(configuration)).AtLeast(_fields[PreloadCycles]));
        PreloadWindow.Drive(state.EqualTo(Preloading) & nearlyPreloaded);
        LayerLast.Drive(window.Finished);
        RoundLevel.Drive(window.Level);
        return roundEnd;
    }
}
