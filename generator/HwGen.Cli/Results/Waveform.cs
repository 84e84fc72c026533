using HwGen.Architecture.Program;
using HwGen.Cosimulation;
using HwGen.Networks;
using HwGen.Simulation;

namespace HwGen.Cli.Results;

/// <summary>The waveform of one image, as a value change dump.</summary>
internal static class Waveform
{
    /// <summary>Runs the first image once more on a build with tracing and writes what every signal did.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="source">The design.</param>
    /// <param name="network">The network.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="images">The images, of which the first is run.</param>
    /// <param name="path">The file.</param>
    /// <param name="seed">The power-up values of the run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static void Write(
        ISimulationEngine engine, SimulationSource source, QuantisedNetwork network, CoreProgram program, ImageSet images, string path, int seed, CancellationToken cancellationToken)
    {
        using var simulator = engine.Start(source, new SimulationOptions { Seed = seed, Tracing = true });
        var run = new NetworkCosimulation(network, program, simulator);
        simulator.StartTrace(path);
        run.Run(images.First(1), cancellationToken);
        simulator.StopTrace();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
