namespace HwGen.Architecture.Configuration;

/// <summary>Whether rows are stored encrypted, and how the key is held.</summary>
public enum KeyStoreKind
{
    /// <summary>Rows are stored as they are.</summary>
    None,

    /// <summary>A key bit for each stored bit.</summary>
    Dense,

    /// <summary>A list of the (row, column) addresses whose key bit is 1.</summary>
    Sparse,
}
