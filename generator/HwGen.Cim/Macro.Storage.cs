using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

// Where the rows come from.
public sealed partial class Macro
{
    /// <summary>1 to test all rows and map those away that fail; none but for resistive rows.</summary>
    public Input? SelfTest { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 to check the parity of all rows; none without it.</summary>
    public Input? Scrub { get; } = configuration.RowParity == RowParityKind.Even ? new(1) : null;

    /// <summary>1 while rows are programmed or tested.</summary>
    public Output? RowBusy { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 when some row could not be repaired.</summary>
    public Output? StorageFailed { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>1 when the row that was addressed a cycle before is one of those.</summary>
    public Output? RowFailed { get; } = configuration.Storage == StorageKind.Rram ? new(1) : null;

    /// <summary>The resistive rows of all lanes; null for another storage.</summary>
    private RramArray? Resistive()
    {
        if (configuration.Storage != StorageKind.Rram)
        {
            return null;
        }

        Instance(out var resistive, new RramArray(configuration));
        resistive.Group?.Drive(Group!);
        resistive.Write.Drive(Write);
        resistive.WriteLane.Drive(WriteLane);
        resistive.WriteData.Drive(WriteData);
        resistive.WriteOperation?.Drive(WriteOperation);
        resistive.SelfTest.Drive(SelfTest!);
        resistive.Scrub?.Drive(Scrub!);
        RowBusy!.Drive(resistive.Busy);
        StorageFailed!.Drive(resistive.Failed);
        RowFailed!.Drive(resistive.RowFailed);
        return resistive;
    }

    /// <summary>The row of a lane that was addressed a cycle before, as it is stored, and its row operation.</summary>
    private (Signal Row, Signal? Operation) Row(int lane, RramArray? resistive)
    {
        if (resistive is not null)
        {
            return (resistive.Stored[lane], resistive.Operations.Count > 0 ? resistive.Operations[lane] : null);
        }

        Instance(out var rows, RowStorage.Of(configuration), index: lane);
        rows.Group?.Drive(Group!);
        rows.Write.Drive(configuration.Lanes == 1 ? Write : Write & WriteLane.EqualTo(lane));
        rows.WriteData.Drive(WriteData);
        rows.WriteOperation?.Drive(WriteOperation);
        return (rows.Stored, rows.Operation);
    }
}
