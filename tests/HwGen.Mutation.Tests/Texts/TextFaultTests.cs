using System.Collections.Concurrent;
using HwGen.Mutation.Tests.Benches;
using HwGen.Mutation.Tests.Equivalents;
using HwGen.Simulation;
using HwGen.Simulation.Verilator;
using HwGen.Tools;
using Xunit.Abstractions;

namespace HwGen.Mutation.Tests.Texts;

/// <summary>Faults in the emitted Verilog of the small cores, caught by the same vectors on Verilator.</summary>
[Collection(MutationTests.OneAtATime)]
public class TextFaultTests(ITestOutputHelper output)
{
    private const int Seed = 2, SliceSeed = 3, Faults = 40;

    [Fact]
    public void A_fault_in_the_text_is_caught() => Judge(Draw(1, SliceSeed)[0]).Outcome.ShouldBe(Outcome.CaughtByVectors);

    [Fact]
    [Trait("Run", "full")]
    public void Faults_in_the_text_are_caught_or_proved_to_change_nothing()
    {
        var progress = new ProgressFile("texts.txt");
        var verdicts = new ConcurrentBag<Verdict>();
        Parallel.ForEach(
            Partitioner.Create(Draw(Faults, Seed), loadBalance: true), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, drawn =>
            {
                if (progress.Find(drawn.Number, drawn.Core.Name, drawn.Fault.What) is not { } verdict)
                {
                    verdict = Judge(drawn);
                    progress.Add(verdict);
                }

                verdicts.Add(verdict);
            });
        var all = verdicts.OrderBy(v => v.Number).ToList();
        all.ForEach(verdict => output.WriteLine(verdict.Line));
        output.WriteLine(FormattableString.Invariant($"{all.Count} faults in the text: {all.Count(v => v.Outcome == Outcome.CaughtByVectors)} caught by vectors, {all.Count(v => v.Outcome == Outcome.CaughtByProof)} by proofs, {all.Count(v => v.Outcome == Outcome.Equivalent)} proved equivalent"));
        all.Count.ShouldBe(Faults);
        Report.Rate(all).ShouldBeGreaterThanOrEqualTo(Report.LeastOfAll);
    }

    /// <summary>Draws faults: each line of all cores is as likely as any other; one that the tools refuse is none, because nobody would run vectors on it.</summary>
    private static List<(int Number, Bench Core, SimulationSource Source, TextFault Fault)> Draw(int count, int seed)
    {
        var random = new Random(seed);
        var sources = Cores.All.Select(core => (Core: core, Source: Source(core))).ToList();
        var lines = sources.SelectMany((s, i) => s.Source.Files.SelectMany(file => file.Text.Split('\n')).Select(_ => i)).ToList();
        var drawn = new List<(int, Bench, SimulationSource, TextFault)>();
        while (drawn.Count < count)
        {
            var (core, source) = sources[lines[random.Next(lines.Count)]];
            var fault = TextFaults.Draw(source.Files, random);
            if (Compiles(fault))
            {
                drawn.Add((drawn.Count, core, source, fault));
            }
        }

        return drawn;
    }

    /// <summary>The vectors of all benches that have the module, on Verilator; then the proofs; then whether it changes anything.</summary>
    private static Verdict Judge((int Number, Bench Core, SimulationSource Source, TextFault Fault) drawn)
    {
        var (number, core, source, fault) = drawn;
        var file = fault.Files.Single(f => f.Name == fault.Module + ".v");
        Verdict Of(Outcome outcome, string by) => new(number, Campaign.BlockOf(fault.Module), core.Name, fault.What, outcome, by);
        foreach (var bench in ((Bench[])[.. Units.All, core, .. Cores.All.Where(other => other != core)]).Where(bench => bench == core || (core.Texts.TryGetValue(fault.Module, out var text) && bench.Texts.GetValueOrDefault(fault.Module) == text)))
        {
            var engine = new VerilatorEngine(Path.Combine(Path.GetTempPath(), "hwgen-text-faults")) { CompilerOptions = ["-O1"] };
            var faulty = bench == core ? source : Source(bench);
            faulty = faulty with { Files = [.. faulty.Files.Select(f => f.Name == file.Name ? file : f)] };
            if (bench.Catch(() => engine.Start(faulty, new SimulationOptions { Seed = 5 })) is { } by)
            {
                return Of(Outcome.CaughtByVectors, $"{bench.Name}: {by}");
            }
        }

        if (ProofBench.All.FirstOrDefault(proof => proof.Refutes(core, fault.Module, file.Text)) is { } refuted)
        {
            return Of(Outcome.CaughtByProof, refuted.Name);
        }

        return Of(EquivalentFault.IsProved(source.Files, fault.Files, fault.Module, EquivalentFault.Resets(core.Design, fault.Module), TimeSpan.FromMinutes(2)) ? Outcome.Equivalent : Outcome.Survived, string.Empty);
    }

    private static SimulationSource Source(Bench bench) => NetlistSource.Of(bench.Design, Netlist.Verilog.VerilogWriter.Write(bench.Design), twins: false);

    private static bool Compiles(TextFault fault)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-text-").FullName;
        try
        {
            foreach (var file in fault.Files)
            {
                File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
            }

            return OutsideProgram.Run(new ProgramRequest("iverilog", ["-g2005", "-t", "null", .. fault.Files.Select(file => file.Name)]) { WorkingDirectory = folder }).Succeeded;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
