using System.CommandLine;
using System.Globalization;
using HwGen.Cli.Hosting;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Training;
using HwGen.Training.Data;
using HwGen.Training.Recipes;
using HwGen.Training.Reports;
using HwGen.Training.Zoo;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen train</c>: a recipe becomes a network of integers, its measured facts and a table of every epoch.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("RECIPE") { Description = "The recipe, a YAML file (models/zoo/README.md)" };
        var output = CommonOptions.Output("Where the network, its facts and the table of epochs go");
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "The file that is written after each epoch; where it is there, the run continues from it to the same bits. Default: the output's path with .checkpoint, removed when the run is whole",
        };
        var (force, dataFolder, jobs) = (CommonOptions.Force(), CommonOptions.DataFolder(), CommonOptions.Jobs());
        return new Command("train", "Train a network from a recipe, export it to integers and measure it with the golden model")
            { recipe, output, checkpoint, force, dataFolder, jobs }
            .Runs((parsed, context) => RunAsync(
                parsed.GetRequiredValue(recipe), parsed.GetRequiredValue(output), parsed.GetValue(checkpoint), parsed.GetValue(force), parsed.GetValue(dataFolder), parsed.GetValue(jobs), context));
    }

    private static async Task<ExitCode> RunAsync(string recipePath, string outputPath, string? checkpoint, bool force, string? dataFolder, int jobs, RunContext context)
    {
        // Everything that can be wrong is found before the first step.
        var recipe = RecipeReader.ReadFile(recipePath);
        var data = TrainingData.Load(recipe.Data.Set, dataFolder)
            ?? throw new InputException(new InputError($"the data set is in none of {string.Join(", ", DataFolders.Candidates(dataFolder))}; hwgen data get {recipe.Data.Set}")
            {
                File = recipePath,
                Key = "data.set",
                Value = recipe.Data.Set,
            });
        using var output = OutputFolder.Begin(outputPath, force);
        var checkpointPath = checkpoint ?? output.TargetPath + ".checkpoint";
        if (File.Exists(checkpointPath))
            context.Terminal.Say($"continues from {checkpointPath}");
        context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"{recipe.Name}: {data.Train.Count} training and {data.Test.Count} test images of {recipe.Data.Set}, {recipe.Plan.Epochs} epochs, seed {recipe.Seed}, {jobs} threads"));

        var result = await context.Terminal.ProgressAsync($"training {recipe.Name}", progress => Task.Run(
            () => TrainingRun.Run(recipe, data, jobs, new Observer(progress, context), context.CancellationToken, checkpointPath), context.CancellationToken)).ConfigureAwait(false);

        NetworkFile.Write(result.Network, output.PathOf("network" + NetworkFile.Extension));
        File.WriteAllText(output.PathOf(NetworkFacts.FileName), result.Facts.ToJson());
        File.Copy(recipePath, output.PathOf("recipe.yaml"));
        CsvTable.Write(output.PathOf("epochs.csv"), EpochTable.Columns, result.Epochs.Select(epoch => (IReadOnlyList<object?>)EpochTable.Values(epoch)));
        File.WriteAllText(output.PathOf("epochs.svg"), EpochPlot.Svg(recipe.Name, result.Epochs));
        var summary = new RunSummary("train")
            .Add("recipe", recipe.Name)
            .Add("seed", recipe.Seed)
            .Add("dataSet", recipe.Data.Set)
            .Add("epochs", recipe.Plan.Epochs)
            .Add("testImages", result.Facts.TestImages)
            .Add("correctImages", result.Facts.CorrectImages)
            .Add("logitsSha256", result.Facts.LogitsSha256)
            .Add("aliveFilters", result.Epochs[^1].AliveFilters)
            .Add("operationsRemoved", result.Epochs[^1].OperationsRemoved)
            .Add("networkSha256", result.Facts.NetworkSha256)
            .Add("exitCode", (int)ExitCode.Good);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        // One that the user named is the user's; ours has done its work.
        if (checkpoint is null)
            File.Delete(checkpointPath);
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"{recipe.Name}: {result.Facts.CorrectImages} of {result.Facts.TestImages} test images right ({100 * result.Facts.Accuracy:0.00} %) by the golden model; in {output.TargetPath}"));
        return context.Finish(summary, ExitCode.Good);
    }

    private sealed class Observer(Action<double> progress, RunContext context) : ITrainingObserver
    {
        public void OnStep(TrainingProgress step) =>
            progress((step.Epoch - 1 + step.Batch / (double)step.Batches) / step.Epochs);

        public void OnEpoch(EpochResult epoch) => context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}: loss {epoch.Loss:0.0000}, training {100 * epoch.TrainAccuracy:0.00} %, test {100 * epoch.TestAccuracy:0.00} %"
            + $", filters {epoch.AliveFilters}, {100 * epoch.OperationsRemoved:0.0} % of the operations removed"));
    }
}
