using System.Globalization;
using HwGen.Netlist;
using HwGen.Netlist.Passes;
using HwGen.Netlist.Verilog;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;
using HwGen.Simulation.Verilator;
using Xunit.Abstractions;

namespace HwGen.Simulation.Tests;

/// <summary>
/// Random circuits give the same values on all engines: interpreter and compiled engine on the elaborated design and after each pass of the writer, Verilator and
/// Icarus on the final text (Verilator the simulation twins, Icarus what synthesis gets). 300 circuits; 10,000 with <c>HWGEN_FULL=1</c>, of which <c>HWGEN_PART=3/10</c> runs the
/// third tenth.
/// </summary>
public sealed class RandomCircuitTests(ITestOutputHelper output)
{
    private const int BatchSize = 100;
    private const int Steps = 16;

    [Fact]
    public void All_engines_agree_on_every_stage_and_on_the_text()
    {
        var (first, batches) = Batches();
        var kinds = new SortedDictionary<NodeKind, long>();
        var (circuits, compared) = (0, 0L);
        for (var batch = first; batch < first + batches; batch++)
        {
            var circuitsOfBatch = new RandomBatch(1000 + (batch * BatchSize), BatchSize);
            var design = Design.Elaborate(circuitsOfBatch);
            compared += Compare(circuitsOfBatch, design, seed: batch);
            circuits += BatchSize;
            foreach (var node in design.Modules.SelectMany(module => module.Nodes))
                kinds[node.Kind] = kinds.GetValueOrDefault(node.Kind) + 1;
            if (batch % 10 == 9)
                File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "random-circuits.txt"), Report());
        }

        output.WriteLine(Report());
        compared.ShouldBeGreaterThan(circuits * 300L);
        Enum.GetValues<NodeKind>().Where(kind => kinds.GetValueOrDefault(kind) < 20).ShouldBeEmpty();

        string Report() => FormattableString.Invariant(
            $"{circuits} circuits, {batches} Verilator builds at most, {compared} values compared with the interpreter's: 0 differences\n\n")
            + string.Join('\n', kinds.Select(pair => FormattableString.Invariant($"{pair.Key,-18}{pair.Value,9}")));
    }

    /// <summary>The first of the batches to run, and how many.</summary>
    private static (int First, int Count) Batches()
    {
        var all = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 100 : 3;
        if (Environment.GetEnvironmentVariable("HWGEN_PART")?.Split('/') is not [var part, var parts])
            return (0, all);
        var count = all / int.Parse(parts, CultureInfo.InvariantCulture);
        count.ShouldBeGreaterThan(0);
        return ((int.Parse(part, CultureInfo.InvariantCulture) - 1) * count, count);
    }

    /// <summary>Runs one stimulus on all engines and all stages of a batch; every output is compared after every step with the interpreter's on the elaborated design.</summary>
    private static long Compare(RandomBatch batch, Design design, int seed)
    {
        var options = new SimulationOptions { Seed = seed };
        var (text, synthesis) = Texts(design);
        var simulators = new List<(string Name, ISimulator Simulator)>();
        try
        {
            AddStage("elaborate", design);
            var stage = design;
            foreach (var pass in DesignPasses.OfWriter)
            {
                stage = pass.Run(stage);
                AddStage(pass.Name, stage);
            }

            AddStage("legalise for twins", DesignPasses.Legalise(DesignPasses.Prettify(design), systemVerilog: true));
            simulators.Add(("verilator on the text", new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(text, options)));
            simulators.Add(("icarus on the text", new IcarusEngine().Start(synthesis, options)));
            return new RandomStimulus(seed).Compare(batch, [.. simulators.Select(s => s.Name)], [.. simulators.Select(s => s.Simulator)], Steps);
        }
        finally
        {
            foreach (var (_, simulator) in simulators)
                simulator.Dispose();
        }

        void AddStage(string name, Design stage)
        {
            var source = text with { Design = stage };
            simulators.Add(($"interpreter after {name}", new InterpretedEngine().Start(source, options)));
            simulators.Add(($"compiled after {name}", new CompiledEngine().Start(source, options)));
        }
    }

    private static (SimulationSource Simulation, SimulationSource Synthesis) Texts(Design design)
    {
        var source = NetlistSource.Of(design);
        return (source, source with
        {
            Files = [.. VerilogWriter.Write(design).Where(file => file.Role != SourceRole.Simulation).Select(file => new SourceFile(file.FileName, file.Text))],
        });
    }
}
