using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;
using HwGen.Training;
using HwGen.Training.Data;
using HwGen.Training.Export;
using HwGen.Training.Pruning;
using HwGen.Training.Recipes;

namespace HwGen.Cosimulation.Tests;

/// <summary>Training that measures in the array gives the same masks and weights, bit for bit, whichever engine measures.</summary>
public class InSituTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const string Layers = """
        formatVersion: 1
        name: in-situ
        data: { set: drawn-digits, pixels: binary }
        seed: 3
        training: { epochs: 2, batch: 50, learningRate: 0.02, recalibrationBatches: 2 }
        layers:
          - convolution: { filters: 8, kernel: 3, padding: 1, weights: binary }
          - maxPool: { size: 4 }
          - batchNorm: { positiveScale: true }
          - sign
          - convolution: { filters: 12, kernel: 3, weights: int3 }
          - maxPool: { size: 2 }
          - batchNorm
          - sign
          - dense: { units: 10, weights: binary }

        """;

    private static readonly TrainingData s_data = new(DrawnDigits.Draw(300, 11), DrawnDigits.Draw(100, 12));

    [Theory]
    [InlineData("pruning: { rule: keep-one, b: 0.02, c: 0.2, firstEpoch: 1, minimumAlive: 3 }", true)]
    [InlineData("pruning: { rule: paper, distance: euclidean, b: 0.0001, c: 0.3, firstEpoch: 1, minimumAlive: 3 }", false)]
    [InlineData("pruning: { rule: quota, distance: plane-weighted, firstEpoch: 1, layers: [{ layer: convolution1, keep: 5 }, { layer: convolution2, keep: 7 }] }", false)]
    public void Every_engine_gives_the_same_network(string pruning, bool alsoVerilator)
    {
        var recipe = RecipeReader.Read(Layers + pruning + "\n", "in-situ.yaml");
        var configuration = InSituArray.For(recipe, 1);
        InSituArray.Check(configuration, recipe, 1);
        var golden = Train(recipe, null);
        golden.Epochs[^1].OperationsRemoved.ShouldBeGreaterThan(0);
        var core = CoreGenerator.Generate(configuration);
        foreach (var engine in alsoVerilator ? new ISimulationEngine[] { new CompiledEngine(), new VerilatorEngine() } : [new CompiledEngine()])
        {
            using var simulator = engine.Start(NetlistSource.Of(core.Design, core.Files), new SimulationOptions { Seed = 7 });
            var source = new SimulatedDistances(simulator, configuration);
            var result = Train(recipe, source);
            result.Facts.ShouldBe(golden.Facts, engine.Name);
            result.Epochs.ShouldBe(golden.Epochs, engine.Name);
            NetworkFile.ToBytes(result.Network).ShouldBe(NetworkFile.ToBytes(golden.Network), engine.Name);
            source.Counts.Distances.ShouldBeGreaterThan(50);
            source.Counts.Masks.ShouldBeGreaterThan(10);
            output.WriteLine($"{engine.Name}: {golden.Epochs[^1].AliveFilters} filters, {source.Counts}");
        }
    }

    [Fact]
    public void A_fault_in_the_measured_rows_ends_the_run_with_layer_and_filters()
    {
        var recipe = RecipeReader.Read(Layers + "pruning: { rule: keep-one, b: 0.02, c: 0.2, firstEpoch: 1 }\n", "in-situ.yaml");
        var configuration = InSituArray.For(recipe, 1);
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = 7 });
        var vectors = new FilterVectors("convolution1", 1, [2, 5], [[1, 1, -1, 1], [1, -1, -1, 1]]);
        var source = new SimulatedDistances(simulator, configuration);
        source.Measure(vectors, DistanceKind.Hamming)[0, 1].ShouldBe(1);

        // The same array, but its rows are held by a port that takes no writes: what is stored is not what was written.
        using var deaf = new DeafSimulator(new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = 8 }), "row_write");
        var message = Should.Throw<SimilarityMismatchException>(() => new SimulatedDistances(deaf, configuration).Measure(
            new FilterVectors("convolution1", 1, [2, 5], [[.. Enumerable.Repeat(1, 32)], [.. Enumerable.Repeat(-1, 32)]]), DistanceKind.Hamming)).Message;
        message.ShouldStartWith("convolution1: filters 2 and 5: distance ");
        message.ShouldContain("32 by the golden model");
    }

    [Fact]
    public void An_array_that_does_not_hold_a_layer_is_refused_by_name()
    {
        var recipe = RecipeReader.Read(Layers + "pruning: { rule: paper, b: 0.02, c: 0.2, firstEpoch: 1 }\n", "in-situ.yaml");
        var fits = InSituArray.For(recipe, 1);
        Refusal(fits with { Rows = 2 * fits.Lanes }).ShouldBe("convolution2: 9 row groups of 16 lanes; the array has 2 (array.rows: at least 144)");
        Refusal(fits with { Similarity = fits.Similarity! with { Filters = 11 } }).ShouldContain("convolution2: 12 filters; the similarity unit holds 11");
        Refusal(fits with { Similarity = fits.Similarity! with { Segments = 4 } }).ShouldContain("convolution2: 9 rows a filter; the similarity unit holds 4");
        Refusal(fits with { Similarity = fits.Similarity! with { Rules = [SimilarityRule.Quota] } }).ShouldContain("pruning.rule");
        Refusal(fits with { Similarity = fits.Similarity! with { Distances = [SimilarityDistance.Euclidean] } }).ShouldContain("pruning.distance");
        Refusal(fits with { Similarity = null }).ShouldContain("no similarity unit");

        string Refusal(ArrayConfiguration configuration) => Should.Throw<InSituRefusedException>(() => InSituArray.Check(configuration, recipe, 1)).Message;
    }

    private static TrainingResult Train(Recipe recipe, IDistanceSource? source) => TrainingRun.Run(recipe, s_data, 2, distances: source);
}
