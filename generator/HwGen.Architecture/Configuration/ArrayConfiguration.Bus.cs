namespace HwGen.Architecture.Configuration;

/// <summary>How a host reaches the core.</summary>
public enum BusKind
{
    /// <summary>By ports of its own, one for each memory: the host runs layer by layer.</summary>
    None,

    /// <summary>Registers on AXI4-Lite, data on AXI4-Stream: the core runs a program by itself.</summary>
    Axi,

    /// <summary>The same with the registers on Wishbone.</summary>
    Wishbone,
}

// The bus, and the program that a core with a bus runs by itself.
public sealed partial record ArrayConfiguration
{
    /// <summary>Words of the program memory when the configuration names none.</summary>
    public const int DefaultProgramWords = 2048;

    /// <summary>How the host reaches the core.</summary>
    public BusKind Bus { get; init; }

    /// <summary>Words of the program memory, 32 bits each; a power of two. Only for a core with a bus.</summary>
    public int ProgramWords { get; init; } = DefaultProgramWords;

    /// <summary>True when the core has a bus and runs programs by itself.</summary>
    public bool HasBus => Bus != BusKind.None;

    /// <summary>True when an instruction can give the row operation of all rows: a core with a bus and more than one row operation.</summary>
    public bool HasInstructedOperation => HasBus && RowOperations.Count > 1;

    /// <summary>Bits of an address in the program memory.</summary>
    public int ProgramAddressBits => Bits(ProgramWords - 1);

    /// <summary>Words of the streams that hold so many bits.</summary>
    public static int StreamWords(int bits) => ((bits - 1) / 32) + 1;

    /// <summary>True when a program of a core with a bus may have to wait for the array: its rows are programmed cell by cell, or a similarity unit uses them.</summary>
    public bool ArrayMayBeBusy => HasBus && (Storage == StorageKind.Rram || Similarity is not null);
}
