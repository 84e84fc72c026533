using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>Synthesizes Verilog with open tools, and says what comes out: area, cells, timing in the terms of the source.</summary>
public static class Synthesizer
{
    /// <summary>The tools of a target.</summary>
    public static IReadOnlyList<Tool> ToolsOf(SynthesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Target switch
        {
            SynthesisTarget.Osu018 when options.Liberty == SynthesisOptions.Osu018Liberty => [ToolCatalogue.Yosys, ToolCatalogue.OpenSta, ToolCatalogue.Qflow],
            SynthesisTarget.Osu018 => [ToolCatalogue.Yosys, ToolCatalogue.OpenSta],
            SynthesisTarget.Ice40 => [ToolCatalogue.Yosys, ToolCatalogue.NextpnrIce40, ToolCatalogue.IcePack],
            _ => [ToolCatalogue.Yosys],
        };
    }

    /// <summary>Runs a synthesis.</summary>
    /// <param name="source">The Verilog.</param>
    /// <param name="options">How.</param>
    /// <param name="folder">Where netlist, reports and logs go; it is made, and stays when a tool fails.</param>
    /// <param name="cancellationToken">Ends the tools.</param>
    /// <exception cref="InputException">The library is wrong or lacks cells.</exception>
    /// <exception cref="ToolException">A tool is missing or fails; the message has what it said and where its log is.</exception>
    public static Task<SynthesisResult> RunAsync(SynthesisSource source, SynthesisOptions options, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var run = new ToolRun(folder, options.TimeLimit);
        return options.Target.IsStandardCells()
            ? new StandardCellFlow(run, source, options).RunAsync(cancellationToken)
            : new FpgaFlow(run, source, options).RunAsync(cancellationToken);
    }
}
