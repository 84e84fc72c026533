using HwGen.Architecture.Program;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Templates;

namespace HwGen.Cosimulation.Bench;

/// <summary>A folder that runs a network on the Verilog of a core with one <c>make</c> and without this program: benches for Verilator and Icarus, vectors, a Makefile.</summary>
public static class BenchFolder
{
    /// <summary>The list of files that Icarus reads: those for synthesis, with behavioural models in place of the stubs of black boxes.</summary>
    public const string IcarusList = "icarus.f";

    /// <summary>The files beside the Verilog: their paths in the folder and their texts. The Verilog lies there with the lists <c>icarus.f</c> and <c>sim.f</c>.</summary>
    /// <param name="core">The ports of the core.</param>
    /// <param name="network">The network; the golden model says what is expected.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="images">The images.</param>
    public static IReadOnlyList<(string Path, string Text)> Files(SimulationInterface core, QuantisedNetwork network, CoreProgram program, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(core);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(images);
        var clock = core.Clocks[0];
        var reset = core.Reset?.Port ?? throw new ArgumentException($"'{core.Top}' has no reset", nameof(core));
        bool Has(string port) => core.Ports.Any(p => p.Name == port);
        int High(string port) => core.Ports.First(p => p.Name == port).Width - 1;
        var ports = core.Ports.Where(p => p.Name != clock && p.Name != reset).Select(p => (p.Direction, Port: new { name = p.Name, high = p.Width - 1 })).ToList();
        var model = new
        {
            top = core.Top,
            network = network.Name,
            images = images.Count,
            clock,
            reset,
            inputs = ports.Where(p => p.Direction == PortDirection.Input).Select(p => p.Port).ToList(),
            outputs = ports.Where(p => p.Direction == PortDirection.Output).Select(p => p.Port).ToList(),
            hasRowGroup = Has("row_group"),
            hasRowBusy = Has("row_busy"),
            hasInitialAddress = Has("initial_address"),
            columnHigh = High("operand_data"),
            resultHigh = High("result_data"),
            activationHigh = High("row_activations"),
            operandWords = program.Configuration.OperandWords,
            stages = program.Stages.Select((stage, index) => new { index, name = stage.Name }).ToList(),
        };
        return
        [
            .. ((string[])["Makefile", "README.md", "bench.cpp", "bench.v"]).Select(name => (name, TextTemplates.Render($"bench/{name}.hbs", model))),
            ("vectors.txt", new BenchVectors(network, program).Of(images)),
        ];
    }
}
