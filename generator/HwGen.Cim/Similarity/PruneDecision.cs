using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Decides which filters go from the number of their similar partners: those over the limit, or of them those that the pass over similar
/// filters names; and at the end, filter by filter, which of them stay because too few would be left.
/// </summary>
/// <param name="filters">Filters that there may be.</param>
/// <param name="hasKeepOne">Whether there is a second pass that names those that go.</param>
public sealed class PruneDecision(int filters, bool hasKeepOne) : Module(FormattableString.Invariant($"f{filters}") + (hasKeepOne ? "_keep_one" : string.Empty))
{
    /// <summary>1 to begin.</summary>
    public Input Start { get; } = new(1);

    /// <summary>Filters that must stay.</summary>
    public Input MinimumAlive { get; } = new(Widths.Count(filters));

    /// <summary>The most similar partners that a filter may have.</summary>
    public Input Limit { get; } = new(Widths.Count(filters));

    /// <summary>1 when a filter's partners are counted.</summary>
    public Input Counted { get; } = new(1);

    /// <summary>The filter.</summary>
    public Input CountedFilter { get; } = new(Widths.Index(filters));

    /// <summary>Its similar partners.</summary>
    public Input Count { get; } = new(Widths.Index(filters));

    /// <summary>1 when a filter over the limit does not go for that alone.</summary>
    public Input? KeepsOne { get; } = hasKeepOne ? new(1) : null;

    /// <summary>1 when the second pass has looked at a filter over the limit.</summary>
    public Input? Looked { get; } = hasKeepOne ? new(1) : null;

    /// <summary>That filter.</summary>
    public Input? LookedFilter { get; } = hasKeepOne ? new(Widths.Index(filters)) : null;

    /// <summary>1 when it goes.</summary>
    public Input? LookedGoes { get; } = hasKeepOne ? new(1) : null;

    /// <summary>1 when a filter is finally marked.</summary>
    public Input Mark { get; } = new(1);

    /// <summary>That filter.</summary>
    public Input MarkedFilter { get; } = new(Widths.Index(filters));

    /// <summary>1 when it is to go.</summary>
    public Input MarkedGoes { get; } = new(1);

    /// <summary>1 when the counted filter is over the limit.</summary>
    public Output IsOver { get; } = new(1);

    /// <summary>1 when the marked filter is pruned.</summary>
    public Output Prunes { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (bits, indexBits) = (Widths.Count(filters), Widths.Index(filters));
        Memory(out var counts, filters, indexBits);
        counts.Write(Counted, CountedFilter, Count);
        Wire(out var isOver, Limit.LessThan(Count.ZeroExtend(bits)));
        IsOver.Drive(isOver);

        Instance(out var lowest, new LowestCounts(filters), name: "lowest_counts");
        lowest.Start.Drive(Start);
        lowest.MinimumAlive.Drive(MinimumAlive);
        if (KeepsOne is { } keepsOne)
        {
            // What the second pass says is taken over a cycle later, with the count that was held.
            Register(out var told, Looked!, reset: 0);
            Register(out var toldFilter, LookedFilter!);
            Register(out var toldGoes, LookedGoes!);
            lowest.Stays.Drive((Counted & ~isOver) | (told & ~toldGoes));
            lowest.Goes.Drive((Counted & isOver & ~keepsOne) | (told & toldGoes));
            lowest.Count.Drive(Choose(told, counts.Read(toldFilter), Count));
        }
        else
        {
            lowest.Stays.Drive(Counted & ~isOver);
            lowest.Goes.Drive(Counted & isOver);
            lowest.Count.Drive(Count);
        }

        Register(out var taken, bits);
        Wire(out var markedCount, counts.Read(MarkedFilter).ZeroExtend(bits));
        Wire(out var atBoundary, markedCount.EqualTo(lowest.Boundary) & taken.LessThan(lowest.Room));
        When(Start, () => taken.Drive(0));
        When(Mark & MarkedGoes & atBoundary, () => taken.Drive(taken + 1));
        Prunes.Drive(Mark & MarkedGoes & ~atBoundary & ~markedCount.LessThan(lowest.Boundary));
    }
}
