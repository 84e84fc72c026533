using System.CommandLine;
using System.Globalization;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
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
        var inSitu = new Option<string>("--in-situ")
        {
            Description = "Where the distances of pruning are measured: by the golden model, or in simulated hardware, which also decides; the network is the same",
            DefaultValueFactory = _ => InSituMeasurement.Engines[0],
        };
        inSitu.AcceptOnlyFromAmong([.. InSituMeasurement.Engines]);
        var configuration = new Option<string?>("--config", "-c")
        {
            Description = "The array of --in-situ compiled or verilator: a YAML file with a similarity section. Default: one that holds the recipe's layers",
            HelpName = "CONFIG",
        };
        var (force, dataFolder, jobs, yes) = (CommonOptions.Force(), CommonOptions.DataFolder(), CommonOptions.Jobs(), CommonOptions.Yes());
        return new Command("train", "Train a network from a recipe, export it to integers and measure it with the golden model")
            { recipe, output, checkpoint, inSitu, configuration, force, dataFolder, jobs, yes }
            .Runs((parsed, context) => RunAsync(
                new Request(
                    parsed.GetRequiredValue(recipe), parsed.GetRequiredValue(output), parsed.GetValue(checkpoint), parsed.GetRequiredValue(inSitu), parsed.GetValue(configuration),
                    parsed.GetValue(force), parsed.GetValue(dataFolder), parsed.GetValue(jobs), parsed.GetValue(yes)),
                context));
    }

    private static async Task<ExitCode> RunAsync(Request request, RunContext context)
    {
        var (recipePath, outputPath, checkpoint, inSitu, configuration, force, dataFolder, jobs, yes) = request;

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
        using var measurement = await InSituMeasurement.StartAsync(inSitu, configuration, recipe, recipePath, data.Train.Shape.Channels, yes, context).ConfigureAwait(false);
        var checkpointPath = checkpoint ?? output.TargetPath + ".checkpoint";
        if (File.Exists(checkpointPath))
            context.Terminal.Say($"continues from {checkpointPath}");
        context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"{recipe.Name}: {data.Train.Count} training and {data.Test.Count} test images of {recipe.Data.Set}, {recipe.Plan.Epochs} epochs, seed {recipe.Seed}, {jobs} threads"));

        var result = await context.Terminal.ProgressAsync($"training {recipe.Name}", progress => Task.Run(
            () => TrainingRun.Run(recipe, data, jobs, new Observer(progress, measurement, context), context.CancellationToken, checkpointPath, measurement?.Distances), context.CancellationToken)).ConfigureAwait(false);

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
            .Add("inSitu", InSituMeasurement.Summary(measurement))
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

    /// <summary>What the command line asks for.</summary>
    private sealed record Request(
        string Recipe, string Output, string? Checkpoint, string InSitu, string? Configuration, bool Force, string? DataFolder, int Jobs, bool Yes);

    private sealed class Observer(Action<double> progress, InSituMeasurement? measurement, RunContext context) : ITrainingObserver
    {
        public void OnStep(TrainingProgress step) =>
            progress((step.Epoch - 1 + step.Batch / (double)step.Batches) / step.Epochs);

        public void OnEpoch(EpochResult epoch)
        {
            context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
                $"epoch {epoch.Epoch}: loss {epoch.Loss:0.0000}, training {100 * epoch.TrainAccuracy:0.00} %, test {100 * epoch.TestAccuracy:0.00} %"
                + $", filters {epoch.AliveFilters}, {100 * epoch.OperationsRemoved:0.0} % of the operations removed"));
            if (measurement?.OnEpoch(epoch.Epoch) is { } line)
                context.Terminal.Say(line);
        }
    }
}
