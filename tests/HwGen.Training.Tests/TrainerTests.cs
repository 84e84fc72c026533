using HwGen.Networks;
using HwGen.Training.Export;
using HwGen.Training.Recipes;

namespace HwGen.Training.Tests;

public sealed class TrainerTests
{
    private static (float[] Numbers, EpochResult[] Rows) Train(Recipe recipe, int threads)
    {
        var trainer = new Trainer(recipe, SmallRecipes.Data, threads);
        EpochResult[] rows = [.. Enumerable.Range(0, recipe.Plan.Epochs).Select(_ => trainer.RunEpoch())];
        return ([.. trainer.Network.Parameters.SelectMany(parameter => parameter.Values)], rows);
    }

    [Theory]
    [InlineData(SmallRecipes.Binary)]
    [InlineData(SmallRecipes.Integers)]
    public void A_seed_gives_the_same_numbers_on_two_runs_and_on_any_number_of_threads(string text)
    {
        Recipe recipe = SmallRecipes.Read(text);
        (float[] numbers, EpochResult[] rows) = Train(recipe, threads: 2);
        (float[] again, EpochResult[] rowsAgain) = Train(recipe, threads: 2);
        (float[] alone, EpochResult[] rowsAlone) = Train(recipe, threads: 1);
        again.ShouldBe(numbers);
        alone.ShouldBe(numbers);
        rowsAgain.ShouldBe(rows);
        rowsAlone.ShouldBe(rows);
        Train(recipe with { Seed = recipe.Seed + 1 }, threads: 2).Numbers.ShouldNotBe(numbers);
    }

    [Theory]
    [InlineData(SmallRecipes.Binary, OptimiserKind.Adam, 0.05, 0.75)]
    [InlineData(SmallRecipes.Integers, OptimiserKind.Adam, 0.02, 0.75)]
    [InlineData(SmallRecipes.Integers, OptimiserKind.Sgd, 0.1, 0.5)]
    public void A_small_network_learns(string text, OptimiserKind optimiser, double learningRate, double atLeast)
    {
        Recipe recipe = SmallRecipes.Read(text);
        TrainingPlan plan = recipe.Plan with { Epochs = 15, Optimiser = optimiser, LearningRate = learningRate, Schedule = ScheduleKind.Cosine, Shift = 0 };
        EpochResult[] rows = Train(recipe with { Plan = plan }, threads: 2).Rows;
        rows[^1].TestAccuracy.ShouldBeGreaterThan(atLeast);
        rows[^1].Loss.ShouldBeLessThan(rows[0].Loss);
    }

    [Fact]
    public void A_frozen_number_stays_while_others_learn()
    {
        var trainer = new Trainer(SmallRecipes.Read(SmallRecipes.Binary), SmallRecipes.Data, 1);
        var parameter = trainer.Network.Parameters[0];
        parameter.Freeze(3);
        parameter.Freeze(71);
        float[] before = [.. parameter.Values];
        trainer.RunEpoch();
        (parameter.Values[3], parameter.Values[71]).ShouldBe((before[3], before[71]));
        parameter.Values.Zip(before).Count(pair => pair.First != pair.Second).ShouldBeGreaterThan(before.Length / 2);
    }

    [Fact]
    public void A_cancelled_run_ends_between_steps()
    {
        using var source = new CancellationTokenSource();
        var trainer = new Trainer(SmallRecipes.Read(SmallRecipes.Binary), SmallRecipes.Data, 1);
        int steps = 0;
        Should.Throw<OperationCanceledException>(() => trainer.RunEpoch(
            _ =>
            {
                if (++steps == 2)
                    source.Cancel();
            },
            source.Token));
        steps.ShouldBe(2);
        trainer.EpochsDone.ShouldBe(0);
    }

    [Theory]
    [InlineData("  - batchNorm\n  - sign\n  - dense", "  - sign\n  - dense", "sign2")]
    [InlineData("  - batchNorm\n  - sign\n  - dense", "  - dense", "dense1")]
    [InlineData("  - sign\n  - dense", "  - dense", "dense1")]
    [InlineData("  - dense: { units: 10, weights: binary }\n", "", "sign2")]
    [InlineData("kernel: 3, weights", "kernel: 15, weights", "convolution2")]
    [InlineData("size: 4", "size: 16", "maxPool2")]
    [InlineData("units: 10", "units: 9", "layers")]
    [InlineData("batch: 50", "batch: 601", "training.batch")]
    [InlineData("padding: 1", "padding: 3", "convolution1")]
    [InlineData("filters: 8,", "filters: 4096,", "convolution1", "batch: 50", "batch: 100")]
    [InlineData("filters: 8,", "filters: 4096,", "convolution2", "filters: 12, kernel: 3", "filters: 4096, kernel: 3")]
    public void A_recipe_that_does_not_fit_together_is_refused_by_layer(string old, string replacement, string place, string other = "batch: 50", string otherReplacement = "batch: 50")
    {
        string text = SmallRecipes.Binary.Replace(old, replacement, StringComparison.Ordinal).Replace(other, otherReplacement, StringComparison.Ordinal);
        text.ShouldNotBe(SmallRecipes.Binary);
        Should.Throw<InputFileException>(() => new Trainer(SmallRecipes.Read(text), SmallRecipes.Data, 1)).Place.ShouldBe(place);
    }

    [Fact]
    public void The_run_gives_network_facts_and_rows_and_tells_its_observer()
    {
        var observer = new Counting();
        Recipe recipe = SmallRecipes.Read(SmallRecipes.Binary);
        TrainingResult result = TrainingRun.Run(recipe, SmallRecipes.Data, 2, observer);
        observer.Steps.ShouldBe(24);
        observer.Epochs.ShouldBe(2);
        result.Epochs.Length.ShouldBe(2);
        result.Facts.TestImages.ShouldBe(200);
        result.Facts.Accuracy.ShouldBe(result.Epochs[^1].TestAccuracy);
        result.Facts.NetworkSha256.ShouldBe(TrainingRun.Run(recipe, SmallRecipes.Data, 1).Facts.NetworkSha256);
    }

    private sealed class Counting : ITrainingObserver
    {
        public int Steps { get; private set; }

        public int Epochs { get; private set; }

        public void OnStep(TrainingProgress progress) => Steps++;

        public void OnEpoch(EpochResult result) => Epochs++;
    }
}
