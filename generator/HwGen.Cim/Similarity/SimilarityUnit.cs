using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The similarity unit: compares the filters of a layer with each other in the array, where the operand is a stored row, and prunes those that
/// repeat each other. Distances are summed in the accumulators; nothing holds them: each pass measures them again.
/// </summary>
/// <param name="configuration">The array and its similarity unit.</param>
public sealed class SimilarityUnit(ArrayConfiguration configuration) : Module
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>The host's ports.</summary>
    public SimilarityHost Host { get; } = new(configuration);

    /// <summary>The ports to the array.</summary>
    public SimilarityArray Array { get; } = new(configuration);

    private bool HasStatistics => _widths.Unit.HasStatistics;

    private bool HasKeepOne => _widths.Unit.Rules.Contains(SimilarityRule.KeepOne);

    private bool HasEuclidean => _widths.Unit.HasEuclidean;

    /// <inheritdoc/>
    protected override void Build()
    {
        Instance(out var registers, new SimilarityRegisters(configuration));
        Instance(out var sequencer, new SimilaritySequencer(configuration));
        Instance(out var flags, new FilterFlags(configuration));
        Instance(out var partners, new Partners(configuration));
        var control = registers[SimilarityField.Control];
        Wire(out var idle, ~sequencer.Busy);

        registers.Write.Drive(Host.Write & idle);
        registers.Address.Drive(Host.Address);
        registers.WriteData.Drive(Host.Data);
        sequencer.Connect(registers);
        sequencer.Control.Drive(control);
        sequencer.Start.Drive(Host.Start);
        sequencer.Valid.Drive(flags.Valid);
        Operands(sequencer, registers, control);

        partners.Valid.Drive(flags.Valid);
        partners.Tile?.Drive(sequencer.SummedTile!);
        partners.ReferenceTile?.Drive(sequencer.ReferenceTile!);
        partners.ReferenceLane.Drive(sequencer.ReferenceLane);
        Wire(out var distances, Distances(sequencer, control));
        flags.Write.Drive(Host.ValidWrite & idle);
        flags.Address.Drive(Host.ValidAddress);
        flags.WriteData.Drive(Host.ValidData);

        Signal? prunes = null, pruned = null;
        if (HasStatistics)
        {
            Wire(out var marks, Counted(sequencer, flags, partners, registers, control, distances));
            (prunes, pruned) = (marks, sequencer.Marked);
        }

        if (_widths.Unit.Rules.Contains(SimilarityRule.Quota))
        {
            Instance(out var closest, new ClosestPair(configuration), name: "closest_pair");
            closest.Clear.Drive(sequencer.PassBegins!);
            closest.Valid.Drive(sequencer.Summed);
            closest.Distances.Drive(distances);
            closest.Partners.Drive(partners.Mask);
            closest.TileFilter.Drive(sequencer.SummedFilter!);
            Wire(out var removes, sequencer.Remove! & closest.Found);
            pruned = prunes is null ? closest.Higher : Choose(removes, closest.Higher, pruned!);
            prunes = prunes is null ? removes : prunes | removes;
        }

        flags.Prune.Drive(prunes!);
        flags.PrunedFilter.Drive(pruned!);

        // Distances for the host: lane by lane, pairs alone.
        var lanes = _widths.ComparedLanes;
        Wire(out var present, sequencer.Reads & (lanes == 1 ? partners.Mask : partners.Mask.ShiftRight(sequencer.ReadLane)[0]));
        var options = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            options[lane] = distances.Bits(lane * _widths.DistanceBits, _widths.DistanceBits);
        }

        if (lanes == 1)
        {
            Discard(sequencer.ReadLane);
        }

        sequencer.Taken.Drive(~present | Host.DistanceReady);
        Host.DistanceValid.Drive(present);
        Host.DistanceData.Drive(Select(sequencer.ReadLane, options) & Repeat(present, _widths.DistanceBits));
        Host.Busy.Drive(sequencer.Busy);
        Host.Done.Drive(sequencer.Done);
        Host.Cycles.Drive(sequencer.Cycles);
        Host.Stalls.Drive(sequencer.Stalls);
        Host.ValidReadData.Drive(flags.ReadData);
    }

    /// <summary>The rows of the reference and of the next one, and what goes to the array.</summary>
    private void Operands(SimilaritySequencer sequencer, SimilarityRegisters registers, Signal control)
    {
        var columns = configuration.Columns;
        // A row is there a cycle behind its address, and with it what says what it is for.
        Signal Read(string name, Signal value, bool reset = false)
        {
            using var scope = Scope("read");
            Register(out var later, value, reset ? 0 : null, name: name);
            return later;
        }

        var side = Read("side", sequencer.Side);
        Memory(out var references, 2 << _widths.SegmentBits, columns);
        references.Write(Read("capture", sequencer.Capture, reset: true), Concatenate(~side, Read("capture_row", sequencer.CaptureRow)), Array.Row);
        Wire(out var lastMask, ~Ones(columns).ShiftLeft(registers[SimilarityField.LastWordColumns]));
        Array.Measures.Drive(sequencer.Busy);
        Array.Group.Drive(sequencer.Group);
        Array.RowLane.Drive(sequencer.CaptureLane);
        Array.Evaluate.Drive(Read("evaluate", sequencer.Evaluate, reset: true));
        Array.Operand.Drive(references.Read(Concatenate(side, Read("operand_row", sequencer.OperandRow))));
        Array.Mask.Drive(lastMask | ~Repeat(Read("last_word", sequencer.LastWord), columns));
        Array.Shift.Drive(Read("shift", sequencer.Shift));
        Array.Negate.Drive(sequencer.Negate is { } negate ? Read("negate", negate) : Constant(0, 1));
        Array.First.Drive(Read("first", sequencer.First));
        Array.SectorLane.Drive(Read("lane", sequencer.Lane));
        Array.SectorLanes.Drive(registers[SimilarityField.SectorLanes]);
        Array.Folds.Drive(registers[SimilarityField.Folds]);
        Signal xor = Constant((int)RowOperation.Xor, 2);
        Array.Operation.Drive(HasEuclidean ? Choose(Flag(control, SimilarityControl.Product), Constant((int)RowOperation.And, 2), xor) : xor);
    }

    /// <summary>The distances of a tile: the accumulators, or from products.</summary>
    private Signal Distances(SimilaritySequencer sequencer, Signal control)
    {
        if (!HasEuclidean)
        {
            return Array.Accumulators;
        }

        Instance(out var squared, new SquaredDistances(configuration), name: "squared_distances");
        squared.Products.Drive(Array.Accumulators);
        squared.Hold.Drive(sequencer.Summed & sequencer.IsNorms!);
        squared.Tile?.Drive(sequencer.SummedTile!);
        squared.ReferenceTile?.Drive(sequencer.ReferenceTile!);
        squared.ReferenceLane.Drive(sequencer.ReferenceLane);
        return Choose(Flag(control, SimilarityControl.Product), squared.Distances, Array.Accumulators);
    }

    /// <summary>Statistics, the threshold, similar partners and what follows from them; gives 1 when the marked filter is pruned.</summary>
    private Signal Counted(
        SimilaritySequencer sequencer, FilterFlags flags, Partners partners, SimilarityRegisters registers, Signal control, Signal distances)
    {
        var (lanes, bits, filters) = (_widths.ComparedLanes, _widths.StatisticBits, _widths.Unit.Filters);
        Wire(out var measured, Statistic(sequencer, control, distances, out var present));

        Instance(out var statistics, new PairStatistics(configuration), name: "pair_statistics");
        statistics.Clear.Drive(sequencer.Starting!);
        statistics.Valid.Drive(present & sequencer.IsStatistics!);
        statistics.Distances.Drive(measured);
        statistics.Partners.Drive(partners.Mask);
        Instance(out var solver, new SimilarityThreshold(configuration), name: "similarity_threshold");
        solver.Start.Drive(sequencer.Gathered!);
        solver.Pairs.Drive(statistics.Pairs);
        solver.Sum.Drive(statistics.Sum);
        solver.Squares.Drive(statistics.Squares);
        solver.Mantissa.Drive(registers[SimilarityField.Mantissa]);
        solver.Exponent.Drive(registers[SimilarityField.Exponent]);
        Wire(out var threshold, Choose(Flag(control, SimilarityControl.FixedThreshold), registers[SimilarityField.Threshold], solver.Threshold));

        var similar = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            similar[lanes - 1 - lane] = measured.Bits(lane * bits, bits).ZeroExtend(_widths.ThresholdBits).LessThan(threshold);
        }

        Wire(out var similarPartners, Concatenate(similar) & partners.Mask);
        Instance(out var count, new PartnerCount(configuration), name: "partner_count");
        count.Start.Drive(sequencer.Starting!);
        count.Valid.Drive(present & sequencer.IsCounting!);
        count.Similar.Drive(similarPartners);
        count.First.Drive(sequencer.SummedFirst!);
        count.LastTile.Drive(sequencer.SummedLast!);
        count.Reference.Drive(sequencer.Reference!);
        count.HasLast.Drive(sequencer.SummedTile is { } tile ? tile.EqualTo(sequencer.LastTile!) : Constant(1, 1));
        count.LastLane.Drive(sequencer.LastLane!);

        Instance(out var decision, new PruneDecision(filters, HasKeepOne), name: "prune_decision");
        Wire(out var counted, count.Counted | sequencer.CountLast!);
        Wire(out var countedFilter, Choose(sequencer.CountLast!, sequencer.Last!, count.CountedFilter));
        decision.Start.Drive(sequencer.Starting!);
        decision.MinimumAlive.Drive(registers[SimilarityField.MinimumAlive]);
        decision.Limit.Drive(registers[SimilarityField.Limit]);
        decision.Counted.Drive(counted);
        decision.CountedFilter.Drive(countedFilter);
        decision.Count.Drive(Choose(sequencer.CountLast!, count.LastCount, count.Count));
        decision.Mark.Drive(sequencer.Mark!);
        decision.MarkedFilter.Drive(sequencer.Marked!);
        decision.MarkedGoes.Drive(filters == 1 ? flags.Going! : flags.Going!.ShiftRight(sequencer.Marked!)[0]);
        flags.Start!.Drive(sequencer.Starting!);
        partners.Others!.Drive(sequencer.IsCounting!);
        if (!HasKeepOne)
        {
            flags.SetGoing!.Drive(counted & decision.IsOver);
            flags.GoingFilter!.Drive(countedFilter);
            return decision.Prunes;
        }

        // A filter over the limit goes when it is similar to a lower one that is kept; that one's own fate is known in the cycle before.
        Wire(out var keepsOne, control.Bits(0, 2).EqualTo((int)SimilarityRule.KeepOne));
        Register(out var wasSimilar, 1);
        Wire(out var looks, present & sequencer.IsKeeping!);
        Wire(out var isSimilar, similarPartners.AnyOne() | (wasSimilar & ~sequencer.SummedFirst!));
        When(looks, () => wasSimilar.Drive(isSimilar));
        Wire(out var looked, looks & sequencer.SummedLast!);
        decision.KeepsOne!.Drive(keepsOne);
        decision.Looked!.Drive(looked);
        decision.LookedFilter!.Drive(sequencer.Reference!);
        decision.LookedGoes!.Drive(isSimilar);
        flags.SetOver!.Drive(counted & decision.IsOver & keepsOne);
        flags.OverFilter!.Drive(countedFilter);
        flags.SetGoing!.Drive((counted & decision.IsOver & ~keepsOne) | (looked & isSimilar));
        flags.GoingFilter!.Drive(Choose(looked, sequencer.Reference!, countedFilter));
        sequencer.Over!.Drive(flags.Over!);
        partners.Going!.Drive(flags.Going!);
        partners.KeptBelow!.Drive(sequencer.IsKeeping!);
        return decision.Prunes;
    }

    /// <summary>The distances as the statistics take them, roots where they are Euclidean, and when they are there.</summary>
    private Signal Statistic(SimilaritySequencer sequencer, Signal control, Signal distances, out Signal present)
    {
        var (lanes, bits, statisticBits) = (_widths.ComparedLanes, _widths.DistanceBits, _widths.StatisticBits);
        var plain = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            var distance = distances.Bits(lane * bits, bits);
            plain[lanes - 1 - lane] = bits > statisticBits ? distance.Truncate(statisticBits) : distance.ZeroExtend(statisticBits);
        }

        if (!HasEuclidean)
        {
            present = sequencer.Summed;
            return Concatenate(plain);
        }

        var isRoot = Flag(control, SimilarityControl.Root);
        Instance(out var roots, new DistanceRoots(configuration), name: "distance_roots");
        roots.Start.Drive(sequencer.Summed & isRoot & ~sequencer.IsNorms!);
        roots.Distances.Drive(distances);
        present = Choose(isRoot, roots.Done, sequencer.Summed);
        return Choose(isRoot, roots.Roots, Concatenate(plain));
    }

    private static Signal Flag(Signal control, SimilarityControl bit) => control[System.Numerics.BitOperations.TrailingZeroCount((int)bit)];
}
