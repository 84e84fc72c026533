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
/// <param name="parameters">What tells the core from another in the same design; null for none.</param>
public sealed partial class Core(ArrayConfiguration configuration, string? parameters = null) : Module(parameters)
{
    /// <summary>1 to write a row.</summary>
    public Input RowWrite { get; } = new(1);

    /// <summary>The row's group: row / lanes.</summary>
    public Input? RowGroup { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>The row's lane: row mod lanes; behind the lanes of one macro come those of the next.</summary>
    public Input RowLane { get; } = new(configuration.TotalLaneBits);

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
    public Input InitialLane { get; } = new(configuration.TotalLaneBits);

    /// <summary>The initial value, two's complement, and above it the direction.</summary>
    public Input InitialData { get; } = new(configuration.AccumulatorBits + 1);

    /// <summary>1 to write a word of the level memory.</summary>
    public Input LevelWrite { get; } = new(1);

    /// <summary>Its address.</summary>
    public Input LevelAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>A threshold or a multiplier, two's complement, and above it the shift.</summary>
    public Input LevelData { get; } = new(configuration.LevelBits);

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

    /// <summary>Operands that the layer has skipped; none in a core that skips no operands.</summary>
    public Output? SkippedOperands { get; } = configuration.OperandSkipping ? new(configuration.SkippedCounterBits) : null;

    /// <summary>Which result the host reads.</summary>
    public Input ResultAddress { get; } = new(configuration.ResultAddressBits);

    /// <summary>That result, two's complement, one cycle later.</summary>
    public Output ResultData { get; } = new(configuration.AccumulatorBits);

    /// <summary>The host's ports of the similarity unit; none without it.</summary>
    public SimilarityHost? Similarity { get; } = configuration.Similarity is null ? null : new(configuration);

    /// <inheritdoc/>
    protected override void Build()
    {
        var columns = configuration.Columns;
        var measure = MeasuringUnit();
        Instance(out var descriptor, new DescriptorRegisters(configuration));
        Instance(out var sequencer, new Sequencer(configuration));
        var macros = Macros();
        Instance(out var results, new ResultUnit(configuration));
        Instance(out var drain, new DrainUnit(configuration));
        Instance(out var values, new ValueUnit(configuration));
        Instance(out var memory, new ResultMemory(configuration));
        Instance(out var packer, new PlanePacker(configuration));
        Wire(out var idle, Idle(sequencer, measure));
        var rowsAreBusy = RowsAreBusy(macros);
        Signal layerStart = rowsAreBusy is null ? Start : Start & ~Waits(rowsAreBusy);
        measure?.Connect(rowsAreBusy is null ? sequencer.Busy | Start : sequencer.Busy | Start | Waits(rowsAreBusy), macros[0]);

        descriptor.Write.Drive(DescriptorWrite & idle);
        descriptor.Address.Drive(DescriptorAddress);
        descriptor.WriteData.Drive(DescriptorData);
        sequencer.Connect(descriptor);
        var control = descriptor.Fields[(int)DescriptorField.Control];
        Signal Flag(ControlBits bit) => control[System.Numerics.BitOperations.TrailingZeroCount((int)bit)];
        sequencer.Start.Drive(measure is null ? layerStart : layerStart & ~measure.Measures);
        sequencer.Hold.Drive(Flag(ControlBits.HoldAccumulators));
        sequencer.Keep.Drive(Flag(ControlBits.KeepAccumulators));
        sequencer.RepeatRows.Drive(Flag(ControlBits.RepeatRows));
        sequencer.SignedPlanes.Drive(Flag(ControlBits.SignedPlanes));
        sequencer.SignedWeights.Drive(Flag(ControlBits.SignedWeights));
        if (configuration.MultiplierBits == 0)
        {
            Discard(Flag(ControlBits.Requantise));
        }

        if (configuration.WeightBits == 1)
        {
            Discard(Flag(ControlBits.SignedJoin));
            Discard(descriptor.Fields[(int)DescriptorField.JoinedPlanes]);
        }

        if (!configuration.JoinsAtOnce)
        {
            Discard(Flag(ControlBits.JoinAtOnce));
        }

        if (configuration.PacksWindows && !configuration.OperandSkipping)
        {
            Discard(Flag(ControlBits.SkipZeroOperands));
        }

        if (!configuration.SearchesLevels)
        {
            Discard(Flag(ControlBits.SearchLevels));
        }

        // Operand memory: the sequencer reads while it computes; the result unit and the packer a word that they will
        // complete; else the host.
        Memory(out var operands, configuration.OperandWords, columns);
        Wire(out var valueOutput, Flag(ControlBits.ValueOutput) | Flag(ControlBits.RawOutput));
        Wire(out var packedAddress, Choose(valueOutput, packer.WordAddress, results.WordAddress));
        var gather = Gather(descriptor, sequencer, Flag);
        var plainAddress = Choose(sequencer.Fetch, sequencer.FetchAddress, Choose(idle, OperandAddress, packedAddress));
        Wire(out var operandReadAddress, gather is null ? plainAddress : Choose(gather.Read, gather.Address, plainAddress));
        Register(out var operand, operands.Read(operandReadAddress));
        operands.Write(
            results.WordWrite | packer.WordWrite | (OperandWrite & idle),
            Choose(idle, OperandAddress, packedAddress),
            Choose(idle, OperandData, Choose(valueOutput, packer.WordData, results.WordData)));
        OperandReadData.Drive(operand);

        Signal? group = null;
        if (RowGroup is { } rowGroup)
        {
            // A row is read while its operand is fetched: a registered read of either costs no cycle more.
            var layerGroup = Choose(idle, rowGroup, sequencer.FetchGroup);
            Wire(out var nextGroup, measure is null ? layerGroup : Choose(measure.Measures, measure.Array.Group, layerGroup));
            foreach (var macro in macros)
            {
                macro.Group!.Drive(nextGroup);
            }

            group = nextGroup;
        }
        else
        {
            Discard(sequencer.FetchGroup);
            if (measure is not null)
            {
                Discard(measure.Array.Group);
            }
        }

        var unlocked = Decrypt(macros[0], group, idle);
        Storage(macros, rowsAreBusy, idle, unlocked);
        Array(descriptor, sequencer, macros, Windows(descriptor, sequencer, gather, operand, Flag), idle, unlocked, Flag, measure);
        var queueHead = Rounds(descriptor, sequencer, macros, results, drain, valueOutput, operand, Flag);
        Values(descriptor, queueHead, drain, values, idle, Flag);
        Sinks(descriptor, sequencer, drain, values, memory, packer, operand, idle, Flag);
        GivenOperation(macros, measure);
        ByInstruction(descriptor, sequencer, macros, results, drain);
        Busy.Drive(sequencer.Busy);
        Done.Drive(sequencer.Done);
        Cycles.Drive(sequencer.Cycles);
        RowActivations.Drive(sequencer.RowActivations);
        SkippedOperands?.Drive(sequencer.SkippedOperands!);
    }

    /// <summary>First stage: the operand is there, with what says which cells it meets.</summary>
    private void Array(
        DescriptorRegisters descriptor, Sequencer sequencer, Macro[] macros, Signal operand, Signal idle, Signal? unlocked, Func<ControlBits, Signal> flag, Measurement? measure)
    {
        Signal Plain(Signal layer) => measure is null ? layer : layer & ~measure.Measures;
        Signal Measured(Func<SimilarityArray, Port> port, Signal layer) => measure is null ? layer : Choose(measure.Measures, port(measure.Array), layer);
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

        if (sequencer.CountsNothing is { } countsNothing)
        {
            countsNothing.Drive(~withinInput | (flag(ControlBits.SkipZeroOperands) & ~(operand & mask).AnyOne()));
        }

        Signal? roundInitial = null;
        if (InitialAddress is not null)
        {
            // Initial values are read a stage later than rows, for the stage in which the counts are there.
            Register(out var tile, sequencer.FetchInitial);
            roundInitial = tile;
        }
        else
        {
            Discard(sequencer.FetchInitial);
        }

        using var unscoped = Scope("initial");
        for (var i = 0; i < macros.Length; i++)
        {
            var macro = macros[i];
            var (rowLane, _) = LaneOfRow(i);
            var (initialLane, isInitial) = LaneOf(InitialLane, i);
            if (InitialAddress is { } initialAddress)
            {
                macro.InitialAddress!.Drive(Choose(idle, initialAddress, roundInitial!));
            }

            macro.WriteLane.Drive(Measured(a => a.RowLane, rowLane));
            macro.WriteData.Drive(RowData);
            macro.WriteOperation.Drive(RowOperation);
            macro.InitialWrite.Drive(configuration.Macros == 1 ? InitialWrite & idle : InitialWrite & idle & isInitial);
            macro.InitialLane.Drive(initialLane);
            macro.InitialData.Drive(InitialData);
            macro.Valid.Drive(Measured(a => a.Evaluate, valid));
            macro.Operand.Drive(Measured(a => a.Operand, operand));
            macro.Mask.Drive(Measured(a => a.Mask, mask));
            macro.Shift.Drive(Measured(a => a.Shift, shift));
            macro.Negate.Drive(Measured(a => a.Negate, negate));
            macro.First.Drive(Measured(a => a.First, isFirst));
            macro.SectorLane.Drive(Measured(a => a.SectorLane, lane));
            macro.SectorLanes.Drive(Measured(a => a.SectorLanes, descriptor.Fields[(int)DescriptorField.SectorLanes]));
            macro.Folds.Drive(Measured(a => a.Folds, descriptor.Fields[(int)DescriptorField.Folds]));
            macro.Doubled.Drive(Plain(flag(ControlBits.Double)));
            macro.SubtractOperand.Drive(Plain(flag(ControlBits.SubtractOperand)));
            macro.SubtractMask.Drive(Plain(flag(ControlBits.SubtractMask)));
        }

        var stored = OfMeantMacro([.. macros.Select(macro => macro.Stored)]);
        RowReadData.Drive(unlocked is null ? stored : stored & Repeat(unlocked, columns));
    }

    /// <summary>What is known of a round when its last operand is fetched goes with it through the array: three cycles.</summary>
    private Signal Rounds(
        DescriptorRegisters descriptor, Sequencer sequencer, Macro[] macros, ResultUnit results, DrainUnit drain, Signal valueOutput, Signal operand, Func<ControlBits, Signal> flag)
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

        Wire(out var round, Delayed("round", sequencer.RoundEnd, reset: true));
        Wire(out var filters, Delayed("filters", sequencer.RoundFilters));
        Wire(out var poolFirst, Delayed("pool_first", sequencer.PoolFirst));
        Wire(out var poolLast, Delayed("pool_last", sequencer.PoolLast));
        Wire(out var tileLast, Delayed("tile_last", sequencer.TileLast));
        results.Round.Drive(round & ~valueOutput);
        results.Filters.Drive(filters);
        results.PoolFirst.Drive(poolFirst);
        results.PoolLast.Drive(poolLast);
        results.TileLast.Drive(tileLast);
        Wire(out var captures, round & valueOutput);
        var (queueHead, reached, directions) = Join(macros, captures, drain.Next, drain.NextFilter);
        results.Reached.Drive(reached);
        results.Directions.Drive(directions);
        results.DirectionBeforePool.Drive(flag(ControlBits.DirectionBeforePool));
        results.Start.Drive(sequencer.Starting);
        var outputBase = descriptor.Fields[(int)DescriptorField.OutputBase];
        var outputStep = descriptor.Fields[(int)DescriptorField.OutputStep];
        results.OutputBase.Drive(outputBase.Truncate(configuration.OperandAddressBits));
        results.OutputStep.Drive(outputStep.Truncate(configuration.OperandAddressBits));
        results.FirstBit.Drive(descriptor.Fields[(int)DescriptorField.FirstOutputBit]);
        results.Preload.Drive(sequencer.Preload & ~valueOutput);
        results.WordOld.Drive(operand);

        drain.Connect(descriptor);
        drain.Start.Drive(sequencer.Starting);
        drain.FillsWords.Drive(~flag(ControlBits.RawOutput) & ~flag(ControlBits.Argmax));
        drain.SearchLevels?.Drive(flag(ControlBits.SearchLevels));
        drain.Unpooled.Drive(flag(ControlBits.Unpooled));
        drain.Round.Drive(captures);
        drain.Filters.Drive(filters);
        drain.Level.Drive(Delayed("level", sequencer.RoundLevel));
        drain.PoolFirst.Drive(poolFirst);
        drain.PoolLast.Drive(poolLast);
        drain.TileLast.Drive(tileLast);
        drain.LayerLast.Drive(Delayed("layer_last", sequencer.LayerLast));
        drain.WithinInput.Drive(Delayed("within_input", sequencer.RoundInside));
        if (drain.JoinAtOnce is null)
        {
            return queueHead;
        }

        drain.JoinAtOnce.Drive(flag(ControlBits.JoinAtOnce));
        return Choose(flag(ControlBits.JoinAtOnce), AllPlanes(macros, flag(ControlBits.SignedJoin)), queueHead);
    }

    /// <summary>Sums become values.</summary>
    private void Values(DescriptorRegisters descriptor, Signal queueHead, DrainUnit drain, ValueUnit values, Signal idle, Func<ControlBits, Signal> flag)
    {
        values.Connect(descriptor);
        values.Drain.Drive(drain.Valid);
        values.Sum.Drive(queueHead);
        values.LevelAddress.Drive(drain.LevelAddress);
        values.FilterFirst.Drive(drain.FilterFirst);
        values.FilterLast.Drive(drain.FilterLast);
        values.Filter.Drive(drain.Filter);
        values.PoolFirst.Drive(drain.ValuePoolFirst);
        values.PoolLast.Drive(drain.ValuePoolLast);
        values.WithinInput.Drive(drain.ValueInside);
        values.OutputLast.Drive(drain.OutputLast);
        values.ValuesLast.Drive(drain.ValuesLast);
        values.Place.Drive(drain.Place);
        values.Completes.Drive(drain.Completes);
        values.AddSums.Drive(flag(ControlBits.AddSums));
        values.Relu.Drive(flag(ControlBits.Relu));
        values.LevelOutput.Drive(flag(ControlBits.LevelOutput));
        values.Joins?.Drive(drain.Joins!);
        values.JoinFirst?.Drive(drain.JoinFirst!);
        values.SignedJoin?.Drive(flag(ControlBits.SignedJoin));
        values.SearchLevels?.Drive(flag(ControlBits.SearchLevels));
        values.Requantise?.Drive(flag(ControlBits.Requantise));
        values.Saturate.Drive(flag(ControlBits.Saturate));
        values.SkipOutside.Drive(flag(ControlBits.SkipOutside));
        values.DirectionBeforePool.Drive(flag(ControlBits.DirectionBeforePool));
        values.LevelWrite.Drive(LevelWrite & idle);
        values.LevelWriteAddress.Drive(LevelAddress);
        values.LevelData.Drive(LevelData);
    }

    /// <summary>Values go to the result memory, or in bit-planes to the operand memory.</summary>
    private void Sinks(
        DescriptorRegisters descriptor, Sequencer sequencer, DrainUnit drain, ValueUnit values, ResultMemory memory, PlanePacker packer, Signal operand, Signal idle, Func<ControlBits, Signal> flag)
    {
        memory.Connect(descriptor);
        memory.Start.Drive(sequencer.Starting);
        memory.Valid.Drive(values.Valid);
        memory.Value.Drive(values.Value);
        memory.OutputLast.Drive(values.ValueOutputLast);
        memory.ValueLast.Drive(values.ValueLast);
        memory.Write.Drive(flag(ControlBits.RawOutput));
        memory.Argmax.Drive(flag(ControlBits.Argmax));
        memory.KeepGreatest.Drive(flag(ControlBits.KeepGreatest));
        memory.HoldGreatest.Drive(flag(ControlBits.HoldGreatest));
        memory.ReadAddress.Drive(Choose(idle, ResultAddress, drain.SumAddress));
        values.PartialSum.Drive(memory.ReadData);
        ResultData.Drive(memory.ReadData);

        packer.Connect(descriptor);
        packer.Start.Drive(sequencer.Starting);
        packer.Valid.Drive(memory.OutValid);
        packer.Value.Drive(memory.OutValue.Truncate(configuration.InputBits));
        packer.Place.Drive(values.ValuePlace);
        packer.Completes.Drive(values.ValueCompletes | flag(ControlBits.Argmax));
        packer.OutputLast.Drive(values.ValueOutputLast);
        packer.Preload.Drive(sequencer.PreloadWindow & flag(ControlBits.ValueOutput));
        packer.WordOld.Drive(operand);
        if (configuration.AccumulatorBits > configuration.InputBits)
        {
            Discard(memory.OutValue.Bits(configuration.InputBits, configuration.AccumulatorBits - configuration.InputBits));
        }
    }
}
