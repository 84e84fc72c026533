using HwGen.Networks;
using HwGen.Training.Recipes;
using YamlDotNet.RepresentationModel;

namespace HwGen.Training.Studies;

/// <summary>Runs of one recipe that differ in pruning and seed.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Recipe">The recipe of all runs, without its own pruning.</param>
/// <param name="Seeds">The seeds of each case.</param>
/// <param name="Cases">The cases, in order.</param>
public sealed record StudyPlan(string Name, Recipe Recipe, ImmutableArray<ulong> Seeds, ImmutableArray<StudyCase> Cases)
{
    /// <summary>The version of the format that this program reads.</summary>
    public const int FormatVersion = 1;

    private const int MostSeeds = 100;
    private const int MostCases = 100;

    /// <summary>Reads a study: <c>formatVersion</c>, <c>name</c>, <c>recipe</c> (a path from the study's folder), <c>epochs</c>, <c>seeds</c>, <c>cases</c> (each a <c>name</c> and perhaps a <c>pruning</c>).</summary>
    /// <param name="path">The file.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InputFileException">The file or its recipe is missing or wrong; all errors are named.</exception>
    public static StudyPlan ReadFile(string path)
    {
        var problems = new List<RecipeProblem>();
        StrictMapping root = new(StrictDocument.Root(StrictDocument.ReadText(path), path), "", problems);
        root.Integer("formatVersion", FormatVersion, FormatVersion);
        string name = root.Text("name", "1 to 100 characters", text => text.Length is >= 1 and <= 100);
        string recipePath = root.Text("recipe", "a relative path of a recipe", text => text.Length > 0 && !Path.IsPathRooted(text));
        int epochs = root.Integer("epochs", 1, 10_000);
        ulong[] seeds = ReadSeeds(root);
        // Without these nothing else can be judged, so they are told first.
        StrictDocument.ThrowIfAny(path, problems);
        Recipe recipe = RecipeReader.ReadFile(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, recipePath));
        recipe = recipe with { Plan = recipe.Plan with { Epochs = epochs }, Pruning = null };
        ImmutableArray<StudyCase> cases = ReadCases(root, recipe, problems);
        root.Finish();
        StrictDocument.ThrowIfAny(path, problems);
        return new StudyPlan(name, recipe, [.. seeds], cases);
    }

    private static ulong[] ReadSeeds(StrictMapping root)
    {
        var seeds = new List<ulong>();
        if (root.Sequence("seeds") is not { } sequence)
            return [];
        foreach (YamlNode node in sequence.Children)
        {
            if (node is YamlScalarNode { Value: { } text } && ulong.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong seed) && !seeds.Contains(seed))
                seeds.Add(seed);
            else
                root.Report(node, "seeds", StrictMapping.Show(node), "different whole numbers");
        }
        if (seeds.Count is < 1 or > MostSeeds)
            root.Report(sequence, "seeds", Invariant($"{seeds.Count} seeds"), Invariant($"1 to {MostSeeds} seeds"));
        return [.. seeds];
    }

    private static ImmutableArray<StudyCase> ReadCases(StrictMapping root, Recipe recipe, List<RecipeProblem> problems)
    {
        var cases = ImmutableArray.CreateBuilder<StudyCase>();
        if (root.Sequence("cases") is not { } sequence)
            return [];
        if (sequence.Children.Count is < 1 or > MostCases)
            root.Report(sequence, "cases", Invariant($"{sequence.Children.Count} cases"), Invariant($"1 to {MostCases} cases"));
        foreach (YamlNode node in sequence.Children.Take(MostCases))
        {
            if (node is not YamlMappingNode mapping)
            {
                root.Report(node, "cases", StrictMapping.Show(node), "mappings with a name and perhaps a pruning");
                continue;
            }
            var entry = new StrictMapping(mapping, "cases", problems);
            string name = entry.Text("name", "a name of 1 to 100 characters that no other case has", text => text.Length is >= 1 and <= 100 && cases.All(one => one.Name != text));
            cases.Add(new StudyCase(name, PruningReader.Read(entry.Mapping("pruning", required: false), recipe.Plan, recipe.Layers, problems)));
            entry.Finish();
        }
        return cases.ToImmutable();
    }
}

/// <summary>One case of a study.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pruning">Its pruning; null for none.</param>
public sealed record StudyCase(string Name, PruningRecipe? Pruning);
