using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.SimilarityField;

namespace HwGen.Cim;

/// <summary>
/// Runs a command of the similarity unit: passes over the filters of a layer. In a pass one filter after the other is the reference, and its rows
/// meet the rows of every tile, an operand a cycle. Rows of the next reference are captured as they come by, so references follow each other without a pause.
/// </summary>
/// <remarks>
/// A pass over pairs ends before the last filter: its pairs are those of the others. The last reference of the statistics captures the first
/// filter again, with which the count begins. <see cref="SimilarityCommand.Cycles"/> counts what is done here.
/// </remarks>
/// <param name="configuration">The array and its similarity unit.</param>
public sealed partial class SimilaritySequencer(ArrayConfiguration configuration) : Module
{
    private static readonly SimilarityField[] s_fields =
    [
        GroupBase, GroupsPerTile, Filters, Tiles, TileFilters, Words, ChannelWords, Planes, SectorLanes, MinimumAlive, Quota,
    ];

    private readonly SimilarityWidths _widths = new(configuration);
    private readonly SimilarityTiming _timing = new(configuration);
    private readonly SortedDictionary<SimilarityField, Input> _fields = new(s_fields.Where(f => SimilarityRegisters.IsBuilt(f, configuration) && (f != MinimumAlive || configuration.Similarity!.Rules.Contains(SimilarityRule.Quota))).ToDictionary(
        f => f, f => new Input(f.Width(configuration), Names.ToSnakeCase(f.ToString()))));

    private enum State
    {
        Idle,
        Loading,
        Finding,
        Choosing,
        Preloading,
        Walking,
        Settling,
        Reading,
        Draining,
        Solving,
        Removing,
        Marking,
    }

    private enum Pass
    {
        Reading,
        Statistics,
        Counting,
        Keeping,
        Closest,
        Norms,
    }

    /// <summary>The fields of the command that are read.</summary>
    public IEnumerable<Input> Command => _fields.Values;

    /// <summary>What is measured and how: <see cref="SimilarityControl"/>.</summary>
    public Input Control { get; } = new(SimilarityLayout.ControlBits);

    /// <summary>1 to run the command; looked at while idle.</summary>
    public Input Start { get; } = new(1);

    /// <summary>One bit a filter: alive.</summary>
    public Input Valid { get; } = new(configuration.Similarity!.Filters);

    /// <summary>One bit a filter: over the limit.</summary>
    public Input? Over { get; } = configuration.Similarity!.Rules.Contains(SimilarityRule.KeepOne) ? new(configuration.Similarity.Filters) : null;

    /// <summary>1 when the host takes the distance that is there.</summary>
    public Input Taken { get; } = new(1);

    /// <summary>1 while a command runs.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 from the end of a command to the start of the next.</summary>
    public Output Done { get; } = new(1);

    /// <summary>Cycles that the command has been busy.</summary>
    public Output Cycles { get; } = new(40);

    /// <summary>Cycles in which the host did not take a distance.</summary>
    public Output Stalls { get; } = new(40);

    /// <summary>1 in the cycle in which a command starts.</summary>
    public Output? Starting { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 when the rows of the group meet the operand.</summary>
    public Output Evaluate { get; } = new(1);

    /// <summary>The row group.</summary>
    public Output Group { get; } = new(configuration.GroupAddressBits);

    /// <summary>The first lane of the sector.</summary>
    public Output Lane { get; } = new(configuration.LaneCountBits);

    /// <summary>1 when accumulators begin with this operand.</summary>
    public Output First { get; } = new(1);

    /// <summary>1 when the operand is the last word of a kernel position.</summary>
    public Output LastWord { get; } = new(1);

    /// <summary>The weight of the planes of operand and row.</summary>
    public Output Shift { get; } = new(configuration.ShiftBits);

    /// <summary>1 when exactly one of both planes is a sign.</summary>
    public Output? Negate { get; } = configuration.Similarity!.HasEuclidean ? new(1) : null;

    /// <summary>Which half of the reference memory the operand is read from; the other is captured into.</summary>
    public Output Side { get; } = new(1);

    /// <summary>Which row of the reference is the operand.</summary>
    public Output OperandRow { get; } = new(new SimilarityWidths(configuration).SegmentBits);

    /// <summary>1 when a row of the next reference comes by.</summary>
    public Output Capture { get; } = new(1);

    /// <summary>Its lane.</summary>
    public Output CaptureLane { get; } = new(configuration.LaneBits);

    /// <summary>Which row it is.</summary>
    public Output CaptureRow { get; } = new(new SimilarityWidths(configuration).SegmentBits);

    /// <summary>1 when the distances of a tile are in the accumulators.</summary>
    public Output Summed { get; } = new(1);

    /// <summary>The tile of those distances, until the next are there; none where there is one tile.</summary>
    public Output? SummedTile { get; } = TileOrNone(configuration);

    /// <summary>The number of its first filter.</summary>
    public Output? SummedFilter { get; } = configuration.Similarity!.Rules.Contains(SimilarityRule.Quota) ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>1 when it is the first tile of the reference.</summary>
    public Output? SummedFirst { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 when it is the last.</summary>
    public Output? SummedLast { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>The reference's number.</summary>
    public Output? Reference { get; } = configuration.Similarity!.HasStatistics ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>The reference's tile; none where there is one tile.</summary>
    public Output? ReferenceTile { get; } = TileOrNone(configuration);

    /// <summary>The reference's lane.</summary>
    public Output ReferenceLane { get; } = new(new SimilarityWidths(configuration).LaneBits);

    /// <summary>The number of the last filter that is alive, once statistics are gathered.</summary>
    public Output? Last { get; } = configuration.Similarity!.HasStatistics ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>Its tile; none where there is one tile.</summary>
    public Output? LastTile { get; } = configuration.Similarity!.HasStatistics ? TileOrNone(configuration) : null;

    /// <summary>Its lane.</summary>
    public Output? LastLane { get; } = configuration.Similarity!.HasStatistics ? new(new SimilarityWidths(configuration).LaneBits) : null;

    /// <summary>1 in a pass that gathers statistics.</summary>
    public Output? IsStatistics { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 in a pass that counts similar partners.</summary>
    public Output? IsCounting { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 in a pass that keeps one of similar filters.</summary>
    public Output? IsKeeping { get; } = configuration.Similarity!.Rules.Contains(SimilarityRule.KeepOne) ? new(1) : null;

    /// <summary>1 in a pass that measures the lengths of filters.</summary>
    public Output? IsNorms { get; } = configuration.Similarity!.HasEuclidean ? new(1) : null;

    /// <summary>1 to begin the threshold's computation.</summary>
    public Output? Gathered { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 when what the others found of the last filter is its count.</summary>
    public Output? CountLast { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 when a filter is finally marked.</summary>
    public Output? Mark { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>That filter.</summary>
    public Output? Marked { get; } = configuration.Similarity!.HasStatistics ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>1 when a pass begins.</summary>
    public Output? PassBegins { get; } = configuration.Similarity!.Rules.Contains(SimilarityRule.Quota) ? new(1) : null;

    /// <summary>1 when the higher filter of the closest pair goes.</summary>
    public Output? Remove { get; } = configuration.Similarity!.Rules.Contains(SimilarityRule.Quota) ? new(1) : null;

    /// <summary>1 when a distance of the tile is there for the host.</summary>
    public Output Reads { get; } = new(1);

    /// <summary>The lane of that distance.</summary>
    public Output ReadLane { get; } = new(new SimilarityWidths(configuration).LaneBits);

    private bool HasStatistics => _widths.Unit.HasStatistics;

    private bool HasKeepOne => _widths.Unit.Rules.Contains(SimilarityRule.KeepOne);

    private bool HasQuota => _widths.Unit.Rules.Contains(SimilarityRule.Quota);

    private bool HasEuclidean => _widths.Unit.HasEuclidean;

    /// <summary>Connects the fields that the sequencer reads, in the module around both.</summary>
    internal void Connect(SimilarityRegisters registers)
    {
        foreach (var (field, port) in _fields)
        {
            port.Drive(registers[field]);
        }
    }

    /// <inheritdoc/>
    protected override void Build()
    {
        Discard(Control.Bits(2, SimilarityLayout.ControlBits - 2));
        StateMachine(out var state, State.Idle);
        StateMachine(out var pass, Pass.Reading);
        Wire(out var walking, state.Is(State.Walking));
        Wire(out var preloading, state.Is(State.Preloading));
        Wire(out var tileDone, width: 1);
        Wire(out var starting, state.Is(State.Idle) & Start);

        var chosen = References(state, pass);
        var walk = Rows(chosen, pass, walking, preloading, tileDone);
        States(state, pass, chosen, walk, tileDone, starting);

        Register(out var cycles, 40, reset: 0);
        Register(out var stalls, 40, reset: 0);
        Register(out var done, 1, reset: 0);
        Register(out var wasBusy, ~state.Is(State.Idle), reset: 0);
        When(~state.Is(State.Idle), () => cycles.Drive(cycles + 1));
        When(state.Is(State.Reading) & ~Taken, () => stalls.Drive(stalls + 1));
        When(wasBusy & state.Is(State.Idle), () => done.Drive(1));
        When(starting, () =>
        {
            cycles.Drive(0);
            stalls.Drive(0);
            done.Drive(0);
        });
        Busy.Drive(~state.Is(State.Idle));
        Done.Drive(done);
        Cycles.Drive(cycles);
        Stalls.Drive(stalls);
        Starting?.Drive(starting);
        IsStatistics?.Drive(pass.Is(Pass.Statistics));
        IsCounting?.Drive(pass.Is(Pass.Counting));
        IsKeeping?.Drive(pass.Is(Pass.Keeping));
        IsNorms?.Drive(pass.Is(Pass.Norms));
        PassBegins?.Drive(state.Is(State.Loading));
    }

    private Signal Flag(SimilarityControl bit) => Control[System.Numerics.BitOperations.TrailingZeroCount((int)bit)];

    private static Output? TileOrNone(ArrayConfiguration configuration, [System.Runtime.CompilerServices.CallerMemberName] string property = "")
    {
        var widths = new SimilarityWidths(configuration);
        return widths.LargestTiles > 1 ? new Output(widths.TileBits, Names.ToSnakeCase(property)) : null;
    }
}
