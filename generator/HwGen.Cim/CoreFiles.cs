using HwGen.Netlist.Verilog;

namespace HwGen.Cim;

/// <summary>The Verilog of a core as a folder: what files there are and what the file lists say.</summary>
/// <remarks>
/// <c>rtl/</c> holds what synthesis reads, Verilog-2005; <c>sim/</c> the behavioural twins of some of those modules, SystemVerilog, and the
/// behavioural models of those that synthesis takes from elsewhere (memory macros: <c>rtl/</c> has their stubs); <c>cells/</c> the popcounts again, as trees of adder cells for standard cell libraries.
/// <c>rtl.f</c> lists
/// the files for synthesis, <c>cells.f</c> those for synthesis to standard cells, <c>sim.f</c> those for simulation: a twin in place of the module that it stands for. Paths are relative to the folder,
/// children come before the modules that instantiate them.
/// </remarks>
public static class CoreFiles
{
    /// <summary>The list of files for synthesis.</summary>
    public const string SynthesisList = "rtl.f";

    /// <summary>The list of files for synthesis to standard cells: popcounts are trees of adder cells.</summary>
    public const string CellsList = "cells.f";

    private const string CellsFolder = "cells/";

    /// <summary>The list of files for simulation.</summary>
    public const string SimulationList = "sim.f";

    /// <summary>Every file: its path in the folder, with forward slashes, and its text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(GeneratedCore core)
    {
        ArgumentNullException.ThrowIfNull(core);
        var cells = VerilogWriter.Write(core.Design, new VerilogOptions(Popcounts: PopcountStructure.AdderCells)).Where(file => file.Role == SourceRole.Synthesis).ToList();
        return
        [
            .. core.Files.Select(file => (PathOf(file), file.Text)),
            .. cells.Select(file => (CellsFolder + file.FileName, file.Text)),
            (SynthesisList, ListOf(core, role => role.IsForSynthesis())),
            (CellsList, string.Concat(cells.Select(file => CellsFolder + file.FileName + "\n")) + ListOf(core, role => role.IsForSynthesis() && role != SourceRole.Synthesis)),
            (SimulationList, ListOf(core, role => role.IsForSimulation(twins: true))),
        ];
    }

    private static string PathOf(SourceFile file) => (file.Role is SourceRole.Simulation or SourceRole.Model ? "sim/" : "rtl/") + file.FileName;

    private static string ListOf(GeneratedCore core, Func<SourceRole, bool> isListed) =>
        string.Concat(core.Files.Where(file => isListed(file.Role)).Select(file => PathOf(file) + "\n"));
}
