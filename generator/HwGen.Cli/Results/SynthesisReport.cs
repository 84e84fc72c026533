using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Cim;
using HwGen.Cli.Hosting;
using HwGen.Synthesis;
using HwGen.Synthesis.Layout;
using HwGen.Synthesis.Timing;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>A synthesis as people and programs read it: printed, as tables, as a summary.</summary>
internal sealed class SynthesisReport(SynthesisResult result, SynthesisOptions options)
{
    /// <summary>The file of the netlist of standard cells.</summary>
    public const string Netlist = "netlist.v";

    /// <summary>The power of a workload; null where none was asked for.</summary>
    public WorkloadPower? Power { get; init; }

    /// <summary>The layout; null where none was asked for.</summary>
    public LayoutResult? Layout { get; init; }

    /// <summary>Writes netlist, constraints, tables and logs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="models">Verilog files of the black boxes' behaviour.</param>
    public void Write(OutputFolder output, IReadOnlyList<string> models)
    {
        foreach (var name in (string[])["netlist.v", "cell_models.v", "netlist.json", "netlist.edif", "constraints.sdc", "design.bin", "serial_wrapper.v"])
        {
            if (File.Exists(Path.Combine(result.Folder, name)))
                File.Copy(Path.Combine(result.Folder, name), output.PathOf(name));
        }
        if (options.Target.IsStandardCells())
        {
            // `hwgen cosim --rtl` runs the netlist in place of the source.
            foreach (var model in models)
                File.Copy(model, output.PathOf(Path.GetFileName(model)));
            var list = string.Concat(models.Select(model => Path.GetFileName(model) + "\n")) + "cell_models.v\nnetlist.v\n";
            File.WriteAllText(output.PathOf(CoreFiles.SimulationList), list);
            File.WriteAllText(output.PathOf(CoreFiles.SynthesisList), list);
        }
        Power?.Write(output);
        if (Layout is { } layout)
        {
            File.Copy(layout.Def, output.PathOf("layout/routed.def"));
            foreach (var log in Directory.EnumerateFiles(layout.Logs).Order(StringComparer.Ordinal))
                File.Copy(log, output.PathOf("logs/qflow/" + Path.GetFileName(log)));
        }
        foreach (var log in Directory.EnumerateFiles(Path.Combine(result.Folder, "logs")).Order(StringComparer.Ordinal))
            File.Copy(log, output.PathOf("logs/" + Path.GetFileName(log)));
        CsvTable.Write(output.PathOf("cells.csv"), ["cell", "count"], result.Cells.Select(cell => (IReadOnlyList<object?>)[cell.Key, cell.Value]));
        if (result.Timing?.WorstPath is { } path)
            CsvTable.Write(output.PathOf("worst_path.csv"), ["signal", "cell", "delay_ns", "time_ns"], path.Steps.Select(step => (IReadOnlyList<object?>)[step.Signal, step.Cell, step.Delay, step.Time]));
    }

    /// <summary>The members of <c>summary.json</c>.</summary>
    public RunSummary Summary()
    {
        var summary = new RunSummary("synth")
            .Add("topModule", result.Top)
            .Add("target", Target)
            .Add("library", result.Library)
            .Add("adders", options.Target.TakesAdderCells(options.Adders) ? "cells" : "sums")
            .Add("cells", result.CellCount)
            .Add("flipFlops", result.FlipFlops)
            .Add("fullAdderCells", result.Adders.Full)
            .Add("halfAdderCells", result.Adders.Half)
            .Add("area", result.Area)
            .Add("blackBoxMemories", result.BlackBoxMemories.Count)
            .Add("blackBoxMemoryBits", result.BlackBoxMemories.Bits);
        if (result.Fpga is { } fpga)
        {
            summary.Add("luts", fpga.Luts).Add("logicCells", fpga.LogicCells).Add("blockRams", fpga.BlockRams)
                .Add("bitstream", fpga.Bitstream is null ? null : Path.GetFileName(fpga.Bitstream)).Add("serialWrapper", fpga.HasSerialWrapper);
        }
        if (result.Timing is { } timing)
        {
            summary.Add("minimumPeriodNs", Math.Round(timing.MinimumPeriod, 4)).Add("maximumFrequencyMHz", Math.Round(timing.MaximumFrequency, 2)).Add("timingTool", timing.Tool);
            if (timing.WorstPath is { } path)
                summary.Add("worstPath", new JsonObject { ["from"] = path.From, ["to"] = path.To, ["blocks"] = new JsonArray([.. path.Blocks.Distinct().Select(block => JsonValue.Create(block))]) });
        }
        if (Power is { } power)
            summary.Add("power", power.Summary());
        if (Layout is { } layout)
        {
            summary.Add("layout", new JsonObject
            {
                ["failedRoutes"] = layout.FailedRoutes,
                ["density"] = layout.Density,
                ["otherTries"] = new JsonArray([.. layout.Others.Select(other => new JsonObject { ["density"] = other.Density, ["failedRoutes"] = other.FailedRoutes })]),
                ["widthUm"] = layout.Width,
                ["heightUm"] = layout.Height,
                ["frequencyBeforeMHz"] = layout.FrequencyBefore,
                ["frequencyAfterMHz"] = layout.FrequencyAfter,
            });
        }
        return summary.Add("notes", new JsonArray([.. result.Notes.Select(note => JsonValue.Create(note))]));
    }

    /// <summary>Says what came out.</summary>
    public void Print(Terminal terminal, string folder)
    {
        var rows = new List<IReadOnlyList<string>> { Row("cells", $"{result.CellCount:N0}, of them {result.FlipFlops:N0} flip-flops") };
        if (result.Area is { } area)
            rows.Add(Row("area", $"{area:N0} µm² ({result.Library})"));
        if (result.Adders != default)
            rows.Add(Row("adder cells", $"{result.Adders.Full:N0} full, {result.Adders.Half:N0} half"));
        if (result.BlackBoxMemories.Count > 0)
            rows.Add(Row("black boxes", $"{result.BlackBoxMemories.Count:N0} memories of {result.BlackBoxMemories.Bits:N0} bits together"));
        if (result.Fpga is { } fpga)
        {
            rows.Add(Row("look-up tables", $"{fpga.Luts:N0}"));
            if (fpga.LogicCells is { } logicCells)
                rows.Add(Row("logic cells", $"{logicCells:N0}, placed"));
            rows.Add(Row("block RAMs", $"{fpga.BlockRams:N0}"));
        }
        if (result.Timing is { } timing)
        {
            rows.Add(Row("highest clock", $"{timing.MaximumFrequency:N1} MHz: {timing.MinimumPeriod:N3} ns ({timing.Tool})"));
            if (timing.WorstPath is { } path)
            {
                rows.Add(Row("worst path", $"from {path.From} to {path.To}"));
                rows.Add(Row("through", $"{string.Join(", ", path.Blocks.Distinct())}"));
            }
        }
        if (Layout is { } layout)
        {
            rows.Add(Row("layout", $"{layout.Width:N1} × {layout.Height:N1} µm, {layout.FailedRoutes} failed routes, {layout.Density * 100:0} % of the area for cells"));
            foreach (var (density, failed) in layout.Others)
                rows.Add(Row("another try", $"{failed} failed routes, {density * 100:0} % of the area for cells"));
            rows.Add(Row("clock in qflow", $"{layout.FrequencyBefore:N1} MHz before routing, {layout.FrequencyAfter:N1} MHz after"));
        }
        Power?.AddTo(rows);
        terminal.Table([$"{result.Top}", Target], rows);
        foreach (var note in result.Notes)
            terminal.Result("note: " + note);
        terminal.Result($"netlist, reports and logs in {folder}");
    }

    private string Target => result.Target.ToString().ToLowerInvariant();

    private static IReadOnlyList<string> Row(string name, FormattableString value) => [name, value.ToString(CultureInfo.InvariantCulture)];
}
