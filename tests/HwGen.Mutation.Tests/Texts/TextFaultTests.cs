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
    public void A_fault_in_the_text_is_caught() => Count(1, SliceSeed).Caught.ShouldBe(1);

    [Fact]
    [Trait("Run", "full")]
    public void Faults_in_the_text_are_caught_or_proved_to_change_nothing()
    {
        var (caught, equivalent) = Count(Faults, Seed);
        output.WriteLine(FormattableString.Invariant($"{Faults} faults in the text: {caught} caught, {equivalent} proved equivalent"));
        caught.ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling((Faults - equivalent) * Report.LeastOfAll));
    }

    private (int Caught, int Equivalent) Count(int count, int seed)
    {
        var random = new Random(seed);
        var sources = Cores.All.Select(core => (Core: core, Source: NetlistSource.Of(core.Design, Netlist.Verilog.VerilogWriter.Write(core.Design), twins: false))).ToList();
        var lines = sources.SelectMany((s, i) => s.Source.Files.SelectMany(file => file.Text.Split('\n')).Select(_ => i)).ToList();
        var (caught, equivalent) = (0, 0);
        for (var drawn = 0; drawn < count;)
        {
            var (core, source) = sources[lines[random.Next(lines.Count)]];
            var fault = TextFaults.Draw(source.Files, random);
            if (!Compiles(fault))
            {
                // The tools refuse it: nobody would run vectors on it.
                continue;
            }

            drawn++;
            var engine = new VerilatorEngine(Path.Combine(Path.GetTempPath(), "hwgen-text-faults")) { CompilerOptions = ["-O1"] };
            var by = core.Catch(() => engine.Start(source with { Files = fault.Files }, new SimulationOptions { Seed = 5 }));
            var isEquivalent = by is null && EquivalentFault.IsProved(source.Files, fault.Files, fault.Module, EquivalentFault.Resets(core.Design, fault.Module), TimeSpan.FromMinutes(1));
            output.WriteLine($"{(by is not null ? "caught" : isEquivalent ? "equivalent" : "SURVIVED")}: {core.Name}, {fault.What}: {by}");
            (caught, equivalent) = (caught + (by is null ? 0 : 1), equivalent + (isEquivalent ? 1 : 0));
        }

        return (caught, equivalent);
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
