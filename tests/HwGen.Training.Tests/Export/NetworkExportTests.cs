using HwGen.Golden;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Export;
using HwGen.Training.Layers;
using HwGen.Training.Recipes;

namespace HwGen.Training.Tests.Export;

public sealed class NetworkExportTests
{
    private static Trainer Trained(string text)
    {
        var trainer = new Trainer(SmallRecipes.Read(text), SmallRecipes.Data, 2);
        trainer.RunEpoch();
        return trainer;
    }

    // The layer before the scale on the logits holds integer accumulators: the golden model must make the same integers.
    private static int CompareLogits(Trainer trainer, QuantisedNetwork network)
    {
        var source = new BatchSource(SmallRecipes.Data.Test, BatchSource.Rule(trainer.Network.Recipe.Data.Pixels));
        source.Fill([.. Enumerable.Range(0, 60)]);
        var shards = new Shards(2);
        FeatureMaps values = source.Batch;
        foreach (TrainableLayer layer in trainer.Network.Layers.Take(trainer.Network.Layers.Count - 1))
            values = layer.Forward(values, Pass.Evaluation, shards);
        int compared = 0;
        for (int image = 0; image < 60; image++)
        {
            long[] golden = GoldenModel.Run(network, SmallRecipes.Data.Test.Image(image)).Logits;
            golden.ShouldBe(values.Image(image).ToArray().Select(value => (long)value));
            compared += golden.Length;
        }
        return compared;
    }

    [Theory]
    [InlineData(SmallRecipes.Binary)]
    [InlineData(SmallRecipes.Integers)]
    public void The_golden_model_makes_the_integers_of_training(string text)
    {
        Trainer trainer = Trained(text);
        CompareLogits(trainer, NetworkExport.Export(trainer.Network)).ShouldBe(600);
    }

    [Theory]
    [InlineData(SmallRecipes.Binary)]
    [InlineData(SmallRecipes.Integers)]
    public void Negative_and_zero_scales_are_folded_right(string text)
    {
        Trainer trainer = Trained(text);
        foreach (TrainableBatchNorm norm in trainer.Network.Layers.OfType<TrainableBatchNorm>())
        {
            for (int channel = 0; channel < norm.Output.Channels; channel += 2)
                norm.Scale.Values[channel] = -norm.Scale.Values[channel];
            norm.Scale.Values[1] = 0;
            norm.Scale.Values[3] = 0;
            norm.Shift.Values[3] = 0;
        }
        QuantisedNetwork network = NetworkExport.Export(trainer.Network);
        network.Layers.OfType<ThresholdLayer>().ShouldAllBe(layer => layer.Directions.Contains(true));
        CompareLogits(trainer, network).ShouldBe(600);
    }

    [Fact]
    public void Every_fold_agrees_with_its_rational_batch_norm_over_the_whole_range()
    {
        QuantisedNetwork network = NetworkExport.Export(Trained(SmallRecipes.Binary).Network);
        ThresholdLayer[] thresholds = [.. network.Layers.OfType<ThresholdLayer>()];
        thresholds.Length.ShouldBe(2);
        foreach (ThresholdLayer layer in thresholds)
            BatchNormFolding.Check(layer, network[layer.Inputs[0]].Range).ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_pool_goes_behind_the_threshold_only_where_all_scales_are_positive()
    {
        Trainer trainer = Trained(SmallRecipes.Binary);
        var second = trainer.Network.Layers.OfType<TrainableBatchNorm>().Last();
        second.Scale.Values[0] = -1;
        string[] kinds = [.. NetworkExport.Export(trainer.Network).Layers.Select(layer => layer.Kind)];
        kinds.ShouldBe(["convolution", "threshold", "max pool", "convolution", "max pool", "threshold", "dense"]);
        CompareLogits(trainer, NetworkExport.Export(trainer.Network));
        second.Scale.Values[0] = 1;
        kinds = [.. NetworkExport.Export(trainer.Network).Layers.Select(layer => layer.Kind)];
        kinds.ShouldBe(["convolution", "threshold", "max pool", "convolution", "threshold", "max pool", "dense"]);
        CompareLogits(trainer, NetworkExport.Export(trainer.Network));
    }

    [Fact]
    public void Dead_filters_are_gone_and_nothing_else_changes()
    {
        Trainer trainer = Trained(SmallRecipes.Binary);
        Activation[] activations = [.. trainer.Network.Layers.OfType<Activation>()];
        activations[0].Alive = [true, false, true, true, false, true, true, false];
        activations[1].Alive = [false, true, true, true, true, true, true, true, true, true, true, false];
        trainer.Recalibrate(1);
        QuantisedNetwork network = NetworkExport.Export(trainer.Network);
        WeightedLayer[] layers = [.. network.Layers.OfType<WeightedLayer>()];
        layers.Select(layer => (layer.Weights.Filters, layer.Weights.Channels)).ShouldBe([(5, 1), (10, 5), (10, 10 * 3 * 3)]);
        CompareLogits(trainer, network).ShouldBe(600);
    }

    [Fact]
    public void The_file_of_the_network_gives_the_network_back()
    {
        QuantisedNetwork network = NetworkExport.Export(Trained(SmallRecipes.Integers).Network);
        byte[] bytes = NetworkFile.ToBytes(network);
        NetworkFile.ToBytes(NetworkFile.Parse(bytes, "n.hwnet")).ShouldBe(bytes);
    }
}
