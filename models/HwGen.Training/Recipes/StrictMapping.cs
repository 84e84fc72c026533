using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace HwGen.Training.Recipes;

/// <summary>
/// A YAML mapping that is read key by key. Every key must be asked for and every value must have its type and range; what is wrong is
/// noted with its place and reading goes on, so that one run shows all errors.
/// </summary>
internal sealed class StrictMapping
{
    private readonly YamlMappingNode _node;
    private readonly YamlNode _place;
    private readonly string _path;
    private readonly List<RecipeProblem> _problems;
    private readonly List<string> _known = [];

    public StrictMapping(YamlMappingNode node, string path, List<RecipeProblem> problems, YamlNode? place = null)
    {
        _node = node;
        _place = place ?? node;
        _path = path;
        _problems = problems;
    }

    public int Integer(string key, int least, int most, int? byDefault = null) => (int)Integer64(key, least, (ulong)most, byDefault is { } value ? (ulong)value : null);

    public ulong Integer64(string key, int least, ulong most, ulong? byDefault = null)
    {
        if (Scalar(key, byDefault is null) is not { } scalar)
            return byDefault ?? (ulong)least;
        if (ulong.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value >= (ulong)least && value <= most)
            return value;
        Report(scalar, key, scalar.Value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return (ulong)least;
    }

    public double Number(string key, double least, double most, double? byDefault = null)
    {
        if (Scalar(key, byDefault is null) is not { } scalar)
            return byDefault ?? least;
        if (TryNumber(scalar.Value, least, most, out double value))
            return value;
        Report(scalar, key, scalar.Value, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return least;
    }

    public decimal Decimal(string key, decimal least, decimal most, decimal byDefault)
    {
        if (Scalar(key, required: false) is not { } scalar)
            return byDefault;
        if (decimal.TryParse(scalar.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) && value >= least && value <= most)
            return value;
        Report(scalar, key, scalar.Value, string.Create(CultureInfo.InvariantCulture, $"a decimal from {least} to {most}"));
        return byDefault;
    }

    public bool Has(string key) => Find(key) is not null;

    public double[] Numbers(string key, double least, double most)
    {
        if (Find(key) is not { } node)
            return [];
        var values = new List<double>();
        if (node is YamlSequenceNode sequence && sequence.Children.Count <= 100)
        {
            foreach (YamlNode item in sequence.Children)
            {
                if (item is YamlScalarNode scalar && TryNumber(scalar.Value, least, most, out double value))
                    values.Add(value);
                else
                    Report(item, key, Show(item), string.Create(CultureInfo.InvariantCulture, $"numbers from {least} to {most}"));
            }
        }
        else
        {
            Report(node, key, Show(node), "a list of at most 100 numbers");
        }
        return [.. values];
    }

    public bool Flag(string key, bool byDefault)
    {
        if (Scalar(key, required: false) is not { } scalar)
            return byDefault;
        if (scalar.Value is "true" or "false")
            return scalar.Value == "true";
        Report(scalar, key, scalar.Value, "true or false");
        return byDefault;
    }

    public T Choice<T>(string key, IReadOnlyDictionary<string, T> choices, string? byDefault = null)
    {
        string fallback = byDefault ?? choices.Keys.First();
        if (Scalar(key, byDefault is null) is not { } scalar)
            return choices[fallback];
        if (scalar.Value is { } text && choices.TryGetValue(text, out T? value))
            return value;
        Report(scalar, key, scalar.Value, "one of " + string.Join(", ", choices.Keys));
        return choices[fallback];
    }

    public string Text(string key, string allowed, Func<string, bool> isAllowed)
    {
        if (Scalar(key, required: true) is not { } scalar)
            return "";
        if (scalar.Value is { } text && isAllowed(text))
            return text;
        Report(scalar, key, scalar.Value, allowed);
        return "";
    }

    public StrictMapping? Mapping(string key, bool required = true)
    {
        YamlNode? node = Find(key);
        if (node is YamlMappingNode mapping)
            return new StrictMapping(mapping, Path(key), _problems);
        if (node is not null)
            Report(node, key, Show(node), "a mapping of keys to values");
        else if (required)
            Report(_place, key, "nothing", "a mapping of keys to values");
        return null;
    }

    public YamlSequenceNode? Sequence(string key)
    {
        YamlNode? node = Find(key);
        if (node is YamlSequenceNode sequence)
            return sequence;
        Report(node ?? _place, key, node is null ? "nothing" : Show(node), "a list");
        return null;
    }

    /// <summary>Notes every key that was not asked for.</summary>
    public void Finish()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = Show(key);
            if (!_known.Contains(name))
                _problems.Add(new RecipeProblem(key.Start.Line, key.Start.Column, $"the key '{Path(name)}' is not known; allowed here: {string.Join(", ", _known)}"));
        }
    }

    public void Report(YamlNode node, string key, string? found, string allowed) =>
        _problems.Add(new RecipeProblem(node.Start.Line, node.Start.Column, $"'{Path(key)}' is {Quote(found)}; allowed: {allowed}"));

    public static string Show(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode => "a list",
        _ => "a mapping",
    };

    private static bool TryNumber(string? text, double least, double most, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= least && value <= most;

    private static string Quote(string? found) => found is null or "nothing" or "a list" or "a mapping" ? found ?? "nothing" : $"'{(found.Length > 60 ? found[..60] + "…" : found)}'";

    private string Path(string key) => _path.Length == 0 ? key : _path + "." + key;

    private YamlScalarNode? Scalar(string key, bool required)
    {
        YamlNode? node = Find(key);
        if (node is YamlScalarNode scalar)
            return scalar;
        if (node is not null)
            Report(node, key, Show(node), "a single value");
        else if (required)
            Report(_place, key, "nothing", "a value: the key is missing");
        return null;
    }

    private YamlNode? Find(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
    }
}

/// <summary>One thing wrong with a recipe, and where.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Text">What is wrong and what is allowed.</param>
internal readonly record struct RecipeProblem(long Line, long Column, string Text);
