namespace HwGen.Netlist.Verilog;

/// <summary>Which tools a file is for.</summary>
public enum SourceRole
{
    /// <summary>For synthesis and simulation alike.</summary>
    Common,

    /// <summary>For synthesis; simulation has a twin of the same module name.</summary>
    Synthesis,

    /// <summary>The behavioural twin for simulation (SystemVerilog) of a synthesis module.</summary>
    Simulation,
}

/// <summary>One emitted file: one module.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Text">The whole text, lines ended by a line feed.</param>
/// <param name="Role">Which tools it is for.</param>
public sealed record SourceFile(string Module, string Text, SourceRole Role)
{
    /// <summary>Where the lines of the text come from in the C# source, by line; lines without a known place are left out.</summary>
    public IReadOnlyList<LineOrigin> Origins { get; init; } = [];

    /// <summary>The file's name: the module's, <c>.v</c> for Verilog-2005, <c>.sv</c> for a simulation twin.</summary>
    public string FileName => Module + (Role == SourceRole.Simulation ? ".sv" : ".v");
}
