namespace HwGen.Architecture.Configuration;

/// <summary>What the cells of the array are made of.</summary>
public enum StorageKind
{
    /// <summary>Flip-flops.</summary>
    FlipFlop,

    /// <summary>A memory a lane, rows / lanes words of a row each, with a registered read: block RAM or SRAM macros.</summary>
    Memory,

    /// <summary>Resistive cells (1T1R), programmed and verified, with spare rows, a self-test and repair.</summary>
    Rram,
}

/// <summary>Whether rows of <see cref="StorageKind.Rram"/> have a parity bit.</summary>
public enum RowParityKind
{
    /// <summary>They have none.</summary>
    None,

    /// <summary>A bit above the row makes the number of ones even; a scrub looks at all rows.</summary>
    Even,
}

/// <summary>Where the memories of <see cref="StorageKind.Memory"/> come from.</summary>
public enum MemoryMacroKind
{
    /// <summary>They are described so that synthesis infers them.</summary>
    Inferred,

    /// <summary>Synthesis takes them from elsewhere: they are black boxes with a stub and a behavioural model.</summary>
    External,
}
