using System.Globalization;

namespace HwGen.Simulation;

/// <summary>A small reader of value change dumps (IEEE 1364-2005, 18), for what the engines of this project write.</summary>
public sealed class ValueChangeDump
{
    private readonly Dictionary<string, (string Code, int Width)> _signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(long Time, string Value)>> _changes = new(StringComparer.Ordinal);

    private ValueChangeDump()
    {
    }

    /// <summary>The signals by their paths, <c>scope.scope.name</c>, in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _signals.Keys;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">The file is no value change dump, or is cut.</exception>
    public static ValueChangeDump Read(string path)
    {
        var dump = new ValueChangeDump();
        var tokens = new Queue<string>(File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        try
        {
            dump.Read(tokens);
        }
        catch (InvalidOperationException cut)
        {
            throw new FormatException($"{path}: ends in the middle of a statement", cut);
        }

        return dump;
    }

    /// <summary>The width of a signal, bits.</summary>
    public int WidthOf(string name) => _signals[Find(name)].Width;

    /// <summary>The values that a signal takes, one after the other, without leading zeros; the engine's own outer scopes do not count.</summary>
    public IReadOnlyList<string> ValuesOf(string name) => [.. ChangesOf(name).Select(change => change.Value)];

    /// <summary>The same with the times.</summary>
    public IReadOnlyList<(long Time, string Value)> ChangesOf(string name)
    {
        var changes = new List<(long Time, string Value)>();
        foreach (var (time, value) in _changes[_signals[Find(name)].Code])
        {
            var plain = value.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
            if (changes.Count == 0 || changes[^1].Value != plain)
                changes.Add((time, plain));
        }

        return changes;
    }

    private string Find(string name)
    {
        if (_signals.ContainsKey(name))
            return name;
        var found = _signals.Keys.Where(key => key.EndsWith("." + name, StringComparison.Ordinal)).ToArray();
        return found.Length == 1 ? found[0] : throw new ArgumentException($"'{name}' is {found.Length} of the {_signals.Count} signals", nameof(name));
    }

    private void Read(Queue<string> tokens)
    {
        var scopes = new List<string>();
        var time = 0L;
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
                    var width = int.Parse(tokens.Dequeue(), CultureInfo.InvariantCulture);
                    var code = tokens.Dequeue();
                    _signals[string.Join('.', scopes.Append(tokens.Dequeue()))] = (code, width);
                    _changes.TryAdd(code, []);
                    break;
                case "$date" or "$version" or "$timescale" or "$comment":
                    while (tokens.Dequeue() != "$end")
                    {
                    }

                    break;
                default:
                    if (token[0] == '#')
                        time = long.Parse(token[1..], CultureInfo.InvariantCulture);
                    else if (token[0] == 'b')
                        _changes[tokens.Dequeue()].Add((time, token[1..]));
                    else if ("01xz".Contains(token[0], StringComparison.Ordinal))
                        _changes[token[1..]].Add((time, token[..1]));
                    break;
            }
        }
    }
}
