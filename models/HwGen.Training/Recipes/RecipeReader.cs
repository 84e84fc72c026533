using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HwGen.Networks;
using YamlDotNet.RepresentationModel;

namespace HwGen.Training.Recipes;

/// <summary>Reads recipes (YAML, docs in models/zoo) strictly: an unknown key, a wrong type or a value out of range is an error with its place.</summary>
public static class RecipeReader
{
    private const int MostLayers = 100;

    private static readonly Dictionary<string, PixelKind> s_pixels = new() { ["binary"] = PixelKind.Binary, ["unsigned8"] = PixelKind.Unsigned8 };
    private static readonly Dictionary<string, OptimiserKind> s_optimisers = new() { ["adam"] = OptimiserKind.Adam, ["sgd"] = OptimiserKind.Sgd };
    private static readonly Dictionary<string, ScheduleKind> s_schedules = new() { ["constant"] = ScheduleKind.Constant, ["cosine"] = ScheduleKind.Cosine, ["step"] = ScheduleKind.Step };
    private static readonly Dictionary<string, int> s_weights = new()
    {
        ["binary"] = 1,
        ["int2"] = 2,
        ["int3"] = 3,
        ["int4"] = 4,
        ["int5"] = 5,
        ["int6"] = 6,
        ["int7"] = 7,
        ["int8"] = 8,
    };
    private static readonly Dictionary<string, string> s_sets = new() { ["mnist"] = "mnist", ["fashion-mnist"] = "fashion-mnist", ["drawn-digits"] = "drawn-digits" };

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The file, at most 64 KiB.</param>
    /// <returns>A recipe whose values are all in range; whether the layers fit together is found when the network is built.</returns>
    /// <exception cref="InputFileException">The file is missing, too large or wrong; all errors are named.</exception>
    public static Recipe ReadFile(string path) => Read(StrictDocument.ReadText(path), path);

    /// <summary>Reads a recipe's text.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="file">The name that errors give.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="InputFileException">The text is wrong; all errors are named.</exception>
    public static Recipe Read(string text, string file)
    {
        var problems = new List<RecipeProblem>();
        StrictMapping root = new(StrictDocument.Root(text, file), "", problems);
        root.Integer("formatVersion", Recipe.FormatVersion, Recipe.FormatVersion);
        string name = root.Text("name", "1 to 64 lower-case letters, digits and dashes", IsName);
        DataRecipe data = ReadData(root.Mapping("data"));
        ulong seed = root.Integer64("seed", 0, ulong.MaxValue);
        TrainingPlan plan = ReadPlan(root.Mapping("training"));
        ImmutableArray<LayerRecipe> layers = ReadLayers(root, problems);
        PruningRecipe? pruning = PruningReader.Read(root.Mapping("pruning", required: false), plan, layers, problems);
        root.Finish();
        StrictDocument.ThrowIfAny(file, problems);
        return new Recipe(name, data, seed, plan, layers)
        {
            Pruning = pruning,
            TextSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")))),
        };
    }

    private static DataRecipe ReadData(StrictMapping? data)
    {
        if (data is null)
            return new DataRecipe("", PixelKind.Binary);
        var recipe = new DataRecipe(data.Choice("set", s_sets), data.Choice("pixels", s_pixels));
        data.Finish();
        return recipe;
    }

    private static TrainingPlan ReadPlan(StrictMapping? plan)
    {
        if (plan is null)
            return new TrainingPlan(1, 1, OptimiserKind.Adam, 1, ScheduleKind.Constant, 0, 1);
        var read = new TrainingPlan(
            plan.Integer("epochs", 1, 10_000),
            plan.Integer("batch", 2, 4096),
            plan.Choice("optimiser", s_optimisers, "adam"),
            plan.Number("learningRate", 1e-9, 100),
            plan.Choice("schedule", s_schedules, "cosine"),
            plan.Integer("shift", 0, 8, 0),
            plan.Integer("recalibrationBatches", 1, 10_000, 50))
        {
            Momentum = plan.Number("momentum", 0, 0.9999, 0.9),
            StepPoints = [.. plan.Numbers("stepPoints", 0, 1)],
        };
        plan.Finish();
        return read;
    }

    private static ImmutableArray<LayerRecipe> ReadLayers(StrictMapping root, List<RecipeProblem> problems)
    {
        if (root.Sequence("layers") is not { } sequence)
            return [];
        if (sequence.Children.Count is < 1 or > MostLayers)
            root.Report(sequence, "layers", string.Create(CultureInfo.InvariantCulture, $"{sequence.Children.Count} layers"), string.Create(CultureInfo.InvariantCulture, $"1 to {MostLayers} layers"));
        var layers = ImmutableArray.CreateBuilder<LayerRecipe>();
        var counts = new Dictionary<string, int>();
        for (int index = 0; index < Math.Min(sequence.Children.Count, MostLayers); index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"layers[{index}]");
            if (ReadLayer(sequence.Children[index], path, counts, problems) is { } layer)
                layers.Add(layer);
        }
        return layers.ToImmutable();
    }

    // A layer is its kind alone (`- sign`) or its kind with values (`- dense: { units: 10, weights: binary }`).
    private static LayerRecipe? ReadLayer(YamlNode node, string path, Dictionary<string, int> counts, List<RecipeProblem> problems)
    {
        string? kind = null;
        YamlMappingNode values = new();
        if (node is YamlScalarNode scalar)
        {
            kind = scalar.Value;
        }
        else if (node is YamlMappingNode { Children.Count: 1 } mapping && mapping.Children.Single() is { Key: YamlScalarNode key, Value: YamlMappingNode inner })
        {
            kind = key.Value;
            values = inner;
        }
        if (kind is null || !LayerKinds.Readers.TryGetValue(kind, out Func<string, StrictMapping, IReadOnlyDictionary<string, int>, LayerRecipe>? reader))
        {
            problems.Add(new RecipeProblem(node.Start.Line, node.Start.Column, $"'{path}' is '{kind ?? StrictMapping.Show(node)}'; allowed: a layer, one of {string.Join(", ", LayerKinds.Readers.Keys)}"));
            return null;
        }
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
        // The place of missing keys is the layer's own line.
        var strict = new StrictMapping(values, path + "." + kind, problems, node);
        LayerRecipe layer = reader(kind + counts[kind].ToString(CultureInfo.InvariantCulture), strict, s_weights);
        strict.Finish();
        return layer;
    }

    private static bool IsName(string text) => text.Length is >= 1 and <= 64 && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
