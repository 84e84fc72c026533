using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Tests;

/// <summary>The schema that editors get says the same as the reader, key by key and bound by bound.</summary>
public class ConfigurationSchemaTests
{
    private static readonly JsonObject s_schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout, "docs", "schema", "configuration.schema.json")))!.AsObject();

    /// <summary>Keys that are for one storage only, and what they are elsewhere.</summary>
    private static readonly Dictionary<string, (string Storage, string Otherwise)> s_storageOf = new() { ["memoryMacro"] = ("memory", "\"inferred\""), ["spareRows"] = ("rram", "0"), ["rowParity"] = ("rram", "\"none\""), ["setRetries"] = ("rram", "8") };

    internal static string Checkout
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    [Fact]
    public void Both_know_the_same_keys()
    {
        foreach (var (section, schema) in Sections())
        {
            // The reader lists the keys that it knows when it meets one that it does not.
            var configuration = Smallest();
            Put(configuration, [.. section, "frob"], 1);
            var error = Refused(configuration).Errors.Single(e => e.Key.EndsWith("frob", StringComparison.Ordinal));
            error.Allowed.Split(", ").Order(StringComparer.Ordinal)
                .ShouldBe(schema["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
            schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        }
    }

    [Fact]
    public void Both_need_the_same_keys()
    {
        foreach (var (section, schema) in Sections())
        {
            var required = schema["required"]?.AsArray().Select(k => k!.GetValue<string>()).ToList() ?? [];
            foreach (var (key, property) in schema["properties"]!.AsObject())
            {
                var configuration = Smallest();
                Parent(configuration, [.. section, key])?.Remove(key);
                var needed = property!["type"]!.GetValue<string>() == "object" ? required.Contains(key) : required.Contains(key) && Parent(Smallest(), [.. section, key]) is not null;
                IsAccepted(configuration).ShouldBe(!needed, $"{string.Join('.', section)}.{key}");
            }
        }
    }

    [Fact]
    public void Both_have_the_same_bounds()
    {
        var compared = 0;
        foreach (var (path, property) in Leaves().Where(l => l.Property["type"]!.GetValue<string>() == "integer"))
        {
            var (minimum, maximum) = (property["minimum"]!.GetValue<long>(), property["maximum"]!.GetValue<long>());
            Refused(With(path, minimum - 1)).Message.ShouldContain(FormattableString.Invariant($"from {minimum} to {maximum}"));
            Refused(With(path, maximum + 1)).Message.ShouldContain(FormattableString.Invariant($"from {minimum} to {maximum}"));
            Refused(With(path, "text")).Message.ShouldContain("whole number");
            compared++;
        }

        compared.ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public void What_the_schema_says_holds_without_a_key_holds_without_it()
    {
        foreach (var (path, property) in Leaves().Where(l => l.Property["default"] is not null))
        {
            // A section whose presence says that there is a unit is compared with the empty section.
            var without = ConfigurationWriter.ToText(Read(path[0] == "similarity" ? With(["similarity"], new JsonObject()) : Smallest()));
            ConfigurationWriter.ToText(Read(With(path, property["default"]!.DeepClone()))).ShouldBe(without, string.Join('.', path));
        }
    }

    [Fact]
    public void Words_are_the_same()
    {
        foreach (var (path, property) in Leaves())
        {
            var words = property["enum"] ?? property["items"]?["enum"];
            if (words is null)
            {
                continue;
            }

            foreach (var word in words.AsArray())
            {
                var value = property["items"] is null ? word!.DeepClone() : new JsonArray(word!.DeepClone());
                IsAccepted(With(path, value)).ShouldBeTrue($"{string.Join('.', path)} = {word}");
            }

            Refused(With(path, property["items"] is null ? "frob" : new JsonArray("frob"))).Message.ShouldContain(words[0]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("edge64", true)]
    [InlineData("a_b", true)]
    [InlineData("a_", false)]
    [InlineData("_a", false)]
    [InlineData("A", false)]
    [InlineData("1a", false)]
    [InlineData("a-b", false)]
    [InlineData("", false)]
    [InlineData("a23456789012345678901234567890123456789b", true)]
    [InlineData("a23456789012345678901234567890123456789bc", false)]
    public void Names_are_the_same(string name, bool allowed)
    {
        IsAccepted(With(["name"], name)).ShouldBe(allowed);
        System.Text.RegularExpressions.Regex.IsMatch(name, s_schema["properties"]!["name"]!["pattern"]!.GetValue<string>()).ShouldBe(allowed);
    }

    [Fact]
    public void A_configuration_is_written_and_read_back_as_it_was()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Checkout, "configurations"), "*.yaml"))
        {
            var configuration = ConfigurationReader.ReadFile(path);
            var read = ConfigurationReader.Read(ConfigurationWriter.ToText(configuration), "text");
            (read with { RowOperations = configuration.RowOperations }).ShouldBe(configuration);
            read.RowOperations.ShouldBe(configuration.RowOperations);
        }

        var odd = new ArrayConfiguration("odd", 12, 7, 3, [RowOperation.And, RowOperation.Or], 2, 4, 8, 5, 3, 2, 16);
        odd = odd with { Storage = StorageKind.Memory, MemoryMacro = MemoryMacroKind.External };
        var again = ConfigurationReader.Read(ConfigurationWriter.ToText(odd), "text");
        (again with { RowOperations = odd.RowOperations }).ShouldBe(odd);
        again.RowOperations.ShouldBe(odd.RowOperations);
    }

    [Fact]
    public void A_similarity_unit_is_written_and_read_back_as_it_was_and_needs_its_row_operations()
    {
        var text = """{ "name": "a", "array": { "rows": 4, "columns": 4, "lanes": 2 }, "similarity": { "filters": 9, "segments": 16, "rules": ["quota", "paper"], "distances": ["euclidean"] } }""";
        var unit = ConfigurationReader.Read(text, "text").Similarity.ShouldNotBeNull();
        (unit.Filters, unit.Segments).ShouldBe((9, 16));
        unit.Rules.ShouldBe([SimilarityRule.Paper, SimilarityRule.Quota]);
        unit.Distances.ShouldBe([SimilarityDistance.Euclidean]);
        var again = ConfigurationReader.Read(ConfigurationWriter.ToText(ConfigurationReader.Read(text, "text")), "text").Similarity.ShouldNotBeNull();
        (again.Filters, again.Segments).ShouldBe((9, 16));
        again.Rules.ShouldBe(unit.Rules);
        again.Distances.ShouldBe(unit.Distances);
        Read(Smallest()).Similarity.ShouldBeNull();
        Refused(With(["similarity"], new JsonObject { ["segments"] = 12 })).Message.ShouldContain("similarity.segments = 12: is not a power of two");
        var plain = With(["similarity"], new JsonObject { ["distances"] = new JsonArray("euclidean") });
        plain["rowOperations"] = new JsonArray("xor");
        Refused(plain).Message.ShouldContain("needs the row operation and");
        plain["rowOperations"] = new JsonArray("and");
        Refused(plain).Message.ShouldContain("needs the row operation xor");
    }

    [Fact]
    public void A_key_that_is_for_another_storage_is_refused() =>
        Refused(JsonNode.Parse("""{ "name": "a", "array": { "rows": 4, "columns": 4, "lanes": 2, "memoryMacro": "external" } }""")!.AsObject()).Message.ShouldContain("array.memoryMacro = external: is for another storage");

    [Fact]
    public void Several_macros_are_refused_where_rows_are_decrypted_or_compared()
    {
        foreach (var (section, value) in ((string, string)[])[("decrypt", """{ "keys": "dense" }"""), ("decrypt", """{ "keys": "sparse" }"""), ("similarity", "{}")])
        {
            var configuration = With(["array", "macros"], 2);
            Read(configuration).Macros.ShouldBe(2);
            configuration[section] = JsonNode.Parse(value);
            var error = Refused(configuration).Errors.Single();
            (error.Key, error.Value).ShouldBe(("array.macros", "2"));
            error.Allowed.ShouldStartWith("1 where");
            Put(configuration, ["array", "macros"], 1);
            IsAccepted(configuration).ShouldBeTrue(configuration.ToJsonString());
        }

        var plain = With(["array", "macros"], 2);
        plain["decrypt"] = JsonNode.Parse("""{ "keys": "none" }""");
        Read(plain).Macros.ShouldBe(2);
    }

    private static JsonObject Smallest() => JsonNode.Parse("""{ "name": "a", "array": { "rows": 4, "columns": 4, "lanes": 2 } }""")!.AsObject();

    private static JsonObject With(IReadOnlyList<string> path, JsonNode value)
    {
        var configuration = Smallest();
        if (s_storageOf.GetValueOrDefault(path[^1]) is var (storage, otherwise) && storage is not null && value.ToJsonString() != otherwise)
        {
            Put(configuration, ["array", "storage"], storage);
        }

        Put(configuration, path, value);
        return configuration;
    }

    private static void Put(JsonObject configuration, IReadOnlyList<string> path, JsonNode value)
    {
        foreach (var key in path.SkipLast(1))
        {
            configuration = (configuration[key] ??= new JsonObject()).AsObject();
        }

        configuration[path[^1]] = value;
    }

    private static JsonObject? Parent(JsonObject configuration, IReadOnlyList<string> path) =>
        path.SkipLast(1).Aggregate((JsonObject?)configuration, (at, key) => at?[key]?.AsObject());

    private static IEnumerable<(string[] Path, JsonObject Schema)> Sections() =>
        s_schema["properties"]!.AsObject().Where(p => p.Value!["type"]!.GetValue<string>() == "object")
            .Select(p => ((string[])[p.Key], p.Value!.AsObject())).Prepend(([], s_schema));

    private static IEnumerable<(string[] Path, JsonObject Property)> Leaves() =>
        Sections().SelectMany(s => s.Schema["properties"]!.AsObject().Select(p => ((string[])[.. s.Path, p.Key], p.Value!.AsObject())))
            .Where(l => l.Item2["type"]!.GetValue<string>() != "object");

    private static ArrayConfiguration Read(JsonObject configuration) => ConfigurationReader.Read(configuration.ToJsonString(), "configuration.yaml");

    private static ConfigurationException Refused(JsonObject configuration) =>
        Should.Throw<ConfigurationException>(() => Read(configuration), configuration.ToJsonString(null));

    private static bool IsAccepted(JsonObject configuration)
    {
        try
        {
            Read(configuration);
            return true;
        }
        catch (ConfigurationException)
        {
            return false;
        }
    }
}
