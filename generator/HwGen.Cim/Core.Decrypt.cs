using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

// The keys and the lock.
public sealed partial class Core
{
    /// <summary>1 to write a key of the row at RowGroup and RowLane: of the whole row, or of one column of it. Taken while neither Busy, nor KeyBusy, nor Locked is 1.</summary>
    public Input? KeyWrite { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>The key of the whole row.</summary>
    public Input? KeyData { get; } = configuration.Keys == KeyStoreKind.Dense ? new(configuration.Columns) : null;

    /// <summary>The entry of the key store that is written.</summary>
    public Input? KeyEntry { get; } = configuration.Keys == KeyStoreKind.Sparse ? new(configuration.KeyEntryBits) : null;

    /// <summary>The column whose key bit is 1.</summary>
    public Input? KeyColumn { get; } = configuration.Keys == KeyStoreKind.Sparse ? new(configuration.ColumnBits) : null;

    /// <summary>1 for an address, 0 to empty the entry.</summary>
    public Input? KeyPresent { get; } = configuration.Keys == KeyStoreKind.Sparse ? new(1) : null;

    /// <summary>1 to erase all keys, at any time: from the next cycle on every key is 0; KeyBusy is 1 until the store is overwritten.</summary>
    public Input? Zeroize { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>1 to lock, until reset: rows and keys can be neither written nor read back.</summary>
    public Input? Lock { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>1 while the keys are erased: behind a reset and behind Zeroize.</summary>
    public Output? KeyBusy { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>1 when the core is locked.</summary>
    public Output? Locked { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>Connects the key store; gives "raw access to rows is allowed", null where there is no key store.</summary>
    private Signal? Decrypt(Macro macro, Signal? group, Signal idle)
    {
        if (KeyStore.Of(configuration) is not { } store)
        {
            return null;
        }

        Instance(out var keyStore, store);
        Register(out var locked, 1, reset: 0);
        When(Lock!, () => locked.Drive(1));
        Locked!.Drive(locked);
        keyStore.Group?.Drive(group!);
        keyStore.Write.Drive(KeyWrite! & idle & ~locked);
        keyStore.Lane.Drive(RowLane);
        keyStore.Zeroize.Drive(Zeroize!);
        KeyBusy!.Drive(keyStore.Busy);
        switch (keyStore)
        {
            case DenseKeyStore dense:
                dense.Data.Drive(KeyData!);
                break;
            case SparseKeyStore sparse:
                sparse.Entry.Drive(KeyEntry!);
                sparse.Column.Drive(KeyColumn!);
                sparse.Present.Drive(KeyPresent!);
                break;
        }

        for (var lane = 0; lane < configuration.Lanes; lane++)
        {
            macro.Keys[lane].Drive(keyStore.Keys[lane]);
        }

        Wire(out var unlocked, ~locked);
        return unlocked;
    }
}
