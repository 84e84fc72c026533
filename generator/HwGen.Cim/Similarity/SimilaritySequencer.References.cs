using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

// Which filter is the reference, which is the next.
public sealed partial class SimilaritySequencer
{
    /// <summary>Takes the candidates of a pass one by one, the lowest first: the next reference is known while the present one is compared.</summary>
    private ReferenceWalk References(StateMachine<State> state, StateMachine<Pass> pass)
    {
        var filters = _widths.Unit.Filters;
        Register(out var pending, filters);
        Instance(out var lowest, new LowestFilter(filters, _widths.ComparedLanes), name: "lowest_filter");
        lowest.Candidates.Drive(pending);
        Wire(out var anyPending, pending.AnyOne());
        Register(out var hasNext, 1);
        Wire(out var advance, width: 1);

        var next = Filter("next");
        var current = Filter("current");
        When(state.Is(State.Loading), () => pending.Drive(Over is { } over ? Choose(pass.Is(Pass.Keeping), over, Valid) : Valid));
        When(state.Is(State.Finding) | advance, () =>
        {
            pending.Drive(pending & ~lowest.Chosen);
            hasNext.Drive(anyPending);
            next.Index.Drive(lowest.Index);
            next.Tile?.Drive(lowest.Tile!);
            next.Lane.Drive(lowest.Lane);
        });
        When(advance, () =>
        {
            current.Index.Drive(next.Index);
            current.Tile?.Drive(next.Tile!);
            current.Lane.Drive(next.Lane);
        });

        // Passes over pairs end before the last filter; the others take each. With a fixed threshold there is one pass that takes each.
        Wire(out var isLast, HasStatistics
            ? Choose(pass.Is(Pass.Keeping) | pass.Is(Pass.Norms) | (pass.Is(Pass.Counting) & Flag(SimilarityControl.FixedThreshold)), ~hasNext, ~anyPending)
            : HasEuclidean ? Choose(pass.Is(Pass.Norms), ~hasNext, ~anyPending) : ~anyPending);
        var isEnough = HasKeepOne ? hasNext & (anyPending | pass.Is(Pass.Keeping)) : hasNext & anyPending;
        Signal captureLane = next.Lane;
        Signal? captureTile = next.Tile;
        if (HasStatistics)
        {
            // The last reference of the statistics captures the first filter again.
            Wire(out var again, pass.Is(Pass.Statistics) & ~anyPending);
            Register(out var firstLane, lowest.Lane, enable: state.Is(State.Finding));
            captureLane = Choose(again, firstLane, next.Lane);

            // What is next at the end of the statistics is the last filter.
            using var scope = Scope("last");
            Register(out var lastFilter, next.Index, enable: pass.Is(Pass.Statistics));
            Register(out var lastLane, next.Lane, enable: pass.Is(Pass.Statistics));
            Last!.Drive(lastFilter);
            LastLane!.Drive(lastLane);
            if (next.Tile is { } nextTile)
            {
                Register(out var firstTile, lowest.Tile!, enable: state.Is(State.Finding));
                Register(out var lastTile, nextTile, enable: pass.Is(Pass.Statistics));
                captureTile = Choose(again, firstTile, nextTile);
                LastTile!.Drive(lastTile);
            }
        }

        return new ReferenceWalk(next, current, captureLane, captureTile, advance, isLast, isEnough, hasNext);

        FilterRegisters Filter(string name)
        {
            using var scope = Scope(name);
            Register(out var index, _widths.FilterBits);
            Register(out var lane, _widths.LaneBits);
            if (_widths.LargestTiles == 1)
            {
                return new FilterRegisters(index, null, lane);
            }

            Register(out var tile, _widths.TileBits);
            return new FilterRegisters(index, tile, lane);
        }
    }

    /// <summary>The number of a filter, its tile where there are several, its lane.</summary>
    private sealed record FilterRegisters(Register Index, Register? Tile, Register Lane);

    /// <summary>What the other parts need of the references.</summary>
    private sealed record ReferenceWalk(
        FilterRegisters Next, FilterRegisters Current, Signal CaptureLane, Signal? CaptureTile, Wire Advance, Signal IsLast, Signal IsEnough, Signal HasNext);
}
