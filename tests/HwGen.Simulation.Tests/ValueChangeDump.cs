namespace HwGen.Simulation.Tests;

/// <summary>A small reader of value change dumps, to look at what the engines wrote.</summary>
internal sealed class ValueChangeDump
{
    private readonly Dictionary<string, string> _codeByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(long Time, string Value)>> _changes = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _codeByName.Keys;

    public static ValueChangeDump Read(string path)
    {
        var dump = new ValueChangeDump();
        var scopes = new List<string>();
        var time = 0L;
        var tokens = new Queue<string>(File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        while (tokens.TryDequeue(out var token))
        {
            switch (token)
            {
                case "$scope":
                    tokens.Dequeue();
                    scopes.Add(tokens.Dequeue());
                    break;
                case "$upscope":
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case "$var":
                    tokens.Dequeue();
                    tokens.Dequeue();
                    var code = tokens.Dequeue();
                    dump._codeByName[string.Join('.', scopes.Append(tokens.Dequeue()))] = code;
                    dump._changes.TryAdd(code, []);
                    break;
                case "$date" or "$version" or "$timescale" or "$comment":
                    while (tokens.Dequeue() != "$end")
                    {
                    }

                    break;
                default:
                    if (token[0] == '#')
                        time = long.Parse(token[1..], System.Globalization.CultureInfo.InvariantCulture);
                    else if (token[0] == 'b')
                        dump.Change(tokens.Dequeue(), time, token[1..]);
                    else if ("01xz".Contains(token[0], StringComparison.Ordinal))
                        dump.Change(token[1..], time, token[..1]);
                    break;
            }
        }

        return dump;
    }

    /// <summary>The values that a signal takes, one after the other, without leading zeros; the engine's own outer scopes do not count.</summary>
    public IReadOnlyList<string> ValuesOf(string name) => [.. ChangesOf(name).Select(change => change.Value)];

    public IReadOnlyList<(long Time, string Value)> ChangesOf(string name)
    {
        var found = _codeByName.Keys.Where(key => key == name || key.EndsWith("." + name, StringComparison.Ordinal)).ToArray();
        found.Length.ShouldBe(1, $"{name} among {string.Join(", ", _codeByName.Keys)}");
        var changes = new List<(long Time, string Value)>();
        foreach (var (time, value) in _changes[_codeByName[found[0]]])
        {
            var plain = value.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
            if (changes.Count == 0 || changes[^1].Value != plain)
                changes.Add((time, plain));
        }

        return changes;
    }

    private void Change(string code, long time, string value) => _changes[code].Add((time, value));
}
