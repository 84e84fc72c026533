using HwGen.Golden;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Export;
using HwGen.Training.Layers;
using HwGen.Training.Pruning;
using HwGen.Training.Recipes;

namespace HwGen.Training.Tests.Pruning;

public sealed class PruningWhileLearningTests : IDisposable
{
    private const string Quota = """
        pruning:
          rule: quota
          firstEpoch: 1
          lastEpoch: 3
          layers:
            - { layer: convolution1, keep: 4 }
            - { layer: convolution2, keep: 7 }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen-pruning").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Recipe Read(string pruning, int epochs = 4) =>
        SmallRecipes.Read(SmallRecipes.Binary.Replace("epochs: 2", Invariant($"epochs: {epochs}"), StringComparison.Ordinal) + pruning);

    [Fact]
    public void A_quota_is_spread_over_its_epochs_and_the_network_ends_without_the_filters()
    {
        TrainingResult result = TrainingRun.Run(Read(Quota), SmallRecipes.Data, 2);
        result.Epochs.Select(row => row.AliveFilters).ShouldBe(["7/11", "6/9", "4/7", "4/7"]);
        WeightedLayer[] layers = [.. result.Network.Layers.OfType<WeightedLayer>()];
        layers.Select(layer => (layer.Weights.Filters, layer.Weights.Channels)).ShouldBe([(4, 1), (7, 4), (10, 63)]);
        // 28·28·9·1·8 + 12·12·9·8·12 operations become 28·28·9·4 + 12·12·9·4·7.
        result.Epochs[^1].OperationsRemoved.ShouldBe(1 - ((28224.0 + 36288) / (56448 + 124416)), 1e-12);
        result.Facts.Accuracy.ShouldBe(result.Epochs[^1].TestAccuracy);
    }

    [Theory]
    [InlineData("20/37/15", 0.606)]
    [InlineData("17/32/14", 0.702)]
    [InlineData("16/56/16", 0.513)]
    public void Operations_are_counted_as_in_the_study_of_the_published_network(string alive, double removed)
    {
        Recipe recipe = SmallRecipes.Read("""
            formatVersion: 1
            name: published
            data: { set: mnist, pixels: binary }
            seed: 1
            training: { epochs: 1, batch: 2, learningRate: 0.001 }
            layers:
              - convolution: { filters: 32, kernel: 3, padding: 1, weights: binary }
              - maxPool: { size: 2 }
              - batchNorm
              - sign
              - convolution: { filters: 64, kernel: 3, padding: 1, weights: binary }
              - maxPool: { size: 2 }
              - batchNorm
              - sign
              - convolution: { filters: 16, kernel: 3, padding: 1, weights: binary }
              - batchNorm
              - sign
              - dense: { units: 10, weights: int8 }
            """);
        TrainableNetwork network = TrainableNetwork.Build(recipe, new MapShape(28, 28, 1), 1);
        int[] keep = [.. alive.Split('/').Select(int.Parse)];
        ImmutableArray<PrunableLayer> layers = PrunableLayer.Of(network);
        for (int i = 0; i < 3; i++)
            layers[i].Prune(Enumerable.Range(keep[i], layers[i].Convolution.Output.Channels - keep[i]));
        OperationCount.Of(network).All.ShouldBe(225_792 + 3_612_672 + 451_584);
        OperationCount.Of(network).Removed.ShouldBe(removed, 0.0005);
    }

    [Fact]
    public void Pruned_weights_and_weights_that_read_their_channels_stay_as_they_were()
    {
        var trainer = new Trainer(Read(Quota), SmallRecipes.Data, 2);
        trainer.RunEpoch();
        PrunableLayer first = PrunableLayer.Of(trainer.Network)[0];
        int dead = Array.IndexOf(first.Activation.Alive, false);
        float[] own = [.. first.Convolution.Weights.Values];
        float[] readers = [.. first.Reader.Weights.Values];
        trainer.RunEpoch();
        for (int i = 0; i < own.Length; i++)
            if (i % 8 == dead)
                first.Convolution.Weights.Values[i].ShouldBe(own[i]);
        int changed = 0;
        for (int i = 0; i < readers.Length; i++)
        {
            if (i / 12 % 8 == dead)
                first.Reader.Weights.Values[i].ShouldBe(readers[i]);
            else if (first.Reader.Weights.Values[i] != readers[i])
                changed++;
        }
        changed.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void All_layers_are_decided_before_any_filter_is_removed_and_the_source_is_told()
    {
        var source = new Recording();
        var trainer = new Trainer(Read(Quota), SmallRecipes.Data, 2, source);
        trainer.RunEpoch();
        source.Calls.ShouldBe(["measure convolution1 8", "measure convolution2 12", "apply convolution1 7", "apply convolution2 11"]);
        source.Lengths.ShouldBe([9, 72]);
    }

    [Fact]
    public void Another_source_with_equal_distances_gives_equal_bits()
    {
        TrainingResult golden = TrainingRun.Run(Read(Quota), SmallRecipes.Data, 2);
        TrainingResult recorded = TrainingRun.Run(Read(Quota), SmallRecipes.Data, 2, distances: new Recording());
        recorded.Facts.ShouldBe(golden.Facts);
    }

    [Fact]
    public void A_source_that_decides_otherwise_ends_the_run_with_layer_and_filter()
    {
        var trainer = new Trainer(Read(Quota), SmallRecipes.Data, 2, new Deciding(pruned => pruned));
        trainer.RunEpoch();
        var lying = new Trainer(Read(Quota), SmallRecipes.Data, 2, new Deciding(pruned => [pruned[0] == 0 ? 1 : 0, .. pruned.Skip(1)]));
        string message = Should.Throw<SimilarityMismatchException>(() => lying.RunEpoch()).Message;
        message.ShouldStartWith("convolution1: filter ");
        message.ShouldContain("by the similarity unit");
    }

    /// <summary>Decides by the definition, and then as a fault would.</summary>
    private sealed class Deciding(Func<ImmutableArray<int>, ImmutableArray<int>> fault) : IDistanceSource
    {
        private readonly GoldenDistances _golden = new();

        public PairDistances Measure(FilterVectors vectors, DistanceKind kind) => _golden.Measure(vectors, kind);

        public ImmutableArray<int>? Prune(FilterVectors vectors, PruningRule rule, int allFilters, int minimumAlive, int quota) =>
            fault(SimilarityDecision.Decide(rule, vectors.Filters, _golden.Measure(vectors, rule.Distance), allFilters, minimumAlive, quota).Pruned);
    }

    [Fact]
    public void Keep_one_leaves_what_it_must_and_the_pruned_network_is_exact()
    {
        Recipe recipe = Read("pruning: { rule: keep-one, b: 0.01, c: 0.1, firstEpoch: 1, minimumAlive: 3 }\n");
        var trainer = new Trainer(recipe, SmallRecipes.Data, 2);
        EpochResult row = trainer.RunEpoch();
        row.OperationsRemoved.ShouldBeGreaterThan(0);
        ImmutableArray<PrunableLayer> layers = PrunableLayer.Of(trainer.Network);
        layers.ShouldAllBe(layer => layer.AliveFilters.Length >= 3);
        QuantisedNetwork network = NetworkExport.Export(trainer.Network);
        FastModel.Compile(network).Logits(SmallRecipes.Data.Test).Accuracy(SmallRecipes.Data.Test.Labels).ShouldBe(row.TestAccuracy);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_interrupted_run_continues_to_the_same_bits(int epochsBefore)
    {
        string path = Path.Combine(_folder, "checkpoint");
        TrainingResult straight = TrainingRun.Run(Read(Quota), SmallRecipes.Data, 2);
        using var cancellation = new CancellationTokenSource();
        var observer = new CancelAfter(epochsBefore, cancellation);
        Should.Throw<OperationCanceledException>(() => TrainingRun.Run(Read(Quota), SmallRecipes.Data, 1, observer, cancellation.Token, path));
        TrainingResult resumed = TrainingRun.Run(Read(Quota), SmallRecipes.Data, 2, checkpoint: path);
        resumed.Facts.ShouldBe(straight.Facts);
        resumed.Epochs.ShouldBe(straight.Epochs);
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public void A_damaged_or_foreign_checkpoint_is_refused()
    {
        string path = Path.Combine(_folder, "checkpoint");
        TrainingRun.Run(Read(Quota, epochs: 1 + 2), SmallRecipes.Data, 2, checkpoint: path);
        byte[] bytes = File.ReadAllBytes(path);
        Should.Throw<InputFileException>(() => TrainingRun.Run(Read(Quota, epochs: 4), SmallRecipes.Data, 2, checkpoint: path)).Message.ShouldContain("another recipe");
        TrainingData others = SmallRecipes.Data with { Test = SmallRecipes.Data.Test.First(100) };
        Should.Throw<InputFileException>(() => TrainingRun.Run(Read(Quota, epochs: 3), others, 2, checkpoint: path)).Message.ShouldContain("other images");
        foreach (int length in new[] { 0, 10, 100, bytes.Length - 1 })
        {
            File.WriteAllBytes(path, bytes[..length]);
            Should.Throw<InputFileException>(() => TrainingRun.Run(Read(Quota, epochs: 3), SmallRecipes.Data, 2, checkpoint: path)).Message.ShouldContain("damaged");
        }
        bytes[200] ^= 1;
        File.WriteAllBytes(path, bytes);
        Should.Throw<InputFileException>(() => TrainingRun.Run(Read(Quota, epochs: 3), SmallRecipes.Data, 2, checkpoint: path)).Message.ShouldContain("damaged");
    }

    [Theory]
    [InlineData("rule: quota", "rule: best", "'pruning.rule' is 'best'")]
    [InlineData("lastEpoch: 3", "lastEpoch: 5", "'pruning.lastEpoch' is '5'; allowed: a whole number from 1 to 4")]
    [InlineData("layer: convolution2", "layer: convolution1", "'pruning.layers.layer' is 'convolution1'; allowed: one of convolution2")]
    [InlineData("keep: 7", "keep: 13", "'pruning.layers.keep' is '13'; allowed: a whole number from 1 to 12")]
    [InlineData("keep: 7", "kept: 7", "'pruning.layers.kept' is not known")]
    [InlineData("firstEpoch: 1", "b: -0.1", "'pruning.b' is '-0.1'; allowed: a decimal from 0 to 1000")]
    public void A_wrong_pruning_recipe_is_refused(string old, string replacement, string problem) =>
        Should.Throw<InputFileException>(() => Read(Quota.Replace(old, replacement, StringComparison.Ordinal))).Message.ShouldContain(problem);

    private sealed class Recording : IDistanceSource
    {
        private readonly GoldenDistances _golden = new();

        public List<string> Calls { get; } = [];

        public List<int> Lengths { get; } = [];

        public PairDistances Measure(FilterVectors vectors, DistanceKind kind)
        {
            Calls.Add(Invariant($"measure {vectors.Layer} {vectors.Filters.Length}"));
            Lengths.Add(vectors.Weights[0].Length);
            return _golden.Measure(vectors, kind);
        }

        public void Apply(string layer, ImmutableArray<bool> alive) => Calls.Add(Invariant($"apply {layer} {alive.Count(one => one)}"));
    }

    private sealed class CancelAfter(int epochs, CancellationTokenSource source) : ITrainingObserver
    {
        public void OnStep(TrainingProgress progress)
        {
            if (progress.Epoch == epochs + 1 && progress.Batch == 3)
                source.Cancel();
        }

        public void OnEpoch(EpochResult result)
        {
        }
    }
}
