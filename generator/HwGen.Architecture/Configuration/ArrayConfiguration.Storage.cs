namespace HwGen.Architecture.Configuration;

// What the cells are made of.
public sealed partial record ArrayConfiguration
{
    /// <summary>What the cells are made of.</summary>
    public StorageKind Storage { get; init; }

    /// <summary>Where the memories come from; only for <see cref="StorageKind.Memory"/>.</summary>
    public MemoryMacroKind MemoryMacro { get; init; }

    /// <summary>Rounds of pulses when the configuration names none.</summary>
    public const int DefaultSetRetries = 8;

    /// <summary>The most spare rows.</summary>
    public const int LargestSpareRows = 64;

    /// <summary>Rows that stand for rows that cannot be programmed; only for <see cref="StorageKind.Rram"/>.</summary>
    public int SpareRows { get; init; }

    /// <summary>Whether rows have a parity bit; only for <see cref="StorageKind.Rram"/>.</summary>
    public RowParityKind RowParity { get; init; }

    /// <summary>Rounds of pulses after which a row counts as bad; only for <see cref="StorageKind.Rram"/>.</summary>
    public int SetRetries { get; init; } = DefaultSetRetries;

    /// <summary>Bits of the number of a spare row.</summary>
    public int SpareBits => Bits(SpareRows - 1);

    /// <summary>Bits that are stored for a row: its cells, and its parity where there is one.</summary>
    public int StoredBits => Columns + (RowParity == RowParityKind.Even ? 1 : 0);
}
