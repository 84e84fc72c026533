using HwGen.Mutation.Tests.Benches;
using HwGen.Simulation;
using HwGen.Simulation.Verilator;
using Xunit.Abstractions;

namespace HwGen.Mutation.Tests.Coverage;

/// <summary>Which lines and bits of the emitted Verilog the vectors of blocks and cores meet, by Verilator (docs/coverage.md).</summary>
public class CoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void The_vectors_of_a_block_meet_all_of_its_lines()
    {
        var points = Meet([Units.All[0]]);
        points.Keys.Count(p => p.Point.IsToggle).ShouldBeGreaterThan(100);
        points.Where(p => !p.Key.Point.IsToggle && p.Value == 0).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Run", "full")]
    public void Lines_and_bits_a_block()
    {
        var points = Meet([.. Units.All, .. Cores.All]);
        var table = CoverageTable.Markdown(points);
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "coverage.md"), table);
        output.WriteLine(table);
        points.Keys.Select(p => Campaign.BlockOf(p.Point.Module)).Distinct().Count().ShouldBeGreaterThan(40);
    }

    /// <summary>Runs benches; a module that stands in several of them with the same text is one.</summary>
    private static Dictionary<(string Core, CoveragePoint Point), long> Meet(IReadOnlyList<Bench> benches)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-coverage-").FullName;
        try
        {
            var points = new Dictionary<(string, CoveragePoint), long>();
            var firstOf = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var bench in benches)
            {
                var own = Path.Combine(folder, bench.Name);
                var engine = new VerilatorEngine { CompilerOptions = ["-O1"], CoverageFolder = own };
                bench.Run(source => engine.Start(source, new SimulationOptions { Seed = 5 })).ShouldBeGreaterThan(0);
                var files = Directory.GetFiles(own, "*.dat");
                files.Length.ShouldBeGreaterThan(0);
                foreach (var (point, count) in files.SelectMany(CoveragePoint.Read))
                {
                    if (bench.Texts.TryGetValue(point.Module, out var text) && bench.Design.Modules.FirstOrDefault(m => m.Name == point.Module) is { IsExternal: false })
                    {
                        if (!firstOf.TryGetValue(text, out var core))
                        {
                            firstOf.Add(text, core = bench.Name);
                        }

                        points[(core, point)] = points.GetValueOrDefault((core, point)) + count;
                    }
                }
            }

            return points;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
