using System.Text.Json;
using HwGen.Synthesis.Timing;

namespace HwGen.Synthesis;

/// <summary>Reads the JSON report of nextpnr.</summary>
internal static class Ice40Report
{
    /// <summary>The longest path between registers; null when the report has none.</summary>
    public static TimingPath? WorstPath(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("critical_paths", out var paths))
            return null;
        TimingPath? worst = null;
        foreach (var path in paths.EnumerateArray().Where(path => Text(path, "from").StartsWith("posedge", StringComparison.Ordinal) && Text(path, "to").StartsWith("posedge", StringComparison.Ordinal)))
        {
            var steps = new List<TimingStep>();
            var time = 0.0;
            var from = string.Empty;
            var to = string.Empty;
            foreach (var step in path.GetProperty("path").EnumerateArray())
            {
                var delay = step.GetProperty("delay").GetDouble();
                time += delay;
                var place = step.TryGetProperty("from", out var source) ? Signal(Text(source, "cell")) : string.Empty;
                to = step.TryGetProperty("to", out var sink) ? Signal(Text(sink, "cell")) : to;
                from = from.Length == 0 ? place : from;
                steps.Add(new TimingStep(step.TryGetProperty("net", out var net) ? net.GetString()! : place, Text(step, "type"), delay, time));
            }
            if (worst is null || time > worst.Arrival)
                worst = new TimingPath(from, to, time, steps);
        }
        return worst;
    }

    /// <summary>Cells are called after the net that they drive, with what they are behind it.</summary>
    private static string Signal(string cell)
    {
        foreach (var ending in (string[])["_SB_DFF", "_SB_LUT4", "_SB_RAM", "$"])
        {
            var place = cell.IndexOf(ending, StringComparison.Ordinal);
            if (place > 0)
                return cell[..place];
        }
        return cell;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}
