using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>
/// A program as a folder of four text files: <c>program.json</c> (configuration, layouts, stages, descriptors by field name), <c>rows.hex</c>,
/// <c>initials.hex</c> and <c>levels.hex</c> (the memory images). docs/program-files.md describes them. Equal programs give equal bytes.
/// </summary>
public static class ProgramFiles
{
    /// <summary>The version that is written, and the only one that is read so far.</summary>
    public const int FormatVersion = 4;

    /// <summary>The file of configuration, stages and descriptors.</summary>
    public const string ProgramName = "program.json";

    /// <summary>The file of rows.</summary>
    public const string RowsName = "rows.hex";

    /// <summary>The file of initial values.</summary>
    public const string InitialsName = "initials.hex";

    /// <summary>The file of thresholds of values of several levels.</summary>
    public const string LevelsName = "levels.hex";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The files of a program: names and texts, in the order of this class's names.</summary>
    public static IReadOnlyList<(string Name, string Text)> Texts(CoreProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var rows = program.Rows.Select(row => (Load: 0, row)).ToList();
        var initials = program.Initials.Select(initial => (Load: 0, initial)).ToList();
        var levels = program.Levels.Select(level => (Load: 0, level)).ToList();
        int rowLoad = 0, initialLoad = 0, levelLoad = 0;
        var stages = new JsonArray();
        foreach (var stage in program.Stages)
        {
            var passes = new JsonArray();
            foreach (var pass in stage.Passes)
            {
                passes.Add(new JsonObject
                {
                    ["rowLoad"] = Load(pass.Rows, rows, ref rowLoad),
                    ["initialLoad"] = Load(pass.Initials, initials, ref initialLoad),
                    ["levelLoad"] = Load(pass.Levels, levels, ref levelLoad),
                    ["overwrites"] = pass.Overwrites,
                    ["restores"] = new JsonArray([.. pass.Restores.Select(Layout)]),
                    ["descriptor"] = Descriptor(program.Configuration, pass.Descriptor),
                });
            }

            stages.Add(new JsonObject
            {
                ["name"] = stage.Name,
                ["layers"] = new JsonArray([.. stage.Layers.Select(layer => JsonValue.Create(layer))]),
                ["output"] = stage.Output is { } output ? Layout(output) : null,
                ["results"] = stage.Results,
                ["resultChannels"] = stage.ResultChannels,
                ["channels"] = new JsonArray([.. stage.Channels.Select(channel => JsonValue.Create(channel))]),
                ["constants"] = new JsonArray([.. stage.Constants.Select(constant => (JsonNode)new JsonObject { ["channel"] = constant.Channel, ["value"] = constant.Value })]),
                ["passes"] = passes,
            });
        }

        var root = new JsonObject
        {
            ["formatVersion"] = FormatVersion,
            ["network"] = program.Network,
            ["configuration"] = ConfigurationWriter.ToJson(program.Configuration),
            ["rows"] = rows.Count,
            ["initials"] = initials.Count,
            ["levels"] = levels.Count,
            ["batch"] = program.Batch,
            ["input"] = Layout(program.Input),
            ["windows"] = program.Windows is { } windows ? Windows(windows) : null,
            ["stages"] = stages,
        };
        return
        [
            (ProgramName, root.ToJsonString(Options) + "\n"),
            (RowsName, ImageFile.RowsText(program.Configuration, rows)),
            (InitialsName, ImageFile.InitialsText(program.Configuration, initials)),
            (LevelsName, ImageFile.LevelsText(program.Configuration, levels)),
        ];
    }

    /// <summary>Writes the files into a folder that is there.</summary>
    public static void Write(CoreProgram program, string folder)
    {
        foreach (var (name, text) in Texts(program))
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="ProgramFileException">A file is missing, too long, cut, or has something that is not allowed.</exception>
    /// <exception cref="ConfigurationException">The configuration in program.json has mistakes.</exception>
    public static CoreProgram Read(string folder) => ProgramReader.Read(folder);

    /// <summary>The key of a descriptor field in program.json.</summary>
    internal static string Key(DescriptorField field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());

    /// <summary>Appends what a pass loads, under the next number; gives the number, or null where there is nothing.</summary>
    private static JsonNode? Load<T>(ImmutableArray<T> entries, List<(int Load, T Entry)> all, ref int load)
    {
        if (entries.Length == 0)
        {
            return null;
        }

        var number = ++load;
        all.AddRange(entries.Select(entry => (number, entry)));
        return JsonValue.Create(number);
    }

    private static JsonObject Descriptor(ArrayConfiguration configuration, LayerDescriptor descriptor)
    {
        var fields = new JsonObject();
        foreach (var field in DescriptorLayout.NamedFields(configuration))
        {
            fields.Add(Key(field), descriptor[field]);
        }

        return fields;
    }

    private static JsonObject Windows(InputWindows windows) => new()
    {
        ["channels"] = windows.Channels,
        ["height"] = windows.Height,
        ["width"] = windows.Width,
        ["kernelHeight"] = windows.KernelHeight,
        ["kernelWidth"] = windows.KernelWidth,
        ["strideY"] = windows.StrideY,
        ["strideX"] = windows.StrideX,
        ["dilationY"] = windows.DilationY,
        ["dilationX"] = windows.DilationX,
        ["top"] = windows.Top,
        ["left"] = windows.Left,
    };

    private static JsonObject Layout(FeatureMapLayout layout) => new()
    {
        ["base"] = layout.Base,
        ["channels"] = layout.Channels,
        ["height"] = layout.Height,
        ["width"] = layout.Width,
        ["planes"] = layout.Planes,
        ["signed"] = layout.IsSigned,
    };
}
