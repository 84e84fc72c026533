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

    /// <summary>What a synthesis flow reads in place of a module that it takes from elsewhere: ports without logic.</summary>
    Stub,

    /// <summary>The behaviour of such a module, for every simulator and for proofs.</summary>
    Model,
}

/// <summary>Which files a use of the text takes.</summary>
public static class SourceRoles
{
    /// <summary>True for the files that synthesis reads.</summary>
    public static bool IsForSynthesis(this SourceRole role) => role is SourceRole.Common or SourceRole.Synthesis or SourceRole.Stub;

    /// <summary>True for the files that simulation reads.</summary>
    /// <param name="role">The role of a file.</param>
    /// <param name="twins">True for simulation twins in place of the modules that have one; false for what synthesis gets of them, which is also what proofs take.</param>
    public static bool IsForSimulation(this SourceRole role, bool twins) => role is SourceRole.Common or SourceRole.Model || role == (twins ? SourceRole.Simulation : SourceRole.Synthesis);
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

    /// <summary>The name of a file for <see cref="Map"/>: <see cref="FileName"/> with <c>.map</c> behind it.</summary>
    public string MapFileName => FileName + ".map";

    /// <summary>The <see cref="Origins"/> as a text of its own, a line each: a line of the Verilog from 1, a tab, FILE:LINE of the C# source.</summary>
    public string Map => string.Concat(Origins.Select(origin => FormattableString.Invariant($"{origin.Line}\t{origin.Location}\n")));
}
