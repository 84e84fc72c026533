namespace HwGen.Netlist.Verilog;

/// <summary>Whether the text says where it comes from.</summary>
public enum SourceLocations
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A comment above each statement with the file and line of the C# source. A new line in the source then changes the text.</summary>
    Comments,
}

/// <summary>What a popcount is made of where synthesis reads it.</summary>
public enum PopcountStructure
{
    /// <summary>Sums of two smaller counts, written with <c>+</c>: synthesis chooses the adders. For FPGAs, whose carry chains are faster than cells.</summary>
    Sums,

    /// <summary>A <see cref="CompressorTree"/> of full and half adders, each a module of its own: for libraries that have adder cells.</summary>
    AdderCells,
}

/// <summary>How Verilog is written.</summary>
/// <param name="Locations">Whether the text says where it comes from. <see cref="SourceFile.Map"/> does in any case, in a file of its own.</param>
/// <param name="IsPrettified">Whether expressions are written as a person would (see <see cref="Passes.DesignPasses.Prettify"/>); without it they stand as they were built.</param>
/// <param name="Popcounts">What popcounts are made of in the files for synthesis.</param>
public sealed record VerilogOptions(
    SourceLocations Locations = SourceLocations.None, bool IsPrettified = true, PopcountStructure Popcounts = PopcountStructure.Sums);
