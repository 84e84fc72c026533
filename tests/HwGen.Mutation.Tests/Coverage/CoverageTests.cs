using HwGen.Mutation.Tests.Benches;
using HwGen.Simulation;
using HwGen.Simulation.Verilator;
using Xunit.Abstractions;

namespace HwGen.Mutation.Tests.Coverage;

/// <summary>Which lines and bits of the emitted Verilog the vectors of blocks and cores meet, by Verilator (docs/coverage.md).</summary>
[Collection(MutationTests.OneAtATime)]
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
        var points = Meet([.. Units.All, .. Cores.All], Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "coverage")).FullName);
        var table = CoverageTable.Markdown(points);
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "coverage.md"), table);
        output.WriteLine(table);
        points.Keys.Select(p => Campaign.BlockOf(p.Point.Module)).Distinct().Count().ShouldBeGreaterThan(40);
    }

    /// <summary>Runs benches; a module that stands in several of them with the same text is one, and what is no block of a core is left out.</summary>
    /// <param name="benches">The benches.</param>
    /// <param name="kept">A folder where the points of each bench stay, so that a run that was stopped goes on where it was.</param>
    private static Dictionary<(string Core, CoveragePoint Point), long> Meet(IReadOnlyList<Bench> benches, string? kept = null)
    {
        var points = new Dictionary<(string, CoveragePoint), long>();
        var firstOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var bench in benches)
        {
            foreach (var (point, count) in PointsOf(bench, kept))
            {
                if (Campaign.IsBlock(point.Module) && bench.Texts.TryGetValue(point.Module, out var text) && bench.Design.Modules.FirstOrDefault(m => m.Name == point.Module) is { IsExternal: false })
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

    private static IReadOnlyCollection<(CoveragePoint Point, long Count)> PointsOf(Bench bench, string? kept)
    {
        var file = kept is null ? null : Path.Combine(kept, bench.Name + ".tsv");
        if (file is not null && File.Exists(file))
        {
            return [.. File.ReadLines(file).Select(CoveragePoint.Parse)];
        }

        var folder = Directory.CreateTempSubdirectory("hwgen-coverage-").FullName;
        try
        {
            var engine = new VerilatorEngine { CompilerOptions = ["-O1"], CoverageFolder = folder };
            bench.Run(source => engine.Start(source, new SimulationOptions { Seed = 5 })).ShouldBeGreaterThan(0);
            var files = Directory.GetFiles(folder, "*.dat");
            files.Length.ShouldBeGreaterThan(0);
            var points = files.SelectMany(CoveragePoint.Read).GroupBy(p => p.Point, p => p.Count).Select(g => (Point: g.Key, Count: g.Sum())).ToList();
            if (file is not null)
            {
                File.WriteAllLines(file + ".part", points.Select(p => p.Point.Line(p.Count)));
                File.Move(file + ".part", file);
            }

            return points;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
