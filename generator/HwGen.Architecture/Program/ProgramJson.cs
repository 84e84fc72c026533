using System.Text.Json;

namespace HwGen.Architecture.Program;

/// <summary>A place in program.json, read strictly: every key must be known, there, and of its type.</summary>
internal readonly struct ProgramJson(string file, string place, JsonElement element)
{
    public JsonElement Element { get; } = element;

    private string Shown => place.Length == 0 ? "program" : place;

    /// <summary>Opens the text of a file.</summary>
    public static (JsonDocument Document, ProgramJson Root) Open(string text, string file)
    {
        try
        {
            var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return (document, new ProgramJson(file, string.Empty, document.RootElement));
        }
        catch (JsonException e)
        {
            throw new ProgramFileException(file, (int)Math.Min(e.LineNumber ?? 0, int.MaxValue - 1) + 1, string.Empty, string.Empty, "is not JSON: " + e.Message, "JSON as `hwgen map` writes it", e);
        }
    }

    /// <summary>The member of a name.</summary>
    public ProgramJson this[string key]
    {
        get
        {
            CheckKind(JsonValueKind.Object, "an object");
            return Element.TryGetProperty(key, out var member)
                ? new ProgramJson(file, Join(key), member)
                : throw new ProgramFileException(file, 0, Join(key), string.Empty, "is missing", "every key of the format");
        }
    }

    /// <summary>Refuses keys that are not in a list.</summary>
    public void ExpectKeys(params IEnumerable<string> keys)
    {
        CheckKind(JsonValueKind.Object, "an object");
        var known = keys.ToList();
        foreach (var member in Element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw new ProgramFileException(file, 0, Join(member.Name), string.Empty, "unknown key", string.Join(", ", known));
            }
        }
    }

    /// <summary>A whole number in a range.</summary>
    public int Integer(int minimum, int maximum) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) && value >= minimum && value <= maximum
            ? value
            : throw Error("is out of range or not a whole number", FormattableString.Invariant($"a whole number from {minimum} to {maximum}"));

    /// <summary>A whole number of 64 bits.</summary>
    public long Long() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var value) ? value : throw Error("is not a whole number of 64 bits", "a whole number");

    /// <summary>True or false.</summary>
    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Error("has the wrong type", "true or false");

    /// <summary>A text of 1 to 200 characters, none of them a control character.</summary>
    public string Text() =>
        Element.ValueKind == JsonValueKind.String && Element.GetString() is { Length: > 0 and <= 200 } text && !text.Any(char.IsControl)
            ? text
            : throw Error("is not a name", "a text of 1 to 200 characters");

    /// <summary>The items of a list.</summary>
    public IEnumerable<ProgramJson> Items(int minimum, int maximum)
    {
        CheckKind(JsonValueKind.Array, "a list");
        var length = Element.GetArrayLength();
        if (length < minimum || length > maximum)
        {
            throw Error("has too few or too many items", FormattableString.Invariant($"{minimum} to {maximum} items"));
        }

        return Enumerate(file, Shown, Element);
    }

    /// <summary>The error of this place.</summary>
    public ProgramFileException Error(string problem, string allowed) =>
        new(file, 0, Shown, Element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? string.Empty : Element.GetRawText(), problem, allowed);

    private static IEnumerable<ProgramJson> Enumerate(string file, string place, JsonElement list)
    {
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            yield return new ProgramJson(file, FormattableString.Invariant($"{place}[{index++}]"), item);
        }
    }

    private string Join(string key) => place.Length == 0 ? key : $"{place}.{key}";

    private void CheckKind(JsonValueKind kind, string allowed)
    {
        if (Element.ValueKind != kind)
        {
            throw Error("has the wrong type", allowed);
        }
    }
}
