using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HwGen.Architecture.Configuration;

/// <summary>One mapping of a YAML file, read key by key; every mistake is noted with its place and reading goes on.</summary>
internal sealed class YamlSection
{
    private readonly string _file;
    private readonly string _path;
    private readonly YamlMappingNode? _node;
    private readonly List<ConfigurationError> _errors;
    private readonly bool _isBroken;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public YamlSection(string file, string path, YamlNode? node, List<ConfigurationError> errors)
    {
        _file = file;
        _path = path;
        _errors = errors;
        _node = node as YamlMappingNode;
        if (node is not null && _node is null)
        {
            _isBroken = true;
            Error(node, path, "is not a mapping", "key: value lines");
        }
    }

    /// <summary>True when the mapping is there.</summary>
    public bool IsPresent => _node is not null;

    /// <summary>A mapping below this one; empty when the key is not there.</summary>
    public YamlSection Section(string key)
    {
        _known.Add(key);
        return new YamlSection(_file, Path(key), Find(key), _errors);
    }

    /// <summary>A number in a range; <paramref name="fallback"/> when the key is not there, an error when there is none.</summary>
    public int Integer(string key, int? fallback, int minimum, int maximum)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}");
        if (Scalar(key, fallback is null, allowed) is not { } node)
        {
            return fallback ?? minimum;
        }

        // Plain digits only: a quoted number is a text, and 010 means different things to different readers.
        var text = node.Value ?? string.Empty;
        var isPlain = node.Style == ScalarStyle.Plain && (text == "0" || text.TrimStart('-') is [>= '1' and <= '9', ..]);
        if (!isPlain || !int.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < minimum || value > maximum)
        {
            Error(node, Path(key), "is out of range or not a whole number", allowed);
            return fallback ?? minimum;
        }

        return value;
    }

    /// <summary>A text that passes a test.</summary>
    public string Text(string key, string? fallback, Func<string, bool> accept, string allowed)
    {
        if (Scalar(key, fallback is null, allowed) is not { } node)
        {
            return fallback ?? string.Empty;
        }

        var value = node.Value ?? string.Empty;
        if (!accept(value))
        {
            Error(node, Path(key), "is not allowed", allowed);
        }

        return value;
    }

    /// <summary>A word that names a value of an enumeration, in lower case; <paramref name="fallback"/> when the key is not there.</summary>
    public TValue Word<TValue>(string key, TValue fallback)
        where TValue : struct, Enum
    {
        var words = Enum.GetValues<TValue>().ToDictionary(value => value.ToString().ToLowerInvariant());
        return words.GetValueOrDefault(Text(key, fallback.ToString().ToLowerInvariant(), words.ContainsKey, string.Join(", ", words.Keys)), fallback);
    }

    /// <summary>true or false; <paramref name="fallback"/> when the key is not there.</summary>
    public bool Flag(string key, bool fallback)
    {
        const string Allowed = "true or false";
        if (Scalar(key, required: false, Allowed) is not { } node)
        {
            return fallback;
        }

        // Plain words only: a quoted one is a text.
        if (node.Style == ScalarStyle.Plain && node.Value is "true" or "false")
        {
            return node.Value == "true";
        }

        Error(node, Path(key), "is neither true nor false", Allowed);
        return fallback;
    }

    /// <summary>A list of words, each of a set and each once.</summary>
    public IReadOnlyList<string>? Words(string key, IReadOnlyList<string> allowed)
    {
        _known.Add(key);
        var list = "a list of " + string.Join(", ", allowed);
        switch (Find(key))
        {
            case null:
                return null;
            case YamlSequenceNode { Children.Count: > 0 } sequence:
                var words = new List<string>();
                foreach (var child in sequence)
                {
                    if (child is not YamlScalarNode { Value: { } word } || !allowed.Contains(word))
                    {
                        Error(child, Path(key), "is not known", list);
                    }
                    else if (words.Contains(word))
                    {
                        Error(child, Path(key), "stands twice", list);
                    }
                    else
                    {
                        words.Add(word);
                    }
                }

                return words;
            case var other:
                Error(other, Path(key), "is not a list of at least one word", list);
                return null;
        }
    }

    /// <summary>Notes every key that was not asked for.</summary>
    public void End()
    {
        foreach (var key in _node?.Children.Keys ?? Enumerable.Empty<YamlNode>())
        {
            if (key is not YamlScalarNode { Value: { } name } || !_known.Contains(name))
            {
                _errors.Add(new ConfigurationError(
                    _file, (int)key.Start.Line, (int)key.Start.Column, Path(Shown(key)), string.Empty, "unknown key", string.Join(", ", _known)));
            }
        }
    }

    /// <summary>Notes a mistake at a key.</summary>
    public void Error(string key, string message, string allowed)
    {
        if (Find(key) is { } node)
        {
            Error(node, Path(key), message, allowed);
        }
        else
        {
            _errors.Add(new ConfigurationError(_file, 0, 0, Path(key), string.Empty, message, allowed));
        }
    }

    private YamlScalarNode? Scalar(string key, bool required, string allowed)
    {
        _known.Add(key);
        switch (Find(key))
        {
            case YamlScalarNode scalar:
                return scalar;
            case null when _isBroken:
                // The section itself was refused: what it should hold is no news.
                return null;
            case null when required:
                var place = _node?.Start ?? Mark.Empty;
                _errors.Add(new ConfigurationError(_file, (int)place.Line, (int)place.Column, Path(key), string.Empty, "is missing", allowed));
                return null;
            case null:
                return null;
            case var other:
                Error(other, Path(key), "is not a plain value", allowed);
                return null;
        }
    }

    private void Error(YamlNode node, string key, string message, string allowed) =>
        _errors.Add(new ConfigurationError(_file, (int)node.Start.Line, (int)node.Start.Column, key, Shown(node), message, allowed));

    private static string Shown(YamlNode node)
    {
        var text = node is YamlScalarNode scalar ? scalar.Value ?? string.Empty : node.NodeType.ToString().ToLowerInvariant();
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private YamlNode? Find(string key) => _node is not null && _node.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private string Path(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
