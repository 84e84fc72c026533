using System.Text.Json;

namespace HwGen.Cli.Demonstration;

/// <summary>The results of an earlier demo: they may be replaced without asking, for another demo makes them again.</summary>
internal static class DemoFolder
{
    private const long LargestSummary = 1 << 20;

    /// <summary>Whether a folder holds the summary of a demo.</summary>
    public static bool IsOurs(string folder)
    {
        var summary = new FileInfo(Path.Combine(folder, "summary.json"));
        try
        {
            if (!summary.Exists || summary.Length > LargestSummary)
                return false;
            using var document = JsonDocument.Parse(File.ReadAllText(summary.FullName));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("command", out var command)
                && command.ValueKind == JsonValueKind.String && command.GetString() == "demo";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }
}
