using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Cli.Hosting;
using HwGen.Cosimulation;
using HwGen.Cosimulation.Ladder;
using HwGen.Golden;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>What a co-simulation saw: on screen, as tables, in a summary.</summary>
/// <param name="Report">The comparison of the hardware with the golden model.</param>
/// <param name="Against">The comparison with logits from elsewhere; null where none were given.</param>
internal sealed record CosimulationResult(CosimulationReport Report, LogitComparison? Against)
{
    private const string Hardware = "rtl = golden";

    /// <summary>The steps of the ladder above the hardware, in order; none where only the hardware was run.</summary>
    public IReadOnlyList<LadderStep> Above { get; init; } = [];

    /// <summary>The interpreter's report, which counts the operands that are zero; null where it was not run.</summary>
    public CosimulationReport? Interpreted { get; init; }

    /// <summary>All steps in order.</summary>
    public IReadOnlyList<LadderStep> Ladder =>
    [
        .. Above,
        LadderStep.Of(Hardware, Report),
        .. Against is null ? (LadderStep[])[] : [new LadderStep("rtl = --against", Against.Compared, Against.Mismatches, "logits of the file", Against.FirstMismatches, [])],
    ];

    /// <summary>False where right answers cannot be counted: the images have no labels.</summary>
    public bool IsLabelled { get; init; } = true;

    private const int PrintedMismatches = 5;

    /// <summary>Good when everything that was to be compared was compared and agreed.</summary>
    public ExitCode Code => Ladder.All(step => !step.Failed) ? ExitCode.Good : ExitCode.Differs;

    /// <summary>The last line of a run.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture,
        $"compared {Report.Compared:N0} values over {Report.Images:N0} images: {Report.Mismatches:N0} mismatches; {Accuracy}{Cycles(Report.CyclesPerImage)} cycles an image (predicted {Cycles(Report.PredictedPerImage)})");

    private string Accuracy => IsLabelled ? string.Create(CultureInfo.InvariantCulture, $"accuracy {100.0 * Report.Correct / Report.Images:0.00} %; ") : "";

    /// <summary>Prints what the hardware did, layer by layer, against what was predicted.</summary>
    public void PrintLayers(Terminal terminal)
    {
        string[] zeros = Interpreted is null ? [] : [">zero operands"];
        terminal.Table(
            ["layer", ">hardware cycles", ">predicted", ">hardware row activations", ">predicted", .. zeros, ">skipped operands", ">values compared", ">mismatches"],
            Report.Layers.Append(new LayerComparison("total", Report.Compared, Report.Mismatches, Report.Counted, Report.Predicted)).Select((l, i) => (string[])
            [
                l.Layer, PerImage(l.Counted.Cycles), PerImage(l.Predicted.Cycles), PerImage(l.Counted.RowActivations), PerImage(l.Predicted.RowActivations),
                .. Interpreted is null ? (string[])[] : [PerImage((i < Report.Layers.Count ? Interpreted.Layers[i].Counted : Interpreted.Counted).ZeroOperands)],
                PerImage(l.Counted.SkippedOperands),
                l.Compared.ToString("N0", CultureInfo.InvariantCulture), l.Mismatches.ToString("N0", CultureInfo.InvariantCulture),
            ]));

        string PerImage(long all) => Cycles((double)all / Report.Images);
    }

    /// <summary>Prints what differs, what was compared with other logits, and the last line.</summary>
    public void Print(Terminal terminal)
    {
        foreach (var mismatch in Report.FirstMismatches.Take(PrintedMismatches))
            terminal.Result("MISMATCH " + mismatch);
        foreach (var mismatch in Report.CounterMismatches.Take(PrintedMismatches))
            terminal.Result("COUNTER DIFFERS " + mismatch);
        if (Report.Mismatches > 0)
        {
            terminal.Result(string.Create(CultureInfo.InvariantCulture,
                $"{Report.Mismatches:N0} values differ, in {string.Join(", ", Report.Layers.Where(l => l.Mismatches > 0).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Layer} ({l.Mismatches:N0})")))}"));
        }
        foreach (var step in Ladder.Where(step => step.Name != Hardware))
        {
            foreach (var mismatch in step.FirstMismatches.Take(PrintedMismatches))
                terminal.Result($"MISMATCH of {step.Name}: {mismatch}");
            foreach (var difference in step.OtherDifferences.Take(PrintedMismatches))
                terminal.Result($"DIFFERENCE of {step.Name}: {difference}");
        }
        if (Above.Count > 0)
        {
            foreach (var step in Ladder)
                terminal.Result(step.ToString());
        }
        if (Report.Compared == 0)
            terminal.Result("nothing was compared: that is a failure");
        terminal.Result(Line);
    }

    /// <summary>Writes the tables and the logits into a folder.</summary>
    public void Write(OutputFolder output)
    {
        CsvTable.Write(output.PathOf("comparison.csv"), ["layer", "compared", "mismatches", "cycles", "predicted_cycles", "row_activations", "predicted_row_activations", "zero_operands", "skipped_operands", "predicted_skipped_operands"],
            Report.Layers.Select((l, i) => (IReadOnlyList<object?>)
                [l.Layer, l.Compared, l.Mismatches, l.Counted.Cycles, l.Predicted.Cycles, l.Counted.RowActivations, l.Predicted.RowActivations, Interpreted?.Layers[i].Counted.ZeroOperands,
                    l.Counted.SkippedOperands, l.Predicted.SkippedOperands]));
        CsvTable.Write(output.PathOf("mismatches.csv"), ["step", "image", "layer", "channel", "row", "column", "expected", "found"],
            Ladder.SelectMany(step => step.FirstMismatches.Select(m => (IReadOnlyList<object?>)[step.Name, m.Image, m.Layer, m.Channel, m.Row, m.Column, m.Expected, m.Actual])));
        Logits(Report.Logits).Write(output.PathOf("logits.npy"));
    }

    /// <summary>The result as a member of a summary; nothing in it depends on time.</summary>
    public JsonObject Summary() => new()
    {
        ["images"] = Report.Images,
        ["compared"] = Report.Compared,
        ["mismatches"] = Report.Mismatches,
        ["counterMismatches"] = Report.CounterMismatches.Count,
        ["cyclesPerImage"] = Report.CyclesPerImage,
        ["predictedCyclesPerImage"] = Report.PredictedPerImage,
        ["rowActivationsPerImage"] = (double)Report.Counted.RowActivations / Report.Images,
        ["predictedRowActivationsPerImage"] = (double)Report.Predicted.RowActivations / Report.Images,
        ["zeroOperandsPerImage"] = Interpreted is null ? null : (double)Interpreted.Counted.ZeroOperands / Report.Images,
        ["skippedOperandsPerImage"] = (double)Report.Counted.SkippedOperands / Report.Images,
        ["correct"] = IsLabelled ? Report.Correct : null,
        ["accuracy"] = IsLabelled ? (double)Report.Correct / Report.Images : null,
        ["rowLoads"] = Report.RowLoads,
        ["logitsSha256"] = new Logits(Report.Logits).Hash(),
        ["against"] = Against is null ? null : new JsonObject { ["compared"] = Against.Compared, ["mismatches"] = Against.Mismatches },
        ["ladder"] = new JsonArray([.. Ladder.Select(step => (JsonNode)new JsonObject
        {
            ["step"] = step.Name,
            ["verdict"] = step.Verdict,
            ["compared"] = step.Compared,
            ["mismatches"] = step.Mismatches,
            ["what"] = step.What,
            ["differences"] = new JsonArray([.. step.FirstMismatches.Select(m => m.ToString()).Concat(step.OtherDifferences).Select(text => (JsonNode)JsonValue.Create(text))]),
        })]),
        ["firstMismatches"] = new JsonArray([.. Report.FirstMismatches.Select(m => JsonValue.Create(m.ToString()))]),
        ["firstCounterMismatches"] = new JsonArray([.. Report.CounterMismatches.Select(m => JsonValue.Create(m.ToString()))]),
        ["layers"] = new JsonArray([.. Report.Layers.Select((l, i) => (JsonNode)new JsonObject
        {
            ["layer"] = l.Layer,
            ["compared"] = l.Compared,
            ["mismatches"] = l.Mismatches,
            ["cycles"] = l.Counted.Cycles,
            ["predictedCycles"] = l.Predicted.Cycles,
            ["rowActivations"] = l.Counted.RowActivations,
            ["predictedRowActivations"] = l.Predicted.RowActivations,
            ["zeroOperands"] = Interpreted?.Layers[i].Counted.ZeroOperands,
            ["skippedOperands"] = l.Counted.SkippedOperands,
            ["predictedSkippedOperands"] = l.Predicted.SkippedOperands,
        })]),
    };

    /// <summary>Logits as an array file: images × classes, 32 bits each.</summary>
    public static NpyArray Logits(int[,] logits) =>
        new([logits.GetLength(0), logits.GetLength(1)], "i4", [.. logits.Cast<int>().Select(value => (long)value)]);

    private static string Cycles(double cycles) => cycles.ToString(cycles == Math.Floor(cycles) ? "N0" : "N1", CultureInfo.InvariantCulture);
}
