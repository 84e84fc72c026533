using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Cli.Inputs;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis;
using HwGen.Synthesis.Manifests;
using HwGen.Templates;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>A generated core as a folder: Verilog, file lists, configuration, document.</summary>
internal static class CoreFolder
{
    /// <summary>Flip-flop cells that synthesis tools take without complaint: 16,384 cost Yosys four minutes and 2.5 GB.</summary>
    private const long LargeFlipFlopArray = 16_384;

    private const string Template = "documents/core.md.hbs";

    /// <summary>Writes the files.</summary>
    /// <param name="core">The core.</param>
    /// <param name="configurationText">The configuration as its file has it.</param>
    /// <param name="output">Where to.</param>
    /// <param name="place">The folder inside of the output, ending in a slash; empty for the output itself.</param>
    /// <returns>What was written, in numbers.</returns>
    public static RunSummary Write(GeneratedCore core, string configurationText, OutputFolder output, string place)
    {
        var files = CoreFiles.Of(core);
        foreach (var (path, text) in files)
            File.WriteAllText(output.PathOf(place + path), text);
        var description = CoreDescription.Of(core);
        File.WriteAllText(output.PathOf(place + ConfigurationInput.FileName), configurationText);
        File.WriteAllText(output.PathOf(place + "core.md"), Document(core, description));
        if (core.Configuration.HasBus)
        {
            foreach (var (path, text) in HostFiles.Of(core.Configuration))
                File.WriteAllText(output.PathOf(place + path), text);
        }
        foreach (var (path, text) in FlowManifests.Of(Content(core, files)))
            File.WriteAllText(output.PathOf(place + path), text);
        return Summary(core, description, files);
    }

    /// <summary>What a person should know before synthesis; null for nothing.</summary>
    public static string? SizeNote(GeneratedCore core)
    {
        var array = core.Configuration;
        var cells = (long)array.Rows * array.Columns;
        return cells < LargeFlipFlopArray || array.Storage != StorageKind.FlipFlop ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the {cells:N0} cells are flip-flops: past {LargeFlipFlopArray:N0} synthesis to standard cells takes minutes and gigabytes; array.storage: memory takes SRAM or block RAM");
    }

    private static ManifestContent Content(GeneratedCore core, IReadOnlyList<(string Path, string Text)> files)
    {
        var top = core.Design.Top;
        var clock = top.Domains[0];
        var ports = top.Ports.Select(port => new ModulePort(port.Name, port.IsInput, port.Width)).ToList();
        if (top.UsesReset(clock))
            ports.Add(new ModulePort(clock.Reset, true, 1));
        return new ManifestContent(
            core.TopModule, clock.Clock, ports, List(CoreFiles.SynthesisList), List(CoreFiles.CellsList), List(CoreFiles.SimulationList), FlowManifests.DefaultPeriod);

        IReadOnlyList<string> List(string name) => files.Single(file => file.Path == name).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Document(GeneratedCore core, CoreDescription description)
    {
        var array = core.Configuration;
        var operations = array.RowOperations.Select(operation => FormattableString.Invariant($"{operation.ToString().ToLowerInvariant()} ({(int)operation})"));
        return TextTemplates.Render(Template, new
        {
            top = core.TopModule,
            version = typeof(CoreFolder).Assembly.GetName().Version!.ToString(3),
            rows = array.Rows,
            columns = array.Columns,
            lanes = array.Lanes,
            parameters = new[]
            {
                new { name = "rows", value = FormattableString.Invariant($"{array.Rows}") },
                new { name = "columns", value = FormattableString.Invariant($"{array.Columns}") },
                new { name = "lanes", value = FormattableString.Invariant($"{array.Lanes}") },
                new { name = "macros", value = FormattableString.Invariant($"{array.Macros}") },
                new { name = "row groups", value = FormattableString.Invariant($"{array.Groups}") },
                new { name = "storage", value = Storage(array) },
                new { name = "row operations (and their codes)", value = string.Join(", ", operations) },
                new { name = "operand memory", value = FormattableString.Invariant($"{array.OperandWords} words of {array.Columns} bits") },
                new { name = "result memory", value = FormattableString.Invariant($"{array.ResultWords} words of {array.AccumulatorBits} bits") },
                new { name = "initial values", value = FormattableString.Invariant($"{array.InitialDepth} a lane, each {array.AccumulatorBits} bits and a direction") },
                new { name = "level memory", value = FormattableString.Invariant($"{array.LevelWords} words of {array.AccumulatorBits} bits") },
                new { name = "accumulator", value = FormattableString.Invariant($"{array.AccumulatorBits} bits, two's complement: a fan-in of {array.LargestFanIn} with {array.InputBits} input bits and {array.WeightBits} weight bits") },
            },
            ports = description.Ports,
            fields = description.Fields,
            hasBus = array.HasBus,
            prefix = array.Name,
        });
    }

    private static string Storage(ArrayConfiguration array) => array.Storage switch
    {
        StorageKind.Memory when array.MemoryMacro == MemoryMacroKind.External => FormattableString.Invariant($"memory: {array.Lanes} macros of {array.Groups} words of {array.Columns} bits, taken from elsewhere by synthesis (a stub in rtl/, a model in sim/)"),
        StorageKind.Memory => FormattableString.Invariant($"memory: {array.Lanes} banks of {array.Groups} words of {array.Columns} bits, inferred"),
        StorageKind.Rram => FormattableString.Invariant($"rram: {array.Lanes} banks of {array.Groups} words and {array.SpareRows} spare rows of {array.StoredBits} bits, taken from elsewhere by synthesis (a stub in rtl/, a model in sim/)"),
        _ => "flip-flops",
    };

    private static RunSummary Summary(GeneratedCore core, CoreDescription description, IReadOnlyList<(string Path, string Text)> files)
    {
        var verilog = files.Where(file => file.Path.Contains('/')).ToList();
        return new RunSummary("generate")
            .Add("topModule", core.TopModule)
            .Add("configuration", ConfigurationWriter.ToJson(core.Configuration))
            .Add("cells", (long)core.Configuration.TotalRows * core.Configuration.Columns)
            .Add("registerBits", description.RegisterBits)
            .Add("memoryBits", description.MemoryBits)
            .Add("ports", description.Ports.Count)
            .Add("synthesisModules", core.Files.Count(file => file.Role.IsForSynthesis()))
            .Add("simulationTwins", core.Files.Count(file => file.Role == SourceRole.Simulation))
            .Add("staticRegisters", new JsonArray([.. CoreDescription.StaticRegisters.Select(name => JsonValue.Create(name))]))
            .Add("files", new JsonArray([.. verilog.Select(file => (JsonNode)new JsonObject
            {
                ["path"] = file.Path,
                ["lines"] = file.Text.Count(c => c == '\n'),
                ["sha256"] = ContentKey.Sha256(Encoding.UTF8.GetBytes(file.Text)),
            })]));
    }
}
