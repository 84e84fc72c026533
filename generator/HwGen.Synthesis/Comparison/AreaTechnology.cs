using System.Globalization;
using HwGen.Tools;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HwGen.Synthesis.Comparison;

/// <summary>What the comparison of a digital with an analogue macro takes from a technology: a file that the user edits, each figure with its source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CellArea">µm² of a stored bit.</param>
/// <param name="ArrayOverhead">What stands around the cells and is not synthesized, as a share of their area.</param>
/// <param name="PlacementDensity">The share of the placed area that standard cells fill, 0 to 1.</param>
/// <param name="ConverterArea">µm² of an analogue-to-digital converter.</param>
/// <param name="ConverterEnergy">Picojoules of a conversion.</param>
/// <param name="DriverArea">µm² of the driver of a column of the analogue array.</param>
/// <param name="LaneActivity">Changes of a net of a lane in a cycle.</param>
/// <param name="PublishedArea">The published reduction of area in percent, to stand beside ours.</param>
/// <param name="PublishedEnergy">The published reduction of energy in percent.</param>
/// <param name="Assumptions">A sentence for each figure: where it comes from.</param>
public sealed record AreaTechnology(
    string Name, double CellArea, double ArrayOverhead, double PlacementDensity, double ConverterArea, double ConverterEnergy, double DriverArea,
    double LaneActivity, double PublishedArea, double PublishedEnergy, IReadOnlyList<string> Assumptions)
{
    /// <summary>Reads a technology file.</summary>
    /// <exception cref="InputException">It cannot be read, or a figure or its source is missing or out of range.</exception>
    public static AreaTechnology Read(string file)
    {
        var root = Load(file);
        var assumptions = new List<string>();
        var cellArea = Figure("cellArea", 0.001, 10_000);
        var overhead = Figure("arrayOverhead", 0, 100);
        var density = Figure("placementDensity", 0.01, 1);
        var converterArea = Figure("converterArea", 0, 1e8);
        var converterEnergy = Figure("converterEnergy", 0, 1e6);
        var driverArea = Figure("driverArea", 0, 1e6);
        var activity = Figure("laneActivity", 0.0001, 10);
        var published = Node("published") as YamlMappingNode ?? throw Wrong("published", "is no mapping", "{ area: PERCENT, energy: PERCENT }");
        assumptions.Add($"published reductions: {Text("publishedSource")}");
        return new AreaTechnology(
            Text("name"), cellArea, overhead, density, converterArea, converterEnergy, driverArea, activity, Of(published, "area"), Of(published, "energy"), assumptions);

        double Figure(string key, double minimum, double maximum)
        {
            var value = Of(root, key);
            if (value < minimum || value > maximum)
                throw Wrong(key, "is out of range", string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"));
            assumptions.Add(string.Create(CultureInfo.InvariantCulture, $"{key} {value}: {Text(key + "Source")}"));
            return value;
        }

        double Of(YamlMappingNode node, string key) =>
            node.Children.TryGetValue(new YamlScalarNode(key), out var found) && found is YamlScalarNode { Value: { } text }
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number : throw Wrong(key, "is no number", "a number");

        string Text(string key) => Node(key) is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Wrong(key, "is missing", "a text");

        YamlNode? Node(string key) => root.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

        InputException Wrong(string key, string message, string allowed) => new(new InputError(message) { File = file, Key = key, Allowed = allowed });
    }

    private static YamlMappingNode Load(string file)
    {
        try
        {
            using var text = new StreamReader(file);
            var stream = new YamlStream();
            stream.Load(text);
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new InputException(new InputError("holds no technology") { File = file });
        }
        catch (Exception exception) when (exception is IOException or YamlException)
        {
            throw new InputException(new InputError("cannot be read: " + exception.Message) { File = file }, exception);
        }
    }
}
