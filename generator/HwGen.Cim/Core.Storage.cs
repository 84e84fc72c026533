using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

// What the host sees of resistive rows.
public sealed partial class Core
{
    /// <summary>1 to test all rows and map those away that fail; their contents are lost. Taken while neither Busy nor RowBusy is 1, nor the core is locked.</summary>
    public Input? SelfTest { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 to check the parity of all rows. Taken while neither Busy nor RowBusy is 1.</summary>
    public Input? Scrub { get; } = configuration.RowParity == RowParityKind.Even ? new(1) : null;

    /// <summary>1 while a row is programmed, or rows are tested: rows are neither written nor read then, and no layer starts.</summary>
    public Output? RowBusy { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 since a row could not be repaired at a write, a self-test or a scrub, until the next self-test or a reset.</summary>
    public Output? StorageFailed { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 when the row at RowGroup and RowLane of the cycle before is one of those.</summary>
    public Output? RowFailed { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 while rows are programmed or tested; null where a row is written in a cycle.</summary>
    private Signal? RowsAreBusy(Macro[] macros)
    {
        if (RowBusy is null)
        {
            return null;
        }

        Wire(out var rowsAreBusy, AnyOf([.. macros.Select(macro => macro.RowBusy!)]));
        return rowsAreBusy;
    }

    /// <summary>1 when neither a layer nor the similarity unit may start: rows are busy, or will be, because a command for them comes in the same cycle.</summary>
    private Signal Waits(Signal rowsAreBusy) => Scrub is null ? rowsAreBusy | RowWrite | SelfTest! : rowsAreBusy | RowWrite | SelfTest! | Scrub;

    /// <summary>Connects the commands and the status of the rows.</summary>
    private void Storage(Macro[] macros, Signal? rowsAreBusy, Signal idle, Signal? unlocked)
    {
        var free = rowsAreBusy is null ? idle : idle & ~rowsAreBusy;
        var allowed = unlocked is null ? free : free & unlocked;
        for (var i = 0; i < macros.Length; i++)
        {
            macros[i].Write.Drive(macros.Length == 1 ? RowWrite & allowed : RowWrite & allowed & LaneOfRow(i).Is);
            macros[i].SelfTest?.Drive(SelfTest! & allowed);
            macros[i].Scrub?.Drive(Scrub! & free);
        }

        if (rowsAreBusy is null)
        {
            return;
        }

        RowBusy!.Drive(rowsAreBusy);
        StorageFailed!.Drive(AnyOf([.. macros.Select(macro => macro.StorageFailed!)]));
        RowFailed!.Drive(OfMeantMacro([.. macros.Select(macro => macro.RowFailed!)]));
    }

    private static Signal AnyOf(IEnumerable<Signal> bits) => bits.Aggregate((left, right) => left | right);
}
