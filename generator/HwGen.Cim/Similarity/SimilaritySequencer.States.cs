using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.SimilarityField;

namespace HwGen.Cim;

// What follows what, and the cycles that are waited.
public sealed partial class SimilaritySequencer
{
    private const int WaitBits = 16;

    private Wire? _restarts;
    private Wire? _toPreload;

    private void States(StateMachine<State> state, StateMachine<Pass> pass, ReferenceWalk chosen, RowWalk walk, Wire tileDone, Signal starting)
    {
        Register(out var waited, WaitBits);
        Wire(out var waitedNext, waited + 1);
        Signal Is(State value) => state.Is(value);
        Signal In(Pass value) => pass.Is(value);
        Signal Waited(int cycles) => waitedNext.EqualTo(cycles);

        // The rule: 3 reads the distances.
        Wire(out var isRead, Control.Bits(0, 2).EqualTo((int)SimilarityControl.ReadDistances));
        var isQuota = HasQuota && HasStatistics ? Control.Bits(0, 2).EqualTo((int)HwGen.Architecture.Configuration.SimilarityRule.Quota) : Constant(HasQuota ? 1 : 0, 1);
        Signal Code(Pass value) => Constant((int)value, pass.State.Width);
        var counted = HasStatistics ? Choose(Flag(SimilarityControl.FixedThreshold), Code(Pass.Counting), Code(Pass.Statistics)) : Code(Pass.Closest);
        Wire(out var main, Choose(isRead, Code(Pass.Reading), HasQuota && HasStatistics ? Choose(isQuota, Code(Pass.Closest), counted) : HasQuota ? Code(Pass.Closest) : counted));
        Wire(out var firstPass, HasEuclidean ? Choose(Flag(SimilarityControl.Product), Code(Pass.Norms), main) : main);

        // A tile waits for its roots, or for the host to take its distances.
        Wire(out var reading, Is(State.Reading));
        Wire(out var readDone, width: 1);
        Signal needsRoots = HasEuclidean && HasStatistics
            ? Flag(SimilarityControl.Root) & (In(Pass.Statistics) | In(Pass.Counting) | (HasKeepOne ? In(Pass.Keeping) : Constant(0, 1)))
            : Constant(0, 1);
        Wire(out var settles, needsRoots | In(Pass.Reading));
        Wire(out var rowsDone, Is(State.Walking) & walk.RowsEnd);
        Wire(out var rooted, HasEuclidean && HasStatistics ? Is(State.Settling) & ~In(Pass.Reading) & Waited(_timing.RootCycles) : Constant(0, 1));
        tileDone.Drive((rowsDone & ~settles) | rooted | readDone);
        Wire(out var referenceDone, tileDone & walk.IsLastTile);
        Wire(out var preloaded, Is(State.Preloading) & walk.RowsEnd);
        Wire(out var passDone, referenceDone & chosen.IsLast);
        Wire(out var another, referenceDone & ~chosen.IsLast);
        var isNorms = HasEuclidean ? In(Pass.Norms) : Constant(0, 1);
        var isCaptured = HasStatistics ? In(Pass.Counting) & ~Flag(SimilarityControl.FixedThreshold) : Constant(0, 1);
        Wire(out var choosing, Is(State.Choosing) & chosen.IsEnough);
        var preloads = (choosing & ~isCaptured) | (another & isNorms);
        chosen.Advance.Drive(preloaded | (choosing & isCaptured) | (another & ~isNorms));
        _toPreload?.Drive(preloads);
        _restarts!.Drive(preloads | chosen.Advance | tileDone);

        // Which half of the reference memory is the reference changes when the next becomes the reference.
        Register(out var side, 1, reset: 0);
        When(chosen.Advance, () => side.Drive(~side));
        Side.Drive(side);

        void Begin(Pass value)
        {
            pass.Go(value);
            state.Go(State.Loading);
        }

        waited.Drive(waitedNext);
        When(starting, () =>
        {
            pass.State.Drive(firstPass);
            state.Go(State.Loading);
        });
        When(Is(State.Loading), () => state.Go(State.Finding));
        When(Is(State.Finding), () => state.Go(State.Choosing));
        When(Is(State.Choosing), () =>
        {
            state.Go(State.Idle);
            if (HasKeepOne)
            {
                When(In(Pass.Keeping), () => state.Go(State.Marking));
            }

            When(chosen.IsEnough, () => state.Go(State.Preloading));
            if (HasStatistics)
            {
                When(chosen.IsEnough & isCaptured, () => state.Go(State.Walking));
            }
        });
        When(preloaded, () => state.Go(State.Walking));
        When(rowsDone & settles, () => state.Go(State.Settling));
        When(Is(State.Settling) & In(Pass.Reading) & Waited(SimilarityTiming.SettleCycles), () => state.Go(State.Reading));
        When(tileDone, () => state.Go(State.Walking));
        if (HasEuclidean)
        {
            When(another & isNorms, () => state.Go(State.Preloading));
        }

        When(passDone, () =>
        {
            state.Go(State.Draining);
            When(In(Pass.Reading), () => state.Go(State.Idle));
        });
        if (HasEuclidean)
        {
            When(Is(State.Draining) & isNorms & Waited(SimilarityTiming.NormDrain), () =>
            {
                pass.State.Drive(main);
                state.Go(State.Loading);
            });
        }

        if (HasStatistics)
        {
            Wire(out var allGathered, Is(State.Draining) & In(Pass.Statistics) & Waited(_timing.StatisticsDrain));
            Wire(out var solved, Is(State.Solving) & Waited(_timing.SolveCycles));
            Wire(out var countEnds, Is(State.Draining) & In(Pass.Counting) & Waited(SimilarityTiming.CountDrain));
            Wire(out var marking, Is(State.Marking));
            Register(out var marked, _widths.FilterBits);
            When(allGathered, () => state.Go(State.Solving));
            When(solved, () => Begin(Pass.Counting));
            When(countEnds, () => state.Go(State.Marking));
            if (HasKeepOne)
            {
                When(countEnds & Control.Bits(0, 2).EqualTo((int)HwGen.Architecture.Configuration.SimilarityRule.KeepOne), () => Begin(Pass.Keeping));
                When(Is(State.Draining) & In(Pass.Keeping) & Waited(SimilarityTiming.KeepDrain), () => state.Go(State.Marking));
            }

            marked.Drive(Choose(marking, marked + 1, Constant(0, marked.Width)));
            When(marking & (marked.FitTo(_widths.FilterCountBits) + 1).EqualTo(_fields[Filters]), () => state.Go(State.Idle));
            When(allGathered, () => waited.Drive(0));
            Gathered!.Drive(allGathered);
            CountLast!.Drive(countEnds & ~Flag(SimilarityControl.FixedThreshold));
            Mark!.Drive(marking);
            Marked!.Drive(marked);
        }

        if (HasQuota)
        {
            RemoveClosest(state, pass, chosen, starting, waitedNext);
        }

        When(rowsDone | passDone, () => waited.Drive(0));

        // The distances of a tile leave lane by lane.
        Register(out var laneRead, TileFilters.Width(configuration));
        Wire(out var lastRead, (laneRead + 1).EqualTo(_fields[TileFilters]));
        When(reading & Taken, () => laneRead.Drive(laneRead + 1));
        When(~reading, () => laneRead.Drive(0));
        readDone.Drive(reading & Taken & lastRead);
        Reads.Drive(reading);
        ReadLane.Drive(laneRead.Truncate(_widths.LaneBits));
    }

    /// <summary>The higher filter of the closest pair goes, as often as the quota says and filters are left.</summary>
    private void RemoveClosest(StateMachine<State> state, StateMachine<Pass> pass, ReferenceWalk chosen, Signal starting, Signal waitedNext)
    {
        var bits = _widths.FilterCountBits;
        Register(out var alive, bits);
        Register(out var removed, bits);
        Wire(out var removing, state.Is(State.Removing));
        When(state.Is(State.Loading), () => alive.Drive(0));
        When(chosen.Advance, () => alive.Drive(alive + 1));
        When(starting, () => removed.Drive(0));
        When(removing, () => removed.Drive(removed + 1));
        When(state.Is(State.Draining) & pass.Is(Pass.Closest) & waitedNext.EqualTo(_timing.ClosestDrain), () => state.Go(State.Removing));

        // The references of the pass, and the last filter: one goes only if enough stay.
        Wire(out var mayGo, alive.AtLeast(_fields[MinimumAlive]));
        Wire(out var removesMore, _fields[MinimumAlive].LessThan(alive) & (removed + 1).LessThan(_fields[Quota]));
        When(removing, () => state.Go(State.Idle));
        When(removing & removesMore, () => state.Go(State.Loading));
        Remove!.Drive(removing & mayGo);
    }
}
