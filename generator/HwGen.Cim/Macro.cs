using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The array: rows of cells in lanes, each with its row operation, popcount, shift-add and accumulator.
/// An operand that comes with <c>valid</c> is in the accumulators two cycles later.
/// </summary>
/// <param name="configuration">Rows, columns, lanes, row operations, widths.</param>
public sealed class Macro(ArrayConfiguration configuration)
    : Module(FormattableString.Invariant($"r{configuration.Rows}_c{configuration.Columns}_l{configuration.Lanes}"))
{
    /// <summary>The row group that is written, read back or evaluated.</summary>
    public Input? Group { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>1 to write a row.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The lane whose row is written or read back.</summary>
    public Input WriteLane { get; } = new(configuration.LaneBits);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(configuration.Columns);

    /// <summary>The row operation that is written with them.</summary>
    public Input WriteOperation { get; } = new(2);

    /// <summary>The stored bits of the addressed row.</summary>
    public Output Stored { get; } = new(configuration.Columns);

    /// <summary>1 when an operand is there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The operand.</summary>
    public Input Operand { get; } = new(configuration.Columns);

    /// <summary>The columns of the operand that count.</summary>
    public Input Mask { get; } = new(configuration.Columns);

    /// <summary>The bit-plane of the operand.</summary>
    public Input Plane { get; } = new(configuration.PlaneBits);

    /// <summary>1 when the operand's contribution is subtracted.</summary>
    public Input Negate { get; } = new(1);

    /// <summary>The first lane that the operand is for.</summary>
    public Input FirstLane { get; } = new(configuration.LaneCountBits);

    /// <summary>The number of lanes that the operand is for.</summary>
    public Input LaneCount { get; } = new(configuration.LaneCountBits);

    /// <summary>1 when counts count twice.</summary>
    public Input Doubled { get; } = new(1);

    /// <summary>1 to subtract the operand's ones from each count.</summary>
    public Input SubtractOperand { get; } = new(1);

    /// <summary>1 to subtract the valid columns from each count.</summary>
    public Input SubtractMask { get; } = new(1);

    /// <summary>1 to set all accumulators to 0.</summary>
    public Input Clear { get; } = new(1);

    /// <summary>The lane whose accumulator is read.</summary>
    public Input ReadLane { get; } = new(configuration.LaneBits);

    /// <summary>The accumulator of that lane.</summary>
    public Output Accumulator { get; } = new(configuration.AccumulatorBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var lanes = configuration.Lanes;
        var columns = configuration.Columns;

        // Second stage: the counts are there, with what says how they are added.
        Register(out var counting, Valid, reset: 0);
        Register(out var countPlane, Plane);
        Register(out var countNegate, Negate);
        Register(out var countFirstLane, FirstLane);
        Wire(out var referenced, Choose(SubtractMask, Mask, Operand & Mask & Repeat(SubtractOperand, columns)));
        Register(out var reference, PopCount(referenced));

        // Lanes first to first + count − 1 take the operand; a shift by all lanes leaves none.
        var shiftBits = configuration.LaneCountBits + 1;
        Wire(out var endLane, countFirstLane.ZeroExtend(shiftBits) + LaneCount.ZeroExtend(shiftBits));
        Wire(out var addLanes, Ones(lanes).ShiftLeft(countFirstLane) & ~Ones(lanes).ShiftLeft(endLane) & Repeat(counting, lanes));

        var stored = new Signal[lanes];
        var accumulators = new Signal[lanes];
        for (var i = 0; i < lanes; i++)
        {
            Instance(out var lane, new Lane(columns, configuration.Groups, configuration.RowOperations), index: i);
            if (Group is { } group)
            {
                lane.Group!.Drive(group);
            }

            lane.Operand.Drive(Operand);
            lane.Mask.Drive(Mask);
            lane.Write.Drive(lanes == 1 ? Write : Write & WriteLane.EqualTo(i));
            lane.WriteData.Drive(WriteData);
            lane.WriteOperation.Drive(WriteOperation);
            stored[i] = lane.Stored;

            Instance(out var shiftAdd, new ShiftAdd(configuration.CountBits, configuration.PlaneBits, configuration.AccumulatorBits), index: i);
            shiftAdd.Count.Drive(lane.Count);
            shiftAdd.Reference.Drive(reference);
            shiftAdd.Doubled.Drive(Doubled);
            shiftAdd.Negate.Drive(countNegate);
            shiftAdd.Plane.Drive(countPlane);
            shiftAdd.Add.Drive(addLanes[i]);
            shiftAdd.Clear.Drive(Clear);
            accumulators[i] = shiftAdd.Accumulator;
        }

        if (lanes == 1)
        {
            Discard(WriteLane);
            Discard(ReadLane);
        }

        Stored.Drive(Select(WriteLane, stored));
        Accumulator.Drive(Select(ReadLane, accumulators));
    }
}
