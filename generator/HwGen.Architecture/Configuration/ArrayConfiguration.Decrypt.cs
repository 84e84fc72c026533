namespace HwGen.Architecture.Configuration;

// Decryption of stored rows.
public sealed partial record ArrayConfiguration
{
    /// <summary>Entries of a sparse key store when the configuration names none.</summary>
    public const int DefaultKeyEntries = 16;

    /// <summary>The most entries of a sparse key store.</summary>
    public const int LargestKeyEntries = 256;

    /// <summary>How the key is held.</summary>
    public KeyStoreKind Keys { get; init; }

    /// <summary>Addresses that a sparse key store holds.</summary>
    public int KeyEntries { get; init; } = DefaultKeyEntries;

    /// <summary>Bits of a column number.</summary>
    public int ColumnBits => Bits(Columns - 1);

    /// <summary>Bits of the number of an entry of a sparse key store.</summary>
    public int KeyEntryBits => Bits(KeyEntries - 1);
}
