using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;
using HwGen.Tools;

namespace HwGen.Cli.Inputs;

/// <summary>The simulation engines by the names that the command line has for them.</summary>
internal static class Engines
{
    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["verilator", "icarus", "compiled"];

    /// <summary>The outside tools that an engine needs.</summary>
    public static IReadOnlyList<Tool> ToolsOf(string name) => name switch
    {
        "icarus" => [ToolCatalogue.Icarus],
        "compiled" => [],
        _ => ToolCatalogue.ForVerilator,
    };

    /// <summary>
    /// Whether an engine is given the simulation twins. Icarus reads what synthesis reads: the second opinion is on that text, its adder trees
    /// included; and Debian's version takes no SystemVerilog beside Verilog-2005.
    /// </summary>
    public static bool TakesTwins(string name) => name != "icarus";

    /// <summary>Whether an engine runs Verilog text; the others run the netlist that the text is written from.</summary>
    public static bool ReadsText(string name) => name != "compiled";

    /// <summary>Makes an engine.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="cancellationToken">Ends its builds.</param>
    public static ISimulationEngine Make(string name, CancellationToken cancellationToken) => name switch
    {
        "icarus" => new IcarusEngine { CancellationToken = cancellationToken },
        "compiled" => new CompiledEngine(),
        _ => new VerilatorEngine { CancellationToken = cancellationToken },
    };

    /// <summary>The versions of an engine's tools.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> VersionsAsync(string name, CancellationToken cancellationToken)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tool in ToolsOf(name))
            versions.Add(tool.Program, await tool.VersionAsync(cancellationToken).ConfigureAwait(false));
        return versions;
    }
}
