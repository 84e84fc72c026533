using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// A core that runs by itself: registers on a bus, a stream for what comes in (programs, weights, inputs) and one for what goes out (results), a program memory
/// and the unit that runs what is in it.
/// </summary>
/// <param name="configuration">The core; with a bus.</param>
public sealed partial class BusCore(ArrayConfiguration configuration) : Module
{
    /// <summary>The clock and reset of a core with a bus, as AXI names them.</summary>
    public static ClockDomain Clock { get; } = new("aclk", "aresetn");

    /// <summary>Registers on AXI4-Lite; none on another bus.</summary>
    public AxiLite? Registers { get; } = configuration.Bus == BusKind.Axi ? new(BundleSide.Sink, "s_axil") : null;

    /// <summary>Registers on Wishbone; none on another bus.</summary>
    public Wishbone? RegistersOfWishbone { get; } = configuration.Bus == BusKind.Wishbone ? new(BundleSide.Sink, "s_wb") : null;

    /// <summary>Programs, weights and inputs.</summary>
    public AxiStream From { get; } = new(BundleSide.Sink, hasLast: false, "s_axis");

    /// <summary>Results; TLAST with the last word of a send.</summary>
    public AxiStream To { get; } = new(BundleSide.Source, hasLast: true, "m_axis");

    /// <summary>1 while an enabled event is pending.</summary>
    public Output InterruptRequest { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        Instance(out var registers, new RegisterFile(RegisterMap.Of(configuration)));
        Host(registers);
        Instance(out var input, new StreamBuffer(32, canClear: true), name: "input_buffer");
        Instance(out var output, new StreamBuffer(33), name: "output_buffer");
        Instance(out var program, new InstructionUnit(configuration), name: "program_unit");
        Instance(out var core, new Core(configuration), name: "core");

        input.From.Drive(From.Data);
        input.FromValid.Drive(From.Valid);
        From.Ready.Drive(input.FromReady);
        input.ToReady.Drive(program.InReady);
        input.Clear!.Drive(program.InClear);
        program.InData.Drive(input.To);
        program.InValid.Drive(input.ToValid);
        output.ToReady.Drive(To.Ready);
        program.OutEmpty.Drive(~output.ToValid);
        To.Data.Drive(output.To.Truncate(32));
        To.Last!.Drive(output.To[32]);
        To.Valid.Drive(output.ToValid);

        Control(registers, program);
        Status(registers, program);
        Array(registers, program, core);
        Keys(registers, program, core);
        Rows(registers, program, core);
        Results(registers, program, core, output);
    }

    private void Host(RegisterFile registers)
    {
        if (Registers is { } axi)
        {
            Instance(out var axiSlave, new AxiLiteSlave(), name: "slave");
            Connect(axiSlave.Host, axi);
            Connect(axiSlave.Registers, registers.Host);
        }
        else
        {
            Instance(out var wishboneSlave, new WishboneSlave(), name: "slave");
            Connect(wishboneSlave.Host, RegistersOfWishbone!);
            Connect(wishboneSlave.Registers, registers.Host);
        }
    }

    private static void Control(RegisterFile registers, InstructionUnit program)
    {
        program.Start.Drive(registers.Setting("CONTROL", "START"));
        program.Load.Drive(registers.Setting("CONTROL", "LOAD"));
        program.Abort.Drive(registers.Setting("CONTROL", "ABORT"));
        program.ProgramAddress.Drive(registers.Setting("PROGRAM_ADDRESS", "VALUE"));
        program.ProgramWords.Drive(registers.Setting("PROGRAM_WORDS", "VALUE"));
        program.RunLimit.Drive(registers.Setting("RUN_LIMIT", "VALUE"));
    }

    private void Status(RegisterFile registers, InstructionUnit program)
    {
        registers.Value("STATUS", "BUSY").Drive(program.Busy);
        registers.Value("STATUS", "DONE").Drive(program.Done);
        registers.Value("STATUS", "ERROR").Drive(program.Failed);
        registers.Value("STATUS", "ABORTED").Drive(program.Aborted);
        registers.Value("STATUS", "WAITS_FOR_INPUT").Drive(program.WaitsForInput);
        registers.Value("STATUS", "WAITS_FOR_OUTPUT").Drive(program.WaitsForOutput);
        registers.Value("ERROR", "CODE").Drive(program.Error);
        registers.Value("PROGRAM_COUNTER", "VALUE").Drive(program.ProgramCounter);
        foreach (var (name, counter) in ((string, Output)[])
            [
                ("PROGRAM_CYCLES", program.ProgramCycles), ("LAYER_CYCLES", program.LayerCycles), ("ROW_ACTIVATIONS", program.RowActivations),
                ("INPUT_STALLS", program.InputStalls), ("OUTPUT_STALLS", program.OutputStalls),
                .. program.ArrayStalls is { } arrayStalls ? ((string, Output)[])[("ARRAY_STALLS", arrayStalls)] : [],
                .. program.SkippedOperands is { } skippedOperands ? ((string, Output)[])[("SKIPPED_OPERANDS", skippedOperands)] : [],
            ])
        {
            registers.Value(name + "_LOW", "VALUE").Drive(counter.Truncate(32));
            registers.Value(name + "_HIGH", "VALUE").Drive(counter.Bits(32, 32));
        }

        registers.Value("INTERRUPT_PENDING", "DONE").Drive(program.DoneEvent);
        registers.Value("INTERRUPT_PENDING", "ERROR").Drive(program.ErrorEvent);
        InterruptRequest.Drive(
            ((string[])["DONE", "ERROR", .. configuration.Similarity is null ? [] : (string[])["SIMILARITY"]])
                .Select(e => registers.Setting("INTERRUPT_ENABLE", e) & registers.Setting("INTERRUPT_PENDING", e)).Aggregate((left, right) => left | right));
    }

    private void Array(RegisterFile registers, InstructionUnit program, Core core)
    {
        var (place, item, lane) = (program.Place, program.Item, configuration.TotalLaneBits);
        core.Abort!.Drive(program.StopArray);
        core.Instructed?.Drive(program.Instructed!);
        core.Instruction?.Drive(program.RowOperation!);
        core.RowWrite.Drive(program.StoreRow);
        Row(registers, program, core);
        core.RowData.Drive(item.Truncate(configuration.Columns));
        core.RowOperation.Drive(place.Bits(30, 2));
        core.OperandWrite.Drive(program.StoreOperand);
        core.OperandAddress.Drive(place.Truncate(configuration.OperandAddressBits));
        core.OperandData.Drive(item.Truncate(configuration.Columns));
        core.InitialWrite.Drive(program.StoreInitial);
        core.InitialAddress?.Drive(place.Bits(lane, configuration.InitialAddressBits));
        core.InitialLane.Drive(place.Truncate(lane));
        core.InitialData.Drive(item.Truncate(configuration.AccumulatorBits + 1));
        core.LevelWrite.Drive(program.StoreLevel);
        core.LevelAddress.Drive(place.Truncate(configuration.LevelAddressBits));
        core.LevelData.Drive(item.Truncate(configuration.LevelBits));
        core.ResultAddress.Drive(place.Truncate(configuration.ResultAddressBits));
        core.DescriptorWrite.Drive(program.DescriptorWrite);
        core.DescriptorAddress.Drive(program.DescriptorAddress);
        core.DescriptorData.Drive(program.DescriptorData);
        core.Start.Drive(program.LayerStart);
        program.LayerBusy.Drive(core.Busy);
        program.LayerTime.Drive(core.Cycles);
        program.LayerActivations.Drive(core.RowActivations);
        program.LayerSkips?.Drive(core.SkippedOperands!);
        program.LayerOutside.Drive(core.LayerOutside!);
        program.DescriptorLegal.Drive(core.DescriptorLegal!);
        program.RowData.Drive(core.RowReadData);
        program.OperandData.Drive(core.OperandReadData);
        program.ResultData.Drive(core.ResultData);
        Discard(core.Done);
        var used = new[] { configuration.Columns, configuration.AccumulatorBits + 1, configuration.LevelBits }.Max();
        if (used < item.Width)
        {
            Discard(item.Bits(used, item.Width - used));
        }

        Discard(place);
    }

    private void Keys(RegisterFile registers, InstructionUnit program, Core core)
    {
        if (configuration.Keys == KeyStoreKind.None)
        {
            return;
        }

        core.KeyWrite!.Drive(program.StoreKey!);
        core.KeyData?.Drive(program.Item.Truncate(configuration.Columns));
        core.KeyColumn?.Drive(program.Item.Truncate(configuration.ColumnBits));
        core.KeyEntry?.Drive(program.Item.Bits(16, configuration.KeyEntryBits));
        core.KeyPresent?.Drive(program.Item[31]);
        core.Zeroize!.Drive(registers.Setting("CONTROL", "ZEROIZE"));
        core.Lock!.Drive(registers.Setting("CONTROL", "LOCK"));
        registers.Value("STATUS", "KEYS_BUSY").Drive(core.KeyBusy!);
        registers.Value("STATUS", "LOCKED").Drive(core.Locked!);
        program.Locked!.Drive(core.Locked!);
    }
}
