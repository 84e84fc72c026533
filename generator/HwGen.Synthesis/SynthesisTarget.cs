namespace HwGen.Synthesis;

/// <summary>What a design is synthesized for.</summary>
public enum SynthesisTarget
{
    /// <summary>Standard cells of a Liberty file; of the 180 nm library that qflow brings where none is named.</summary>
    Osu018,

    /// <summary>Lattice iCE40 HX8K: placed, routed, with a bitstream.</summary>
    Ice40,

    /// <summary>Lattice ECP5, synthesis alone.</summary>
    Ecp5,

    /// <summary>Xilinx 7 series, synthesis alone.</summary>
    Xilinx,

    /// <summary>Gowin, synthesis alone.</summary>
    Gowin,

    /// <summary>Gates of no library, counted.</summary>
    Generic,
}

/// <summary>What popcounts are made of.</summary>
public enum AdderStructure
{
    /// <summary>Compressor trees for standard cells, sums for everything else.</summary>
    Automatic,

    /// <summary>Compressor trees whose full and half adders stay cells of the library, where it has them.</summary>
    Cells,

    /// <summary>Sums written with <c>+</c>, mapped as the tools please.</summary>
    Sums,
}

/// <summary>What belongs to a target.</summary>
public static class SynthesisTargets
{
    /// <summary>The names of the command line, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<SynthesisTarget>().Select(name => name.ToLowerInvariant())];

    /// <summary>Whether the target is a library of standard cells.</summary>
    public static bool IsStandardCells(this SynthesisTarget target) => target == SynthesisTarget.Osu018;

    /// <summary>Whether popcounts are compressor trees there.</summary>
    public static bool TakesAdderCells(this SynthesisTarget target, AdderStructure adders) =>
        adders == AdderStructure.Cells || adders == AdderStructure.Automatic && target.IsStandardCells();
}
