using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Cli.Hosting;
using HwGen.Cosimulation;
using HwGen.Mapping;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>What a mapping costs, layer by layer: on screen, as CSV, in a summary.</summary>
internal static class MappingTable
{
    private static readonly string[] s_columns =
        ["layer", "kind", "rows", "passes", "row_loads", "multiply_accumulates", "row_activations", "cycles", "schedule_bound", "utilisation"];

    /// <summary>Prints the table and whether the network is resident.</summary>
    /// <param name="mapped">The mapping.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="report">What the simulated hardware did; null where it was not run.</param>
    public static void Print(MappedNetwork mapped, Terminal terminal, CosimulationReport? report = null)
    {
        string[] columns = ["layer", "computes", ">rows used", ">passes", ">cycles", ">schedule bound", ">utilisation"];
        var total = Cells("total", string.Empty, mapped.Layers.Sum(l => l.Rows), mapped.Layers.Sum(l => l.Passes), mapped.Cycles, mapped.Layers.Sum(l => l.ScheduleBound), Utilisation(mapped));
        var rows = mapped.Layers.Select(l => Cells(l.Layer, l.Kind, l.Rows, l.Passes, l.Cycles, l.ScheduleBound, l.Utilisation)).Append(total);
        if (report is not null)
        {
            columns = [.. columns, ">hardware cycles", ">values compared", ">mismatches"];
            var measured = report.Layers.Select(l => Measured(l.Cycles, l.Compared, l.Mismatches))
                .Append(Measured(report.Layers.Sum(l => l.Cycles), report.Compared, report.Mismatches));
            rows = rows.Zip(measured, (left, right) => (string[])[.. left, .. right]);
        }
        terminal.Table(columns, rows);
        terminal.Result(Residence(mapped));

        static string[] Cells(string layer, string kind, long used, long passes, long cycles, long bound, double utilisation) =>
            [layer, kind, Number(used), Number(passes), Number(cycles), Number(bound), Percent(utilisation)];

        string[] Measured(long cycles, long compared, long mismatches) =>
            [Number((long)Math.Round((double)cycles / report.Images)), Number(compared), Number(mismatches)];
    }

    /// <summary>Writes the table.</summary>
    public static void Write(MappedNetwork mapped, string path) => CsvTable.Write(path, s_columns, mapped.Layers.Select(layer => (IReadOnlyList<object?>)
    [
        layer.Layer, layer.Kind, layer.Rows, layer.Passes, layer.RowLoads, layer.MultiplyAccumulates, layer.RowActivations, layer.Cycles, layer.ScheduleBound,
        Math.Round(layer.Utilisation, 6),
    ]));

    /// <summary>The mapping as a member of a summary.</summary>
    public static JsonObject Summary(MappedNetwork mapped) => new()
    {
        ["rowsUsed"] = mapped.Layers.Sum(l => l.Rows),
        ["rowsOfTheArray"] = mapped.Program.Configuration.Rows,
        ["resident"] = mapped.IsResident,
        ["residence"] = Residence(mapped),
        ["rowLoadsPerImage"] = mapped.Program.RowLoads,
        ["cyclesPerImage"] = mapped.Cycles,
        ["scheduleBound"] = mapped.Layers.Sum(l => l.ScheduleBound),
        ["utilisation"] = Math.Round(Utilisation(mapped), 6),
        ["layers"] = new JsonArray([.. mapped.Layers.Select(layer => (JsonNode)new JsonObject
        {
            ["layer"] = layer.Layer,
            ["kind"] = layer.Kind,
            ["rows"] = layer.Rows,
            ["passes"] = layer.Passes,
            ["cycles"] = layer.Cycles,
            ["scheduleBound"] = layer.ScheduleBound,
            ["utilisation"] = Math.Round(layer.Utilisation, 6),
        })]),
    };

    /// <summary>Whether the rows are loaded once or again for each image, and why.</summary>
    public static string Residence(MappedNetwork mapped)
    {
        var array = mapped.Program.Configuration;
        var rows = mapped.Layers.Sum(l => l.Rows);
        if (mapped.IsResident)
            return string.Create(CultureInfo.InvariantCulture, $"resident: the array has {array.Rows:N0} rows and the network's {rows:N0} are loaded once");
        var why = rows > array.Rows
            ? string.Create(CultureInfo.InvariantCulture, $"the network takes {rows:N0} rows and the array has {array.Rows:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"its {rows:N0} rows do not lie side by side in {Groups(array)}");
        return string.Create(CultureInfo.InvariantCulture, $"reloaded: {why}; {mapped.Program.RowLoads:N0} rows are loaded again for each image");
    }

    private static string Groups(ArrayConfiguration array) =>
        string.Create(CultureInfo.InvariantCulture, $"{array.Groups:N0} row groups of {array.Lanes:N0} lanes, or take more cycles so");

    private static double Utilisation(MappedNetwork mapped) =>
        mapped.Cycles == 0 ? 0 : mapped.Layers.Sum(l => l.Utilisation * l.Cycles) / mapped.Cycles;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
