using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

// What a host does with the array itself, beside programs: rows that are tested, filters that are compared.
public sealed partial class BusCore
{
    /// <summary>The row that a program moves; while none runs, the one that the host asks for.</summary>
    private void Row(RegisterFile registers, InstructionUnit program, Core core)
    {
        var lane = configuration.TotalLaneBits;
        var place = program.Place.Truncate(lane + (core.RowGroup is null ? 0 : configuration.GroupAddressBits));
        Wire(out var row, configuration.Storage == StorageKind.Rram ? Choose(program.Busy, place, registers.Setting("ROW_ADDRESS", "VALUE")) : place);
        core.RowGroup?.Drive(row.Bits(lane, configuration.GroupAddressBits));
        core.RowLane.Drive(row.Truncate(lane));
    }

    /// <summary>When rows are not a program's.</summary>
    private void Rows(RegisterFile registers, InstructionUnit program, Core core)
    {
        Signal? busy = null;
        if (configuration.Storage == StorageKind.Rram)
        {
            core.SelfTest!.Drive(registers.Setting("CONTROL", "SELF_TEST") & ~program.Busy);
            core.Scrub?.Drive(registers.Setting("CONTROL", "SCRUB") & ~program.Busy);
            registers.Value("STATUS", "ROWS_BUSY").Drive(core.RowBusy!);
            registers.Value("STATUS", "STORAGE_FAILED").Drive(core.StorageFailed!);
            registers.Value("ROW_STATUS", "FAILED").Drive(core.RowFailed!);
            busy = core.RowBusy!;
        }

        if (core.Similarity is { } similarity)
        {
            busy = busy is null ? similarity.Busy : busy | similarity.Busy;
        }

        program.ArrayBusy?.Drive(busy!);
        if (program.StoreReady is { } ready)
        {
            var arrayReady = busy is null ? Constant(1, 1) : ~busy;
            ready.Drive(core.KeyBusy is { } keyBusy ? arrayReady & ~keyBusy : arrayReady);
        }
    }

    /// <summary>What leaves by the output stream: what programs send, and the distances that the similarity unit reads.</summary>
    private void Results(RegisterFile registers, InstructionUnit program, Core core, StreamBuffer output)
    {
        if (core.Similarity is not { } similarity)
        {
            output.From.Drive(Concatenate(program.OutLast, program.OutData));
            output.FromValid.Drive(program.OutValid);
            program.OutReady.Drive(output.FromReady);
            return;
        }

        Signal Command(string name) => registers.Setting("SIMILARITY_COMMAND", name) & ~program.Busy;
        var value = registers.Setting("SIMILARITY_VALUE", "VALUE");
        similarity.Write.Drive(Command("WRITE_FIELD"));
        similarity.Address.Drive(registers.Setting("SIMILARITY_FIELD", "VALUE"));
        similarity.Data.Drive(value);
        similarity.Start.Drive(Command("START"));
        similarity.ValidWrite.Drive(Command("WRITE_VALID"));
        similarity.ValidAddress.Drive(registers.Setting("VALID_WORD", "VALUE"));
        similarity.ValidData.Drive(value);
        registers.Value("VALID_BITS", "VALUE").Drive(similarity.ValidReadData);
        registers.Value("STATUS", "SIMILARITY_BUSY").Drive(similarity.Busy);
        Register(out var wasDone, similarity.Done, reset: 0);
        registers.Value("INTERRUPT_PENDING", "SIMILARITY").Drive(similarity.Done & ~wasDone);
        foreach (var (name, counter) in ((string, Port)[])[("SIMILARITY_CYCLES", similarity.Cycles), ("SIMILARITY_STALLS", similarity.Stalls)])
        {
            registers.Value(name + "_LOW", "VALUE").Drive(counter.Truncate(32));
            registers.Value(name + "_HIGH", "VALUE").Drive(counter.Bits(32, 8));
        }

        // A distance of more than 32 bits takes two words, the lower one first.
        var data = similarity.DistanceData;
        Signal distance = data.Width < 32 ? data.ZeroExtend(32) : data.Truncate(32);
        Signal takes = similarity.DistanceValid & output.FromReady, last = Constant(1, 1);
        if (data.Width > 32)
        {
            Register(out var upper, 1, reset: 0);
            When(takes, () => upper.Drive(~upper));
            distance = Choose(upper, data.Bits(32, data.Width - 32).ZeroExtend(32), distance);
            last = upper;
        }

        similarity.DistanceReady.Drive(output.FromReady & last);
        output.From.Drive(Choose(similarity.Busy, Concatenate(Constant(0, 1), distance), Concatenate(program.OutLast, program.OutData)));
        output.FromValid.Drive(program.OutValid | similarity.DistanceValid);
        program.OutReady.Drive(output.FromReady & ~similarity.Busy);
    }
}
