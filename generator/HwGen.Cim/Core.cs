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

    /// <summary>1 to write an initial value.</summary>
    public Input InitialWrite { get; } = new(1);

    /// <summary>Its address: one for each tile of filters.</summary>
    public Input? InitialAddress { get; } = configuration.InitialDepth > 1 ? new(configuration.InitialAddressBits) : null;

    /// <summary>Its lane.</summary>
    public Input InitialLane { get; } = new(configuration.LaneBits);

    /// <summary>The initial value, two's complement, and above it the direction.</summary>
    public Input InitialData { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>1 to write a threshold of values of several levels.</summary>
    public Input LevelWrite { get; } = new(1);

    /// <summary>Its address.</summary>
    public Input LevelAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>The threshold, two's complement.</summary>
    public Input LevelData { get; } = new(configuration.AccumulatorBits);

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

    /// <summary>Rows of filters that the layer has evaluated.</summary>
    public Output RowActivations { get; } = new(configuration.ActivationCounterBits);

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
        Instance(out var levels, new LevelUnit(configuration), name: "level_unit");
        Wire(out var idle, ~sequencer.Busy);

        descriptor.Write.Drive(DescriptorWrite & idle);
        descriptor.Address.Drive(DescriptorAddress);
        descriptor.WriteData.Drive(DescriptorData);
        sequencer.Connect(descriptor);
        var control = descriptor.Fields[(int)DescriptorField.Control];
        Signal Flag(ControlBits bit) => control[System.Numerics.BitOperations.TrailingZeroCount((int)bit)];
        sequencer.Start.Drive(Start);
        sequencer.Hold.Drive(Flag(ControlBits.HoldAccumulators));
        sequencer.Keep.Drive(Flag(ControlBits.KeepAccumulators));
        sequencer.Raw.Drive(Flag(ControlBits.RawOutput));
        sequencer.SignedPlanes.Drive(Flag(ControlBits.SignedPlanes));
        sequencer.SignedWeights.Drive(Flag(ControlBits.SignedWeights));
        sequencer.LevelOutput.Drive(Flag(ControlBits.LevelOutput));

        // Operand memory: the sequencer reads while it computes; the result unit and the level unit a word that they will
        // complete; else the host.
        Memory(out var operands, configuration.OperandWords, columns);
        Wire(out var levelOutput, Flag(ControlBits.LevelOutput));
        Wire(out var packedAddress, Choose(levelOutput, levels.WordAddress, results.WordAddress));
        Wire(out var operandReadAddress, Choose(sequencer.Fetch, sequencer.FetchAddress, Choose(idle, OperandAddress, packedAddress)));
        Register(out var operand, operands.Read(operandReadAddress));
        operands.Write(
            results.WordWrite | levels.WordWrite | (OperandWrite & idle),
            Choose(idle, OperandAddress, packedAddress),
            Choose(idle, OperandData, Choose(levelOutput, levels.WordData, results.WordData)));
        OperandReadData.Drive(operand);

        Array(descriptor, sequencer, macro, operand, idle, Flag);
        Results(descriptor, sequencer, macro, results, operand, Flag);
        Levels(descriptor, sequencer, macro, levels, operand, idle, Flag);
        Busy.Drive(sequencer.Busy);
        Done.Drive(sequencer.Done);
        Cycles.Drive(sequencer.Cycles);
        RowActivations.Drive(sequencer.RowActivations);
    }

    /// <summary>First stage: the operand is there, with what says which cells it meets.</summary>
    private void Array(DescriptorRegisters descriptor, Sequencer sequencer, Macro macro, Signal operand, Signal idle, Func<ControlBits, Signal> flag)
    {
        var columns = configuration.Columns;
        using var scope = Scope("operand");
        Register(out var valid, sequencer.Fetch, reset: 0);
        Register(out var withinInput, sequencer.FetchInside);
        Register(out var lastWord, sequencer.FetchLastWord);
        Register(out var shift, sequencer.FetchShift);
        Register(out var negate, sequencer.FetchSign ^ flag(ControlBits.Negate));
        Register(out var isFirst, sequencer.FetchFirst);
        Register(out var lane, sequencer.FetchLane);
        Wire(out var lastMask, ~Ones(columns).ShiftLeft(descriptor.Fields[(int)DescriptorField.LastWordColumns]));
        Wire(out var mask, (lastMask | ~Repeat(lastWord, columns)) & Repeat(withinInput, columns));

        if (RowGroup is { } rowGroup)
        {
            // A row is read while its operand is fetched: a registered read of either costs no cycle more.
            macro.Group!.Drive(Choose(idle, rowGroup, sequencer.FetchGroup));
        }

        if (InitialAddress is { } initialAddress)
        {
            // Initial values are read a stage later than rows, for the stage in which the counts are there.
            Register(out var tile, sequencer.FetchInitial);
            macro.InitialAddress!.Drive(Choose(idle, initialAddress, tile));
        }

        macro.Write.Drive(RowWrite & idle);
        macro.WriteLane.Drive(RowLane);
        macro.WriteData.Drive(RowData);
        macro.WriteOperation.Drive(RowOperation);
        RowReadData.Drive(macro.Stored);
        macro.InitialWrite.Drive(InitialWrite & idle);
        macro.InitialLane.Drive(InitialLane);
        macro.InitialData.Drive(InitialData);
        macro.Valid.Drive(valid);
        macro.Operand.Drive(operand);
        macro.Mask.Drive(mask);
        macro.Shift.Drive(shift);
        macro.Negate.Drive(negate);
        macro.First.Drive(isFirst);
        macro.SectorLane.Drive(lane);
        macro.SectorLanes.Drive(descriptor.Fields[(int)DescriptorField.SectorLanes]);
        macro.Folds.Drive(descriptor.Fields[(int)DescriptorField.Folds]);
        macro.Doubled.Drive(flag(ControlBits.Double));
        macro.SubtractOperand.Drive(flag(ControlBits.SubtractOperand));
        macro.SubtractMask.Drive(flag(ControlBits.SubtractMask));
        macro.ReadLane.Drive(sequencer.DrainLane);
    }

    /// <summary>What is known of a round when its last operand is fetched goes with it through the array: three cycles.</summary>
    private void Results(DescriptorRegisters descriptor, Sequencer sequencer, Macro macro, ResultUnit results, Signal operand, Func<ControlBits, Signal> flag)
    {
        Signal Delayed(string name, Signal value, bool reset = false)
        {
            using var scope = Scope(name);
            System.Numerics.BigInteger? zero = reset ? 0 : null;
            Register(out var fetched, value, zero);
            Register(out var counted, fetched, zero);
            Register(out var summed, counted, zero);
            return summed;
        }

        results.Round.Drive(Delayed("round", sequencer.RoundEnd, reset: true));
        results.Filters.Drive(Delayed("filters", sequencer.RoundFilters));
        results.PoolFirst.Drive(Delayed("pool_first", sequencer.PoolFirst));
        results.PoolLast.Drive(Delayed("pool_last", sequencer.PoolLast));
        results.TileLast.Drive(Delayed("tile_last", sequencer.TileLast));
        results.Reached.Drive(macro.Reached);
        results.Directions.Drive(macro.Directions);
        results.DirectionBeforePool.Drive(flag(ControlBits.DirectionBeforePool));
        results.Start.Drive(sequencer.Starting);
        results.OutputBase.Drive(descriptor.Fields[(int)DescriptorField.OutputBase]);
        results.OutputStep.Drive(descriptor.Fields[(int)DescriptorField.OutputStep]);
        results.FirstBit.Drive(descriptor.Fields[(int)DescriptorField.FirstOutputBit]);
        results.Preload.Drive(sequencer.Preload);
        results.WordOld.Drive(operand);
        results.Drain.Drive(sequencer.Drain & flag(ControlBits.RawOutput));
        results.DrainLast.Drive(sequencer.DrainLast);
        results.Accumulator.Drive(macro.Accumulator);
        results.ResultReadAddress.Drive(ResultAddress);
        ResultData.Drive(results.ResultReadData);
    }

    /// <summary>Values of several levels: the drained accumulators meet their thresholds, one a cycle.</summary>
    private void Levels(
        DescriptorRegisters descriptor, Sequencer sequencer, Macro macro, LevelUnit levels, Signal operand, Signal idle, Func<ControlBits, Signal> flag)
    {
        levels.Connect(descriptor);
        levels.Start.Drive(sequencer.Starting);
        levels.Drain.Drive(sequencer.Drain & flag(ControlBits.LevelOutput));
        levels.FilterFirst.Drive(sequencer.DrainFilterFirst);
        levels.FilterLast.Drive(sequencer.DrainFilterLast);
        levels.OutputLast.Drive(sequencer.DrainLast);
        levels.Filter.Drive(sequencer.DrainLane);
        levels.PoolFirst.Drive(sequencer.DrainPoolFirst);
        levels.PoolLast.Drive(sequencer.DrainPoolLast);
        levels.DirectionBeforePool.Drive(flag(ControlBits.DirectionBeforePool));
        levels.Threshold.Drive(sequencer.DrainLevel);
        levels.Accumulator.Drive(macro.Accumulator);
        levels.Direction.Drive(macro.ReadDirection);
        levels.ThresholdWrite.Drive(LevelWrite & idle);
        levels.ThresholdAddress.Drive(LevelAddress);
        levels.ThresholdData.Drive(LevelData);
        levels.WordOld.Drive(operand);
    }
}
