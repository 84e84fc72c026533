using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwGen.Tools;

/// <summary>
/// The <c>summary.json</c> of a run: what was run, with which tools, and what came out. Members stand in the order in which they
/// were added, numbers are written for every culture alike, and there is no date: equal runs write equal bytes.
/// </summary>
public sealed class RunSummary
{
    /// <summary>The version of the format; it goes up when a member changes its meaning or goes.</summary>
    public const int FormatVersion = 1;

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The file is read by programs and people, never put into a page: no need to escape what HTML would.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Begins a summary.</summary>
    /// <param name="command">The command of the run: <c>cosim</c>.</param>
    public RunSummary(string command)
    {
        Root["formatVersion"] = FormatVersion;
        Root["command"] = command;
    }

    /// <summary>The whole summary; members may be added and nested here.</summary>
    public JsonObject Root { get; } = [];

    /// <summary>Adds a member: a number, a text, a truth value, a <see cref="JsonObject"/> or a <see cref="JsonArray"/>.</summary>
    /// <param name="name">Its name in camelCase.</param>
    /// <param name="value">Its value; null writes <c>null</c>.</param>
    /// <returns>This summary.</returns>
    /// <exception cref="ArgumentException">There is a member of that name.</exception>
    public RunSummary Add(string name, JsonNode? value)
    {
        Root.Add(name, value);
        return this;
    }

    /// <summary>Adds the versions of the tools that took part, sorted by name.</summary>
    /// <param name="versions">Tool name to version line.</param>
    /// <returns>This summary.</returns>
    public RunSummary AddTools(IReadOnlyDictionary<string, string> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        var tools = new JsonObject();
        foreach (var (name, version) in versions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            tools[name] = version;
        return Add("tools", tools);
    }

    /// <summary>The text of the file.</summary>
    /// <returns>Indented JSON that ends with a line feed.</returns>
    public string ToJson() => Root.ToJsonString(s_options) + "\n";

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where; its folder must be there.</param>
    public void Write(string path) => File.WriteAllText(path, ToJson());
}
