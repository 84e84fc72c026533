namespace HwGen.Architecture.Configuration;

// What the cells are made of.
public sealed partial record ArrayConfiguration
{
    /// <summary>What the cells are made of.</summary>
    public StorageKind Storage { get; init; }

    /// <summary>Where the memories come from; only for <see cref="StorageKind.Memory"/>.</summary>
    public MemoryMacroKind MemoryMacro { get; init; }
}
