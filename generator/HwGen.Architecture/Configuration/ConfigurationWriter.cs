using System.Text.Json.Nodes;

namespace HwGen.Architecture.Configuration;

/// <summary>Writes a configuration with every key of what the core has: JSON, and so also YAML that <see cref="ConfigurationReader"/> reads back as it was.</summary>
public static class ConfigurationWriter
{
    /// <summary>The configuration as the mapping that a configuration file holds, every key written out.</summary>
    public static JsonObject ToJson(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var json = new JsonObject
        {
            ["formatVersion"] = 1,
            ["name"] = configuration.Name,
            ["array"] = new JsonObject
            {
                ["rows"] = configuration.Rows,
                ["columns"] = configuration.Columns,
                ["lanes"] = configuration.Lanes,
                ["macros"] = configuration.Macros,
                ["storage"] = configuration.Storage.ToString().ToLowerInvariant(),
                ["memoryMacro"] = configuration.MemoryMacro.ToString().ToLowerInvariant(),
                ["spareRows"] = configuration.SpareRows,
                ["rowParity"] = configuration.RowParity.ToString().ToLowerInvariant(),
                ["setRetries"] = configuration.SetRetries,
            },
            ["rowOperations"] = new JsonArray([.. configuration.RowOperations.Select(o => JsonValue.Create(o.ToString().ToLowerInvariant()))]),
            ["decrypt"] = new JsonObject
            {
                ["keys"] = configuration.Keys.ToString().ToLowerInvariant(),
                ["entries"] = configuration.KeyEntries,
            },
            ["memories"] = new JsonObject
            {
                ["operandWords"] = configuration.OperandWords,
                ["resultWords"] = configuration.ResultWords,
                ["initialWords"] = configuration.InitialWords,
                ["levelWords"] = configuration.LevelWords,
                ["programWords"] = configuration.ProgramWords,
            },
            ["bus"] = configuration.Bus.ToString().ToLowerInvariant(),
            ["operandSkipping"] = configuration.OperandSkipping,
            ["arithmetic"] = new JsonObject
            {
                ["largestFanIn"] = configuration.LargestFanIn,
                ["inputBits"] = configuration.InputBits,
                ["weightBits"] = configuration.WeightBits,
                ["multiplierBits"] = configuration.MultiplierBits,
            },
        };
        if (configuration.PacksWindows)
        {
            json["memories"]!["windowWords"] = configuration.WindowWords;
        }

        if (configuration.Similarity is { } similarity)
        {
            json["similarity"] = new JsonObject
            {
                ["filters"] = similarity.Filters,
                ["segments"] = similarity.Segments,
                ["rules"] = new JsonArray([.. similarity.Rules.Select(rule => JsonValue.Create(SimilaritySection.Rules[(int)rule]))]),
                ["distances"] = new JsonArray([.. similarity.Distances.Select(distance => JsonValue.Create(SimilaritySection.Distances[(int)distance]))]),
            };
        }

        return json;
    }

    /// <summary>The same as one line of text: equal configurations give equal texts.</summary>
    public static string ToText(ArrayConfiguration configuration) => ToJson(configuration).ToJsonString();
}
