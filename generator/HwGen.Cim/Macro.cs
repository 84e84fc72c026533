using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The array: rows of cells in lanes, each with its row operation, popcount, shift-add and accumulator. An operand a cycle;
/// one that comes with Valid is in the accumulators two cycles later.
/// </summary>
/// <param name="configuration">Rows, columns, lanes, row operations, widths.</param>
public sealed partial class Macro(ArrayConfiguration configuration)
    : Module(FormattableString.Invariant($"r{configuration.Rows}_c{configuration.Columns}_l{configuration.Lanes}") + (configuration.Keys == KeyStoreKind.None ? string.Empty : "_decrypt"))
{
    /// <summary>The row group that is written, or read for the next cycle: that of its operand, or to be read back.</summary>
    public Input? Group { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>1 to write a row.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The lane whose row is written or read back.</summary>
    public Input WriteLane { get; } = new(configuration.LaneBits);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(configuration.Columns);

    /// <summary>The row operation that is written with them.</summary>
    public Input WriteOperation { get; } = new(2);

    /// <summary>The stored bits of the row that was addressed a cycle before.</summary>
    public Output Stored { get; } = new(configuration.Columns);

    /// <summary>The key of each lane's row that was addressed a cycle before; none where rows are stored as they are.</summary>
    public IReadOnlyList<Input> Keys { get; } = configuration.Keys == KeyStoreKind.None
        ? [] : [.. Enumerable.Range(0, configuration.Lanes).Select(lane => new Input(configuration.Columns, FormattableString.Invariant($"key_{lane}")))];

    /// <summary>1 when an operand is there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The operand.</summary>
    public Input Operand { get; } = new(configuration.Columns);

    /// <summary>The columns of the operand that count.</summary>
    public Input Mask { get; } = new(configuration.Columns);

    /// <summary>The weight of the operand's bit-plane and the row's.</summary>
    public Input Shift { get; } = new(configuration.ShiftBits);

    /// <summary>1 when the operand's contribution is subtracted.</summary>
    public Input Negate { get; } = new(1);

    /// <summary>1 when accumulators begin with this operand.</summary>
    public Input First { get; } = new(1);

    /// <summary>Which initial values they begin with, with the operand; which one the host writes.</summary>
    public Input? InitialAddress { get; } = configuration.InitialDepth > 1 ? new(configuration.InitialAddressBits) : null;

    /// <summary>1 to write an initial value.</summary>
    public Input InitialWrite { get; } = new(1);

    /// <summary>The lane of the initial value.</summary>
    public Input InitialLane { get; } = new(configuration.LaneBits);

    /// <summary>The initial value, and above it the direction.</summary>
    public Input InitialData { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>The first lane of the sector that the operand is for.</summary>
    public Input SectorLane { get; } = new(configuration.LaneCountBits);

    /// <summary>Lanes of a sector.</summary>
    public Input SectorLanes { get; } = new(configuration.LaneCountBits);

    /// <summary>Which halvings of the lanes fold their counts together.</summary>
    public Input Folds { get; } = new(Math.Max(1, configuration.LargestFolds));

    /// <summary>1 when counts count twice.</summary>
    public Input Doubled { get; } = new(1);

    /// <summary>1 to subtract the operand's ones from each count.</summary>
    public Input SubtractOperand { get; } = new(1);

    /// <summary>1 to subtract the valid columns from each count.</summary>
    public Input SubtractMask { get; } = new(1);

    /// <summary>1 when the accumulators hold the sums of a round: the queue takes them.</summary>
    public Input Capture { get; } = new(1);

    /// <summary>1 while the similarity unit measures: the instruction gives the row operation, and accumulators begin at 0.</summary>
    public Input? Measures { get; } = configuration.Similarity is null ? null : new(1);

    /// <summary>The addressed row as row operations meet it, where rows are decrypted and compared: the similarity unit's reference.</summary>
    public Output? Decrypted { get; } = configuration.Similarity is null || configuration.Keys == KeyStoreKind.None ? null : new(configuration.Columns);

    /// <summary>1 when the instruction gives the row operation.</summary>
    public Input? Instructed { get; } = configuration.HasInstructedOperation ? new(1) : null;

    /// <summary>The row operation of the instruction.</summary>
    public Input? Instruction { get; } = configuration.Similarity is null && !configuration.HasInstructedOperation ? null : new(2);

    /// <summary>The accumulators of the lanes that the similarity unit compares, as many bits of each as a distance has, lane 0 in the lowest bits.</summary>
    public Output? Accumulators { get; } = configuration.Similarity is null ? null : new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits);

    /// <summary>1 when the queue moves on by one filter.</summary>
    public Input Next { get; } = new(1);

    /// <summary>1 when the queue moves on by all planes of a filter; none where planes leave one after another, or each macro has one of them.</summary>
    public Input? NextFilter { get; } = configuration.JoinedLanes > 1 ? new(1) : null;

    /// <summary>The next of the queue behind the first that leave together with it, the first in the lowest bits.</summary>
    public Output? NextHeads { get; } = configuration.JoinedLanes > 1 ? new((configuration.JoinedLanes - 1) * (configuration.AccumulatorBits + 1)) : null;

    /// <summary>The first of the queue: a sum, and above it the direction of its filter.</summary>
    public Output QueueHead { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>One bit a lane: 1 when its accumulator is at least 0.</summary>
    public Output Reached { get; } = new(configuration.Lanes);

    /// <summary>One bit a lane: the direction of the filter in its accumulator.</summary>
    public Output Directions { get; } = new(configuration.Lanes);

    /// <inheritdoc/>
    protected override void Build()
    {
        var lanes = configuration.Lanes;
        var columns = configuration.Columns;

        // Second stage: the counts are there, with what says how they are added.
        Register(out var counting, Valid, reset: 0);
        Register(out var countShift, Shift);
        Register(out var countNegate, Negate);
        Register(out var countFirst, First);
        Register(out var countLane, SectorLane);
        Wire(out var referenced, Choose(SubtractMask, Mask, Operand & Mask & Repeat(SubtractOperand, columns)));
        Register(out var reference, PopCount(referenced));

        // The sector's lanes count; a shift by all lanes leaves none.
        var shiftBits = configuration.LaneCountBits + 1;
        Wire(out var endLane, countLane.ZeroExtend(shiftBits) + SectorLanes.ZeroExtend(shiftBits));
        Wire(out var sector, Ones(lanes).ShiftLeft(countLane) & ~Ones(lanes).ShiftLeft(endLane));

        var resistive = Resistive();
        var stored = new Signal[lanes];
        var plain = new Signal[lanes];
        var counts = new Signal[lanes];
        for (var i = 0; i < lanes; i++)
        {
            var (row, operation) = Row(i, resistive);
            stored[i] = row;
            plain[i] = row;
            if (Keys.Count > 0)
            {
                // Decryption is this gate: no cycle, no register.
                Wire(out var decrypted, row ^ Keys[i], name: FormattableString.Invariant($"decrypted_{i}"));
                plain[i] = decrypted;
            }

            Instance(out var lane, new Lane(columns, configuration.RowOperations, Instruction is not null), index: i);
            lane.Instructed?.Drive(Instructed is { } instructed ? (Measures is null ? instructed : instructed | Measures) : Measures!);
            lane.Instruction?.Drive(Instruction!);
            lane.Stored.Drive(plain[i]);
            lane.Operation?.Drive(operation!);
            lane.Operand.Drive(Operand);
            lane.Mask.Drive(Mask);
            counts[i] = lane.Count & Repeat(sector[i], configuration.CountBits);
        }

        Fold(counts);
        var (comparedLanes, measuredBits) = configuration.Similarity is null ? (0, 0) : (new SimilarityWidths(configuration).ComparedLanes, new SimilarityWidths(configuration).DistanceBits);
        var queue = new ShiftAdd[lanes];
        var reached = new Signal[lanes];
        var directions = new Signal[lanes];
        for (var i = 0; i < lanes; i++)
        {
            Instance(out var filter, new ShiftAdd(configuration.CountBits, configuration.ShiftBits, configuration.AccumulatorBits, configuration.InitialDepth, configuration.JoinedLanes, i < comparedLanes ? measuredBits : 0), index: i);
            filter.FromZero?.Drive(Measures!);
            filter.Count.Drive(counts[i]);
            filter.Reference.Drive(reference);
            filter.Doubled.Drive(Doubled);
            filter.Negate.Drive(countNegate);
            filter.Shift.Drive(countShift);
            filter.Add.Drive(counting);
            filter.First.Drive(countFirst);
            if (InitialAddress is { } initialAddress)
            {
                filter.InitialAddress!.Drive(initialAddress);
            }

            filter.InitialWrite.Drive(lanes == 1 ? InitialWrite : InitialWrite & InitialLane.EqualTo(i));
            filter.InitialData.Drive(InitialData);
            filter.Capture.Drive(Capture);
            filter.Next.Drive(Next);
            filter.NextFilter?.Drive(NextFilter!);
            queue[i] = filter;
            if (filter.Measured is { } measured)
            {
                Accumulators!.DriveBits(i * measured.Width, measured);
            }

            reached[lanes - 1 - i] = filter.Reached;
            directions[lanes - 1 - i] = filter.Direction;
        }

        for (var i = 0; i < lanes; i++)
        {
            queue[i].QueueIn.Drive(Queued(i + 1));
            queue[i].FilterQueueIn?.Drive(Queued(i + configuration.JoinedLanes));
        }

        if (lanes == 1)
        {
            Discard(WriteLane);
            Discard(InitialLane);
        }

        if (configuration.RowOperations.Count == 1)
        {
            Discard(WriteOperation);
        }

        if (lanes == 1)
        {
            Stored.Drive(stored[0]);
            Decrypted?.Drive(plain[0]);
        }
        else
        {
            Register(out var storedLane, WriteLane);
            Stored.Drive(Select(storedLane, stored));
            Decrypted?.Drive(Select(storedLane, plain));
        }

        QueueHead.Drive(queue[0].QueueOut);
        NextHeads?.Drive(Concatenate([.. Enumerable.Range(1, configuration.JoinedLanes - 1).Reverse().Select(Queued)]));
        Reached.Drive(Concatenate(reached));
        Directions.Drive(Concatenate(directions));

        Signal Queued(int lane) => lane < lanes ? queue[lane].QueueOut : Constant(0, configuration.AccumulatorBits + 1);
    }

    /// <summary>
    /// Where few row groups hold a filter's many segments, sectors of lanes hold them, one sector counting at a time: an OR brings
    /// every sector's counts to the accumulators of the first.
    /// </summary>
    private void Fold(Signal[] counts)
    {
        if (configuration.LargestFolds == 0)
        {
            Discard(Folds);
            return;
        }

        for (var level = 0; level < configuration.LargestFolds; level++)
        {
            var half = configuration.Lanes >> (level + 1);
            using var scope = Scope(FormattableString.Invariant($"fold_{level}"));
            for (var i = 0; i < half; i++)
            {
                Wire(out var folded, counts[i] | (counts[i + half] & Repeat(Folds[level], configuration.CountBits)), name: FormattableString.Invariant($"count_{i}"));
                counts[i] = folded;
            }
        }
    }
}
