namespace HwGen.Synthesis.Liberty;

/// <summary>A group of a Liberty file, as it stands there: <c>cell (FAX1) { area : 120; pin (A) { … } }</c>.</summary>
/// <param name="Kind">The word before the brackets: <c>cell</c>.</param>
/// <param name="Arguments">What the brackets hold, quotes taken off.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
public sealed record LibertyGroup(string Kind, IReadOnlyList<string> Arguments, int Line)
{
    private readonly Dictionary<string, IReadOnlyList<string>> _attributes = new(StringComparer.Ordinal);
    private readonly List<LibertyGroup> _groups = [];

    /// <summary>The groups inside, in the order of the file.</summary>
    public IReadOnlyList<LibertyGroup> Groups => _groups;

    /// <summary>The first argument; empty when there is none.</summary>
    public string Name => Arguments.Count > 0 ? Arguments[0] : string.Empty;

    /// <summary>The groups inside of one kind.</summary>
    public IEnumerable<LibertyGroup> Of(string kind) => _groups.Where(group => group.Kind == kind);

    /// <summary>The value of an attribute, quotes taken off; null when it is not there. Of several values the first.</summary>
    public string? Text(string attribute) => _attributes.TryGetValue(attribute, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>All values of an attribute, such as the rows of a table.</summary>
    public IReadOnlyList<string> Values(string attribute) => _attributes.GetValueOrDefault(attribute, []);

    internal void Set(string attribute, IReadOnlyList<string> values) => _attributes[attribute] = values;

    internal void Add(LibertyGroup group) => _groups.Add(group);
}
