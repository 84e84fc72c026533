using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// A compute-in-memory core: the array, an operand memory that holds every layer's input and output, the result unit,
/// and a sequencer that runs a whole layer from a descriptor. The host loads rows, thresholds, operands and
/// descriptors and reads operands and results; it does so only while the core is not busy.
/// </summary>
/// <param name="configuration">The array and its memories.</param>
public sealed class Core(ArrayConfiguration configuration) : Module
{
    /// <summary>1 to write a row.</summary>
    public Input RowWrite { get; } = new(1);

    /// <summary>The row's group: row / lanes.</summary>
    public Input? RowGroup { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>The row's lane: row mod lanes.</summary>
    public Input RowLane { get; } = new(configuration.LaneBits);

    /// <summary>The bits of the row.</summary>
    public Input RowData { get; } = new(configuration.Columns);

    /// <summary>The row operation of the row.</summary>
    public Input RowOperation { get; } = new(2);

    /// <summary>The stored bits of the addressed row, one cycle later.</summary>
    public Output RowReadData { get; } = new(configuration.Columns);

    /// <summary>1 to write an operand word.</summary>
    public Input OperandWrite { get; } = new(1);

    /// <summary>Which operand word the host writes or reads.</summary>
    public Input OperandAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>The word that is written.</summary>
    public Input OperandData { get; } = new(configuration.Columns);

    /// <summary>The word at the address, one cycle later.</summary>
    public Output OperandReadData { get; } = new(configuration.Columns);

    /// <summary>1 to write a threshold.</summary>
    public Input ThresholdWrite { get; } = new(1);

    /// <summary>Which threshold.</summary>
    public Input ThresholdAddress { get; } = new(configuration.ThresholdAddressBits);

    /// <summary>The threshold, two's complement, and above it the direction.</summary>
    public Input ThresholdData { get; } = new(configuration.ThresholdBits + 1);

    /// <summary>1 to write a descriptor field.</summary>
    public Input DescriptorWrite { get; } = new(1);

    /// <summary>Which field.</summary>
    public Input DescriptorAddress { get; } = new(DescriptorLayout.AddressBits);

    /// <summary>Its value.</summary>
    public Input DescriptorData { get; } = new(32);

    /// <summary>1 to run the layer that the descriptor describes.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 while a layer runs.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 from the end of a layer to the start of the next.</summary>
    public Output Done { get; } = new(1);

    /// <summary>Cycles that the layer has been busy.</summary>
    public Output Cycles { get; } = new(32);

    /// <summary>Which result the host reads.</summary>
    public Input ResultAddress { get; } = new(configuration.ResultAddressBits);

    /// <summary>That result, two's complement, one cycle later.</summary>
    public Output ResultData { get; } = new(configuration.AccumulatorBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var columns = configuration.Columns;
        Instance(out var descriptor, new DescriptorRegisters(configuration));
        Instance(out var sequencer, new Sequencer(configuration));
        Instance(out var macro, new Macro(configuration));
        Instance(out var results, new ResultUnit(configuration));
        Wire(out var idle, ~sequencer.Busy);

        descriptor.Write.Drive(DescriptorWrite & idle);
        descriptor.Address.Drive(DescriptorAddress);
        descriptor.WriteData.Drive(DescriptorData);
        sequencer.Connect(descriptor);
        var control = descriptor.Fields[(int)DescriptorField.Control];
        Signal Flag(ControlBits bit) => control[System.Numerics.BitOperations.TrailingZeroCount((int)bit)];
        sequencer.Start.Drive(Start);
        sequencer.Hold.Drive(Flag(ControlBits.HoldAccumulators));
        sequencer.SignedPlanes.Drive(Flag(ControlBits.SignedPlanes));

        // Operand memory: the sequencer reads while it computes; the result unit reads what it will write over; else the host.
        Memory(out var operands, configuration.OperandWords, columns);
        Wire(out var operandReadAddress, Choose(sequencer.Fetch, sequencer.FetchAddress, Choose(idle, OperandAddress, results.WordAddress)));
        Register(out var operand, operands.Read(operandReadAddress));
        operands.Write(
            results.WordWrite | (OperandWrite & idle),
            Choose(idle, OperandAddress, results.WordAddress),
            Choose(idle, OperandData, results.WordData));
        OperandReadData.Drive(operand);

        // First stage: the operand is there, with what says which cells it meets.
        Register(out var valid, sequencer.Fetch, reset: 0);
        Register(out var withinInput, sequencer.FetchInside);
        Register(out var lastWord, sequencer.FetchLastWord);
        Register(out var plane, sequencer.FetchPlane);
        Register(out var negate, sequencer.FetchSign ^ Flag(ControlBits.Negate));
        Register(out var lane, sequencer.FetchLane);
        Wire(out var lastMask, ~Ones(columns).ShiftLeft(descriptor.Fields[(int)DescriptorField.LastWordColumns]));
        Wire(out var mask, (lastMask | ~Repeat(lastWord, columns)) & Repeat(withinInput, columns));

        if (RowGroup is { } rowGroup)
        {
            Register(out var group, sequencer.FetchGroup);
            macro.Group!.Drive(Choose(idle, rowGroup, group));
        }

        macro.Write.Drive(RowWrite & idle);
        macro.WriteLane.Drive(RowLane);
        macro.WriteData.Drive(RowData);
        macro.WriteOperation.Drive(RowOperation);
        Register(out var rowReadData, macro.Stored);
        RowReadData.Drive(rowReadData);
        macro.Valid.Drive(valid);
        macro.Operand.Drive(operand);
        macro.Mask.Drive(mask);
        macro.Plane.Drive(plane);
        macro.Negate.Drive(negate);
        macro.FirstLane.Drive(lane);
        macro.LaneCount.Drive(descriptor.Fields[(int)DescriptorField.TileFilters]);
        macro.Doubled.Drive(Flag(ControlBits.Double));
        macro.SubtractOperand.Drive(Flag(ControlBits.SubtractOperand));
        macro.SubtractMask.Drive(Flag(ControlBits.SubtractMask));
        macro.Clear.Drive(sequencer.Clear & ~Flag(ControlBits.KeepAccumulators));
        macro.ReadLane.Drive(sequencer.DrainLane);

        results.Drain.Drive(sequencer.Drain);
        results.Accumulator.Drive(macro.Accumulator);
        results.Filter.Drive(sequencer.DrainFilter);
        results.First.Drive(sequencer.DrainFirst);
        results.Last.Drive(sequencer.DrainLast);
        results.OutputEnd.Drive(sequencer.DrainEnd);
        results.ThresholdAddress.Drive(sequencer.DrainThreshold);
        results.PoolFirst.Drive(sequencer.PoolFirst);
        results.PoolLast.Drive(sequencer.PoolLast);
        results.OutputStart.Drive(sequencer.OutputStart);
        results.OutputAddress.Drive(sequencer.OutputAddress);
        results.FirstBit.Drive(descriptor.Fields[(int)DescriptorField.FirstOutputBit]);
        results.Raw.Drive(Flag(ControlBits.RawOutput));
        results.DirectionBeforePool.Drive(Flag(ControlBits.DirectionBeforePool));
        results.ThresholdWrite.Drive(ThresholdWrite & idle);
        results.ThresholdWriteAddress.Drive(ThresholdAddress);
        results.ThresholdWriteData.Drive(ThresholdData);
        results.ResultReadAddress.Drive(ResultAddress);
        results.WordOld.Drive(operand);

        ResultData.Drive(results.ResultReadData);
        Busy.Drive(sequencer.Busy);
        Done.Drive(sequencer.Done);
        Cycles.Drive(sequencer.Cycles);
    }
}
