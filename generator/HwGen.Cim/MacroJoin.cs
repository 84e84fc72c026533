using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Joins what several macros have for the filters of a tile: filter i is filter i / macros of macro i mod macros, so that the filters of a
/// small tile are side by side however the lanes are halved.
/// </summary>
/// <param name="configuration">The number of macros, and the widths.</param>
public sealed class MacroJoin(ArrayConfiguration configuration) : Module
{
    /// <summary>1 when the queues take the sums of a round.</summary>
    public Input Capture { get; } = new(1);

    /// <summary>1 when the queue moves on by one filter.</summary>
    public Input Next { get; } = new(1);

    /// <summary>1 when each queue moves on by one lane: all planes of a filter leave. None where a macro has several of them, or they leave one after another.</summary>
    public Input? NextFilter { get; } = configuration is { JoinsAtOnce: true, JoinedLanes: 1 } ? new(1) : null;

    /// <summary>The first of each queue, that of macro 0 in the lowest bits.</summary>
    public Input Heads { get; } = new(configuration.Macros * (configuration.AccumulatorBits + 1));

    /// <summary>One bit a lane and macro: the threshold is reached; those of macro 0 in the lowest bits.</summary>
    public Input MacrosReached { get; } = new(configuration.TotalLanes);

    /// <summary>One bit a lane and macro: the direction; those of macro 0 in the lowest bits.</summary>
    public Input MacrosDirections { get; } = new(configuration.TotalLanes);

    /// <summary>One bit a macro: 1 when its queue moves on.</summary>
    public Output MacrosNext { get; } = new(configuration.Macros);

    /// <summary>The first of all queues.</summary>
    public Output QueueHead { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>One bit a filter: the threshold is reached.</summary>
    public Output Reached { get; } = new(configuration.TotalLanes);

    /// <summary>One bit a filter: the direction.</summary>
    public Output Directions { get; } = new(configuration.TotalLanes);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (macros, bits) = (configuration.Macros, configuration.AccumulatorBits + 1);
        var turnBits = Widths.Index(macros);
        Register(out var turn, turnBits);
        var nextFilter = NextFilter ?? Constant(0, 1);
        When(Next, () => turn.Drive(Choose(turn.EqualTo(macros - 1), Constant(0, turnBits), turn + 1)));
        When(Capture, () => turn.Drive(0));
        QueueHead.Drive(Select(turn, [.. Enumerable.Range(0, macros).Select(macro => Heads.Bits(macro * bits, bits))]));
        MacrosNext.Drive(Concatenate([.. Enumerable.Range(0, macros).Reverse().Select(macro => (Next & turn.EqualTo(macro)) | nextFilter)]));
        Reached.Drive(Concatenate([.. Enumerable.Range(0, configuration.TotalLanes).Reverse().Select(filter => MacrosReached[configuration.LaneOf(filter)])]));
        Directions.Drive(Concatenate([.. Enumerable.Range(0, configuration.TotalLanes).Reverse().Select(filter => MacrosDirections[configuration.LaneOf(filter)])]));
    }
}
