using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>
/// A macro with decryption beside the plain macro: the same inputs, except that a row is written as it is to one, and to the other encrypted with the key that is
/// written with it (dense), or that is there already (sparse).
/// </summary>
internal sealed class MacroPair(ArrayConfiguration configuration, bool isFaulty = false) : Module
{

    public Input RowKey { get; } = new(configuration.Columns);

    public Input Group { get; } = new(configuration.GroupAddressBits);

    public Input Write { get; } = new(1);

    public Input WriteLane { get; } = new(configuration.LaneBits);

    public Input WriteData { get; } = new(configuration.Columns);

    public Input WriteOperation { get; } = new(2);

    public Input Valid { get; } = new(1);

    public Input Operand { get; } = new(configuration.Columns);

    public Input Mask { get; } = new(configuration.Columns);

    public Input First { get; } = new(1);

    public Input Negate { get; } = new(1);

    public Input InitialData { get; } = new(configuration.AccumulatorBits + 1);

    public Input InitialWrite { get; } = new(1);

    public Input Controls { get; } = new(5);

    public Output Same { get; } = new(1);

    protected override void Build()
    {
        Instance(out var plain, new Macro(configuration with { Keys = KeyStoreKind.None }));
        Instance(out var secret, new Macro(configuration));
        Instance(out var store, configuration.Keys == KeyStoreKind.Dense ? new DenseKeyStore(configuration) : (KeyStore)new SparseKeyStore(configuration));
        foreach (var macro in (Macro[])[plain, secret])
        {
            macro.Group?.Drive(Group);
            macro.Write.Drive(Write);
            macro.WriteLane.Drive(WriteLane);
            macro.WriteData.Drive(ReferenceEquals(macro, plain) ? WriteData : WriteData ^ RowKey);
            macro.WriteOperation.Drive(WriteOperation);
            macro.Valid.Drive(Valid);
            macro.Operand.Drive(isFaulty && ReferenceEquals(macro, plain) ? Operand & ~Repeat(Operand.AllOnes(), configuration.Columns) : Operand);
            macro.Mask.Drive(Mask);
            macro.Shift.Drive(Constant(0, configuration.ShiftBits));
            macro.Negate.Drive(Negate);
            macro.First.Drive(First);
            macro.InitialAddress?.Drive(Constant(0, configuration.InitialAddressBits));
            macro.InitialWrite.Drive(InitialWrite);
            macro.InitialLane.Drive(WriteLane);
            macro.InitialData.Drive(InitialData);
            macro.SectorLane.Drive(Constant(0, configuration.LaneCountBits));
            macro.SectorLanes.Drive(Constant(configuration.Lanes, configuration.LaneCountBits));
            macro.Folds.Drive(Constant(0, Math.Max(1, configuration.LargestFolds)));
            macro.Doubled.Drive(Controls[0]);
            macro.SubtractOperand.Drive(Controls[1]);
            macro.SubtractMask.Drive(Controls[2]);
            macro.Capture.Drive(Controls[3]);
            macro.Next.Drive(Controls[4]);
            Discard(macro.Stored);
        }

        store.Group?.Drive(Group);
        store.Lane.Drive(WriteLane);
        store.Zeroize.Drive(0);
        Discard(store.Busy);
        store.Write.Drive(configuration.Keys == KeyStoreKind.Dense ? Write : Constant(0, 1));
        if (store is DenseKeyStore dense)
        {
            dense.Data.Drive(RowKey);
        }
        else if (store is SparseKeyStore sparse)
        {
            sparse.Entry.Drive(Constant(0, configuration.KeyEntryBits));
            sparse.Column.Drive(Constant(0, configuration.ColumnBits));
            sparse.Present.Drive(0);
        }

        for (var lane = 0; lane < configuration.Lanes; lane++)
        {
            secret.Keys[lane].Drive(store.Keys[lane]);
        }

        // Every output but the read-back, which gives ciphertext.
        var same = plain.Reached.EqualTo(secret.Reached) & plain.Directions.EqualTo(secret.Directions) & plain.QueueHead.EqualTo(secret.QueueHead);
        Same.Drive(same);
    }
}
