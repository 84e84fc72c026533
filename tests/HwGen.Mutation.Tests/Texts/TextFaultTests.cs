using System.Collections.Concurrent;
using HwGen.Mutation.Tests.Benches;
using HwGen.Mutation.Tests.Equivalents;
using HwGen.Simulation;
using HwGen.Simulation.Verilator;
using HwGen.Tools;
using Xunit.Abstractions;

namespace HwGen.Mutation.Tests.Texts;

/// <summary>Faults in the emitted Verilog of the small cores, caught by the same vectors on Verilator.</summary>
public class TextFaultTests(ITestOutputHelper output)
{
    private const int Seed = 2, SliceSeed = 3, Faults = 40;

    [Fact]
    public void A_fault_in_the_text_is_caught() => Judge(Draw(1, SliceSeed)[0]).Outcome.ShouldBe(Outcome.CaughtByVectors);

    [Fact]
    [Trait("Run", "full")]
    public void Faults_in_the_text_are_caught_or_proved_to_change_nothing()
    {
        // What an earlier run found out is not asked again, where it was stopped before its end.
        var log = Path.Combine(MutationTests.Folder, "texts.txt");
        var known = File.Exists(log) ? File.ReadAllLines(log).Select(Verdict.Parse).Where(v => v.Outcome != Outcome.Survived).DistinctBy(v => v.Number).ToDictionary(v => v.Number) : [];
        var verdicts = new ConcurrentDictionary<int, Verdict>();
        Parallel.ForEach(
            Partitioner.Create(Draw(Faults, Seed), loadBalance: true), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, drawn =>
            {
                if (known.GetValueOrDefault(drawn.Number) is { } verdict && verdict.What == drawn.Fault.What)
                {
                    verdicts[drawn.Number] = verdict;
                    return;
                }

                verdicts[drawn.Number] = verdict = Judge(drawn);
                lock (log)
                {
                    File.AppendAllText(log, verdict.Line + "\n");
                }
            });
        var all = verdicts.Values.OrderBy(v => v.Number).ToList();
        all.ForEach(verdict => output.WriteLine(verdict.Line));
        output.WriteLine(FormattableString.Invariant($"{all.Count} faults in the text: {all.Count(v => v.Outcome == Outcome.CaughtByVectors)} caught, {all.Count(v => v.Outcome == Outcome.Equivalent)} proved equivalent"));
        all.Count.ShouldBe(Faults);
        Report.Rate(all).ShouldBeGreaterThanOrEqualTo(Report.LeastOfAll);
    }

    /// <summary>Draws faults: each line of all cores is as likely as any other; one that the tools refuse is none, because nobody would run vectors on it.</summary>
    private static List<(int Number, Bench Core, SimulationSource Source, TextFault Fault)> Draw(int count, int seed)
    {
        var random = new Random(seed);
        var sources = Cores.All.Select(core => (Core: core, Source: NetlistSource.Of(core.Design, Netlist.Verilog.VerilogWriter.Write(core.Design), twins: false))).ToList();
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

    private static Verdict Judge((int Number, Bench Core, SimulationSource Source, TextFault Fault) drawn)
    {
        var (number, core, source, fault) = drawn;
        var engine = new VerilatorEngine(Path.Combine(Path.GetTempPath(), "hwgen-text-faults")) { CompilerOptions = ["-O1"] };
        var by = core.Catch(() => engine.Start(source with { Files = fault.Files }, new SimulationOptions { Seed = 5 }));
        var isEquivalent = by is null && EquivalentFault.IsProved(source.Files, fault.Files, fault.Module, EquivalentFault.Resets(core.Design, fault.Module), TimeSpan.FromMinutes(1));
        return new Verdict(number, Campaign.BlockOf(fault.Module), core.Name, fault.What, by is not null ? Outcome.CaughtByVectors : isEquivalent ? Outcome.Equivalent : Outcome.Survived, by ?? string.Empty);
    }

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
