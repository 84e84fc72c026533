using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Cli.Hosting;
using HwGen.Mapping;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>What a mapping costs, layer by layer: on screen, as CSV, in a summary.</summary>
internal static class MappingTable
{
    private static readonly string[] s_columns =
    [
        "layer", "kind", "rows", "passes", "row_loads", "multiply_accumulates", "row_activations", "cell_operations", "cycles", "evaluation_cycles", "transfer_cycles",
        "schedule_bound", "utilisation", "padding_operands", "constant_filters", "cell_bits", "threshold_bits", "output_bits", "memory_bits",
        "transfer_cycles_reload_an_image", "transfer_cycles_batch_a_pass",
    ];

    /// <summary>Prints the table, whether the network is resident, images a second and what bounds them.</summary>
    /// <param name="mapped">The mapping.</param>
    /// <param name="clockMegahertz">The clock that images a second are for.</param>
    /// <param name="terminal">Where to.</param>
    public static void Print(MappedNetwork mapped, double clockMegahertz, Terminal terminal)
    {
        var layers = mapped.Layers;
        terminal.Table(
            ["layer", "computes", ">rows used", ">passes", ">MACs", ">row activations", ">cycles", ">schedule bound", ">utilisation", ">padding operands", ">memory bits"],
            layers.Select(l => Cells(l.Layer, l.Kind, l.Rows, l.Passes, l.MultiplyAccumulates, l.RowActivations, l.Cycles, l.ScheduleBound, l.Utilisation, l.PaddingOperands, l.Memory.Bits))
                .Append(Cells(
                    "total", string.Empty, layers.Sum(l => l.Rows), layers.Sum(l => l.Passes), layers.Sum(l => l.MultiplyAccumulates), layers.Sum(l => l.RowActivations),
                    mapped.Cycles, layers.Sum(l => l.ScheduleBound), Utilisation(mapped), layers.Sum(l => l.PaddingOperands), layers.Sum(l => l.Memory.Bits))));
        if (layers.Any(l => l.ConstantFilters > 0))
        {
            terminal.Result(string.Create(CultureInfo.InvariantCulture,
                $"left out: {layers.Sum(l => l.ConstantFilters):N0} filters that have one value whatever the image ({string.Join(", ", layers.Where(l => l.ConstantFilters > 0).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Layer}: {l.ConstantFilters:N0}")))})"));
        }
        terminal.Result(Residence(mapped));
        PrintReloads(mapped, clockMegahertz, terminal);
        if (Packing(mapped) is { } packing)
            terminal.Result(packing);
        if (PackedWindows(mapped) is { } windows)
            terminal.Result(windows);
        terminal.Result(Rate(Throughput.Of(mapped, clockMegahertz)));

        static string[] Cells(string layer, string kind, long used, long passes, long products, long activations, long cycles, long bound, double utilisation, long padding, long bits) =>
            [layer, kind, Number(used), Number(passes), Number(products), Number(activations), Number(cycles), Number(bound), Percent(utilisation), Number(padding), Number(bits)];
    }

    /// <summary>Writes the table.</summary>
    public static void Write(MappedNetwork mapped, string path) => CsvTable.Write(path, s_columns, mapped.Layers.Select((layer, i) => (IReadOnlyList<object?>)
    [
        layer.Layer, layer.Kind, layer.Rows, layer.Passes, layer.RowLoads, layer.MultiplyAccumulates, layer.RowActivations, layer.CellOperations, layer.Cycles,
        layer.EvaluationCycles, layer.TransferCycles, layer.ScheduleBound, Math.Round(layer.Utilisation, 6), layer.PaddingOperands, layer.ConstantFilters,
        layer.Memory.CellBits, layer.Memory.ThresholdBits, layer.Memory.OutputBits, layer.Memory.Bits,
        mapped.Reloads is [var each, _] ? each.TransferCycles[i] : null, mapped.Reloads is [_, var together] ? together.TransferCycles[i] : null,
    ]));

    /// <summary>The mapping as a member of a summary.</summary>
    public static JsonObject Summary(MappedNetwork mapped, double clockMegahertz)
    {
        var rate = Throughput.Of(mapped, clockMegahertz);
        return new JsonObject
        {
            ["rowsUsed"] = mapped.Layers.Sum(l => l.Rows),
            ["rowsOfTheArray"] = mapped.Program.Configuration.TotalRows,
            ["resident"] = mapped.IsResident,
            ["residence"] = Residence(mapped),
            ["batch"] = mapped.Program.Batch,
            ["reloads"] = new JsonArray([.. mapped.Reloads.Select(reload => (JsonNode)new JsonObject
            {
                ["strategy"] = Strategy(reload),
                ["batch"] = reload.Batch,
                ["transferCyclesPerImage"] = reload.TransferCycles.Sum(),
                ["cyclesPerImage"] = reload.ImageCycles,
                ["chosen"] = reload.Batch == mapped.Program.Batch,
            })]),
            ["packing"] = JsonNamingPolicy.CamelCase.ConvertName(mapped.Packing.ToString()),
            ["imageCycles"] = mapped.ImageCycles,
            ["otherPackingCycles"] = mapped.OtherPackingCycles,
            ["rowLoadsPerImage"] = mapped.Program.RowLoads,
            ["multiplyAccumulates"] = mapped.Layers.Sum(l => l.MultiplyAccumulates),
            ["rowActivations"] = mapped.Layers.Sum(l => l.RowActivations),
            ["cellOperations"] = mapped.Layers.Sum(l => l.CellOperations),
            ["cyclesPerImage"] = mapped.Cycles,
            ["scheduleBound"] = mapped.Layers.Sum(l => l.ScheduleBound),
            ["utilisation"] = Math.Round(Utilisation(mapped), 6),
            ["constantFilters"] = mapped.Layers.Sum(l => l.ConstantFilters),
            ["paddingOperands"] = mapped.Layers.Sum(l => l.PaddingOperands),
            ["memoryBits"] = mapped.Layers.Sum(l => l.Memory.Bits),
            ["throughput"] = new JsonObject
            {
                ["clockMegahertz"] = rate.ClockMegahertz,
                ["transferCyclesPerImage"] = rate.TransferCycles,
                ["imagesPerSecond"] = Math.Round(rate.ImagesPerSecond, 3),
                ["bottleneckLayer"] = rate.Layer,
                ["bottleneck"] = JsonNamingPolicy.CamelCase.ConvertName(rate.Part.ToString()),
                ["bottleneckCycles"] = rate.PartCycles,
            },
            ["layers"] = new JsonArray([.. mapped.Layers.Select(layer => (JsonNode)new JsonObject
            {
                ["layer"] = layer.Layer,
                ["kind"] = layer.Kind,
                ["rows"] = layer.Rows,
                ["passes"] = layer.Passes,
                ["rowLoads"] = layer.RowLoads,
                ["multiplyAccumulates"] = layer.MultiplyAccumulates,
                ["rowActivations"] = layer.RowActivations,
                ["cellOperations"] = layer.CellOperations,
                ["cycles"] = layer.Cycles,
                ["evaluationCycles"] = layer.EvaluationCycles,
                ["transferCycles"] = layer.TransferCycles,
                ["scheduleBound"] = layer.ScheduleBound,
                ["utilisation"] = Math.Round(layer.Utilisation, 6),
                ["paddingOperands"] = layer.PaddingOperands,
                ["constantFilters"] = layer.ConstantFilters,
                ["cellBits"] = layer.Memory.CellBits,
                ["thresholdBits"] = layer.Memory.ThresholdBits,
                ["outputBits"] = layer.Memory.OutputBits,
            })]),
        };
    }

    /// <summary>Images a second at the clock, and what takes most of the cycles.</summary>
    public static string Rate(Throughput rate) => string.Create(CultureInfo.InvariantCulture,
        $"{Rounded(rate.ImagesPerSecond)} images/s at {rate.ClockMegahertz:0.###} MHz: {rate.Cycles:N0} cycles of the core and {rate.TransferCycles:N0} of transfers an image; bottleneck: {Bottleneck(rate)}, {rate.PartCycles:N0} cycles ({100 * rate.PartShare:0.0} %)");

    private static string Bottleneck(Throughput rate) => rate.Part switch
    {
        CyclePart.Evaluation => $"layer {rate.Layer}, its rows meeting operands",
        CyclePart.Output => $"layer {rate.Layer}, waiting for its outputs",
        CyclePart.Reload => $"layer {rate.Layer}, its rows and descriptors being loaded again",
        _ => "the image and the results being moved",
    };

    private static string Rounded(double value) => value.ToString(value >= 100 ? "N0" : "N2", CultureInfo.InvariantCulture);

    /// <summary>Whether the rows are loaded once or again for each image, and why.</summary>
    public static string Residence(MappedNetwork mapped)
    {
        var array = mapped.Program.Configuration;
        var rows = mapped.Layers.Sum(l => l.Rows);
        if (mapped.IsResident)
            return string.Create(CultureInfo.InvariantCulture, $"resident: the array has {array.TotalRows:N0} rows and the network's {rows:N0} are loaded once");
        var why = rows > array.TotalRows
            ? string.Create(CultureInfo.InvariantCulture, $"the network takes {rows:N0} rows and the array has {array.TotalRows:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"its {rows:N0} rows do not lie side by side in {Groups(array)}");
        return string.Create(CultureInfo.InvariantCulture, $"reloaded: {why}; {mapped.Program.RowLoads:N0} rows are loaded again for each {(mapped.Program.Batch > 1 ? string.Create(CultureInfo.InvariantCulture, $"batch of {mapped.Program.Batch:N0} images") : "image")}");
    }

    /// <summary>How the input is packed; null where it lies channel by channel and nothing else could be.</summary>
    private static string? Packing(MappedNetwork mapped)
    {
        var other = mapped.OtherPackingCycles is { } cycles ? string.Create(CultureInfo.InvariantCulture, $"; the other way an image would take {cycles:N0}") : string.Empty;
        return mapped.Program.Windows is { } windows
            ? string.Create(CultureInfo.InvariantCulture, $"input packed densely: the host writes the {windows.Elements:N0} values of each window back to back, and an image takes {mapped.ImageCycles:N0} cycles, transfers included{other}")
            : mapped.OtherPackingCycles is null
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"input packed by channel: an image takes {mapped.ImageCycles:N0} cycles, transfers included{other}");
    }

    /// <summary>Which layers have their windows packed densely by the core; null where none has.</summary>
    private static string? PackedWindows(MappedNetwork mapped)
    {
        var packed = mapped.Program.Stages.Where(stage => stage.Passes.Any(pass => pass.Descriptor.PacksWindows)).Select(stage => stage.Name).ToList();
        return packed.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"windows packed densely by the core: {string.Join(", ", packed)}");
    }

    /// <summary>The two strategies of the host where rows are loaded again, and which one was taken.</summary>
    private static void PrintReloads(MappedNetwork mapped, double clockMegahertz, Terminal terminal)
    {
        if (mapped.Reloads.Count == 0)
            return;
        var image = mapped.Program.ImageTransferCycles;
        terminal.Table(
            ["rows are loaded again", "stay in the core", ">cycles of the core", ">cycles of the host", ">images/s", "taken"],
            mapped.Reloads.Select(reload => (string[])
            [
                reload.Batch == 1 ? "for each image" : string.Create(CultureInfo.InvariantCulture, $"for each batch of {reload.Batch:N0}, pass by pass"),
                reload.Batch == 1 ? "the image's maps" : "the rows",
                Number(reload.CoreCycles), Number(reload.TransferCycles.Sum() + image), Rounded(clockMegahertz * 1e6 / (reload.ImageCycles + image)),
                reload.Batch == mapped.Program.Batch ? "yes" : string.Empty,
            ]));
    }

    private static string Strategy(ReloadCost reload) => reload.Batch == 1 ? "reloadAnImage" : "batchAPass";

    private static string Groups(ArrayConfiguration array) =>
        string.Create(CultureInfo.InvariantCulture, $"{array.Groups:N0} row groups of {array.TotalLanes:N0} lanes, or take more cycles so");

    private static double Utilisation(MappedNetwork mapped) =>
        mapped.Cycles == 0 ? 0 : mapped.Layers.Sum(l => l.Utilisation * l.Cycles) / mapped.Cycles;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double value) => (100 * value).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
