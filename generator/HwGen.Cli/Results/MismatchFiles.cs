using System.Globalization;
using HwGen.Architecture.Program;
using HwGen.Cosimulation;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>The waveform around the first thing that differs in the hardware.</summary>
internal static class MismatchFiles
{
    private const string Dump = "mismatch.vcd";
    private const string Text = "mismatch.txt";
    private const int TextCycles = 40;

    /// <summary>Runs the image once more on a build with tracing, and writes the cycles around: all signals as a dump, those of the core's top module as text.</summary>
    /// <returns>A line about the files; null when nothing differs.</returns>
    public static string? Write(
        ISimulationEngine engine, SimulationSource source, QuantisedNetwork network, CoreProgram program, ImageSet images, CosimulationReport report, int seed, OutputFolder output)
    {
        // The window is found by the ports of a core without a bus.
        if (program.Configuration.HasBus)
            return null;
        if (MismatchWindow.Of(report, program, network, images) is not { } window)
            return null;
        var path = output.PathOf(Dump);
        using (var simulator = engine.Start(source, new SimulationOptions { Seed = seed, Tracing = true }))
            window.Trace(network, program, images.Image(window.Image), simulator, path);
        var what = report.FirstMismatches is [var value, ..] ? value.ToString() : report.CounterMismatches[0].ToString();
        var drawn = File.Exists(path) ? DumpText.Draw(ValueChangeDump.Read(path), source.Interface.Top, source.Interface.Clocks[0], TextCycles) : "";
        File.WriteAllText(output.PathOf(Text), string.Create(CultureInfo.InvariantCulture,
            $"""
            {what}
            stage {program.Stages[window.Stage].Name}, pass {window.Pass}: {Dump} has cycles {window.FirstCycle:N0} to {window.FirstCycle + window.Cycles - 1:N0} of the pass; here are the last of them

            """) + "\n" + drawn);
        return string.Create(CultureInfo.InvariantCulture, $"waveform around the first difference: {Dump}, {window.Cycles} cycles, and {Text}");
    }
}
