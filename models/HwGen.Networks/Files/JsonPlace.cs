using System.Text.Json;

namespace HwGen.Networks;

/// <summary>A JSON value and its place in the file (<c>layers[3].weights.shape</c>), read strictly.</summary>
internal readonly struct JsonPlace(JsonElement element, string file, string place)
{
    public string Place => place;

    public InputFileException Error(string problem) => new(file, place, problem);

    /// <summary>Checks that the value is an object with all of the required keys and none but these and the optional ones.</summary>
    public void ExpectKeys(string[] required, params string[] optional)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!required.Contains(property.Name, StringComparer.Ordinal) && !optional.Contains(property.Name, StringComparer.Ordinal))
                throw Error(Invariant($"the key '{Shorten(property.Name)}' is unknown; {string.Join(", ", required.Concat(optional))} are allowed"));
        }
        foreach (string key in required)
        {
            if (!Has(key))
                throw Error(Invariant($"the key '{key}' is missing"));
        }
    }

    public bool Has(string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out _);

    public JsonPlace this[string key]
    {
        get
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Wrong("an object");
            return element.TryGetProperty(key, out JsonElement value)
                ? new JsonPlace(value, file, place.Length == 0 ? key : place + "." + key)
                : throw Error(Invariant($"the key '{key}' is missing"));
        }
    }

    public IReadOnlyList<JsonPlace> Items(int maximum)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list");
        if (element.GetArrayLength() > maximum)
            throw Error(Invariant($"has {element.GetArrayLength()} items; at most {maximum} are allowed"));
        var items = new List<JsonPlace>();
        foreach (JsonElement item in element.EnumerateArray())
            items.Add(new JsonPlace(item, file, Invariant($"{place}[{items.Count}]")));
        return items;
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("a text");

    public long Integer(long minimum = long.MinValue, long maximum = long.MaxValue) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(minimum == long.MinValue && maximum == long.MaxValue
                ? "an integer of 64 bits" : Invariant($"an integer of {minimum} to {maximum}"));

    public long[] Integers(long minimum = long.MinValue, long maximum = long.MaxValue)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Wrong("a list of integers");
        var values = new long[element.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            values[index] = new JsonPlace(item, file, Invariant($"{place}[{index}]")).Integer(minimum, maximum);
            index++;
        }
        return values;
    }

    public int[] Extents(int count, int minimum)
    {
        long[] values = Integers(minimum, int.MaxValue);
        return values.Length == count
            ? [.. values.Select(value => (int)value)]
            : throw Error(Invariant($"has {values.Length} integers; {count} are expected"));
    }

    public NumberFormat Format() =>
        FormatNames.Read(Text()) ?? throw Error(Invariant($"'{Shorten(Text())}' is not a number format; {FormatNames.Allowed}"));

    public byte[] Base64()
    {
        if (element.ValueKind != JsonValueKind.String)
            throw Wrong("base64");
        return element.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw Error("is not valid base64");
    }

    public Rational Rational()
    {
        try
        {
            return Networks.Rational.Parse(Text());
        }
        catch (FormatException cause)
        {
            throw new InputFileException(file, place, cause.Message, cause);
        }
    }

    private InputFileException Wrong(string expected) => Error(Invariant($"'{Shorten(element.GetRawText())}' was found; {expected} is expected"));

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
