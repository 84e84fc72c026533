using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Golden;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen import</c>: another tool's ONNX or QONNX file becomes a network of ours, or is refused by node name and reason.</summary>
internal static class ImportCommand
{
    /// <summary>Images that show the ranges of a float network; more change little.</summary>
    private const int MostCalibrationImages = 500;

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "The file: ONNX with QONNX, QuantizeLinear/DequantizeLinear or integer operators" };
        var output = CommonOptions.Output("Where the network and its layer table go");
        var name = new Option<string?>("--name") { Description = "The network's name; that of the file when not given", HelpName = "NAME" };
        var scaling = InputScalingOption.Create();
        var quantise = new Option<string?>("--quantize") { Description = "Make an integer network of a float one: int8; needs --calibrate", HelpName = "FORMAT" };
        quantise.AcceptOnlyFromAmong("int8");
        var calibrate = new Option<string?>("--calibrate")
        {
            Description = "The data set whose training images show the ranges of a float network; accuracy before and after is measured on its test images",
            HelpName = "SET",
        };
        var limit = CommonOptions.Positive(new Option<int>("--maximum-size") { Description = "The largest file that is read, in MB", HelpName = "MB", DefaultValueFactory = _ => 256 });
        var (force, dataFolder) = (CommonOptions.Force(), CommonOptions.DataFolder());
        var command = new Command("import", "Bring a foreign network into our file") { model, output, name, scaling, quantise, calibrate, limit, force, dataFolder };
        command.Validators.Add(result =>
        {
            if (result.GetResult(quantise) is null != result.GetResult(calibrate) is null)
                result.AddError("--quantize and --calibrate go together");
        });
        return command
            .Runs((parsed, context) => Task.FromResult(Run(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(output), parsed.GetValue(force), parsed.GetValue(calibrate), parsed.GetValue(dataFolder),
                new ImportOptions
                {
                    Name = parsed.GetValue(name),
                    Scaling = parsed.GetValue(scaling) ?? InputScaling.ZeroToOne,
                    MaximumBytes = parsed.GetValue(limit) * 1_000_000L,
                },
                context)));
    }

    private static ExitCode Run(string modelPath, string outputPath, bool force, string? set, string? dataFolder, ImportOptions options, RunContext context)
    {
        using var output = OutputFolder.Begin(outputPath, force);
        var (network, notes, _) = set is null
            ? OnnxImporter.Import(modelPath, options)
            : PostTrainingQuantiser.Quantise(modelPath, CalibrationImages(Images(set, train: true, dataFolder)), options);
        var accuracy = set is null ? null : Accuracy(modelPath, options, network, Images(set, train: false, dataFolder));
        context.CancellationToken.ThrowIfCancellationRequested();

        var layers = LayerTable.Of(network);
        NetworkFile.Write(network, output.PathOf("network" + NetworkFile.Extension));
        CsvTable.Write(output.PathOf("layers.csv"),
            ["layer", "kind", "inputs", "channels", "height", "width", "format", "minimum", "maximum", "weightFormat", "weights", "weightBits", "multiplyAccumulates"],
            layers.Select(layer => (IReadOnlyList<object?>)
            [
                layer.Name, layer.Kind, layer.Inputs, layer.Output.Channels, layer.Output.Height, layer.Output.Width, layer.Format.ToString(),
                layer.Range.Minimum, layer.Range.Maximum, layer.WeightFormat, layer.Weights, layer.WeightBits, layer.MultiplyAccumulates,
            ]));
        var summary = new RunSummary("import")
            .Add("network", network.Name)
            .Add("sourceSha256", ContentKey.Sha256OfFile(modelPath))
            .Add("networkSha256", ContentKey.Sha256OfFile(output.PathOf("network" + NetworkFile.Extension)))
            .Add("inputScaling", options.Scaling.Name)
            .Add("calibratedOn", set)
            .Add("accuracy", accuracy?.Summary)
            .Add("layers", layers.Count)
            .Add("weights", layers.Sum(layer => layer.Weights))
            .Add("multiplyAccumulates", layers.Sum(layer => layer.MultiplyAccumulates))
            .Add("notes", new JsonArray([.. notes.Select(note => JsonValue.Create(note))]))
            .Add("exitCode", (int)ExitCode.Good);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();

        foreach (var line in LayerTable.ToText(network).TrimEnd().Split('\n'))
            context.Terminal.Result(line);
        if (accuracy is not null)
            context.Terminal.Result(accuracy.ToString());
        foreach (var note in notes)
            context.Terminal.Result("note: " + note);
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"{network.Name}: {layers.Count} layers, {layers.Sum(layer => layer.Weights):N0} weights; in {output.TargetPath}"));
        return context.Finish(summary, ExitCode.Good);
    }

    /// <summary>Right answers of the source file as it stands and of the integers that were made of it.</summary>
    private sealed record AccuracyChange(string Set, int Images, int Before, int After)
    {
        public JsonObject Summary => new() { ["set"] = Set, ["images"] = Images, ["correctBefore"] = Before, ["correctAfter"] = After };

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"accuracy on {Images:N0} test images of {Set}: {100.0 * Before / Images:0.00} % in float, {100.0 * After / Images:0.00} % in integers");
    }

    private static AccuracyChange Accuracy(string modelPath, ImportOptions options, QuantisedNetwork network, ImageSet test) => new(
        test.Name, test.Count, SourceModel.Load(modelPath, options).Correct(test), FastModel.Compile(network).Logits(test).Correct(test.Labels));

    private static ImageSet CalibrationImages(ImageSet images) => images.First(Math.Min(MostCalibrationImages, images.Count));

    private static ImageSet Images(string set, bool train, string? dataFolder)
    {
        try
        {
            if (DataFolders.LoadIdx(set, train, dataFolder) is { } images)
                return images;
        }
        catch (ArgumentException exception)
        {
            throw new InputException(new InputError(exception.Message) { Key = "--calibrate", Value = set }, exception);
        }
        throw new InputException(new InputError($"the data set is in none of {string.Join(", ", DataFolders.Candidates(dataFolder))}") { Key = "--calibrate", Value = set });
    }
}
