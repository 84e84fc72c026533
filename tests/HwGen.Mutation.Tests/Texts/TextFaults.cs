using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Simulation;

namespace HwGen.Mutation.Tests.Texts;

/// <summary>A fault in emitted Verilog.</summary>
/// <param name="Files">The text, one file with the fault.</param>
/// <param name="Module">The module with the fault.</param>
/// <param name="What">File, line and change, in words.</param>
internal sealed record TextFault(IReadOnlyList<SourceFile> Files, string Module, string What);

/// <summary>Faults in Verilog text: another operator, another index, another constant. A line is drawn of all lines of all files that have one of them, then the place in it.</summary>
internal static partial class TextFaults
{
    private static readonly (string From, string[] To)[] s_operators =
    [
        (" & ", [" | ", " ^ "]), (" | ", [" & ", " ^ "]), (" ^ ", [" & ", " | "]), (" + ", [" - "]), (" - ", [" + "]), (" * ", [" + "]), (" == ", [" != "]), (" != ", [" == "]), (" < ", [" >= ", " > "]),
        (" >= ", [" < ", " > "]), (" << ", [" >> "]), (" >> ", [" << "]), (" >>> ", [" >> "]), ("~", [""]), ("!", [""]),
    ];

    public static TextFault Draw(IReadOnlyList<SourceFile> files, Random random)
    {
        var lines = files.SelectMany((file, f) => file.Text.Split('\n').Select((line, l) => (File: f, Line: l, Changes: Changes(line)))).Where(line => line.Changes.Count > 0).ToList();
        var (file, number, changes) = lines[random.Next(lines.Count)];
        var (from, to) = (files[file].Text.Split('\n')[number], changes[random.Next(changes.Count)]);
        string[] text = files[file].Text.Split('\n');
        text[number] = to;
        return new TextFault(
            [.. files.Select((f, i) => i == file ? f with { Text = string.Join('\n', text) } : f)],
            Path.GetFileNameWithoutExtension(files[file].Name), FormattableString.Invariant($"{files[file].Name}, line {number + 1}: `{from.Trim()}` → `{to.Trim()}`"));
    }

    /// <summary>Every way in which a line can be wrong; none for declarations and comments.</summary>
    private static List<string> Changes(string line)
    {
        var changes = new List<string>();
        var code = line.TrimStart();
        var begin = code.StartsWith("//", StringComparison.Ordinal) ? -1 : code.StartsWith("if (", StringComparison.Ordinal) || code.StartsWith("end else if (", StringComparison.Ordinal) ? 0 : line.IndexOf('=', StringComparison.Ordinal) + 1;
        if (begin < 0 || (begin == 0 && !code.Contains("if (", StringComparison.Ordinal)))
        {
            return changes;
        }

        foreach (var (from, to) in s_operators)
        {
            for (var place = line.IndexOf(from, begin, StringComparison.Ordinal); place >= 0; place = line.IndexOf(from, place + from.Length, StringComparison.Ordinal))
            {
                // "!=" is one operator.
                if (from != "!" || line[place + 1] != '=')
                {
                    changes.AddRange(to.Select(other => line[..place] + other + line[(place + from.Length)..]));
                }
            }
        }

        foreach (var match in Constant().Matches(line, begin).Cast<Match>())
        {
            var (width, value) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
            foreach (var other in new[] { value ^ 1, value + 1, value ^ (1L << (Math.Min(width, 60) - 1)) }.Distinct().Where(other => other < 1L << Math.Min(width, 60)))
            {
                changes.Add(line[..match.Index] + FormattableString.Invariant($"{width}'d{other}") + line[(match.Index + match.Length)..]);
            }
        }

        foreach (var match in Index().Matches(line, begin).Cast<Match>())
        {
            var high = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            var low = match.Groups[3].Success ? int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) : (int?)null;
            foreach (var step in new[] { -1, 1 }.Where(step => (low ?? high) + step >= 0))
            {
                changes.Add(line[..match.Index] + (low is null ? FormattableString.Invariant($"[{high + step}]") : FormattableString.Invariant($"[{high + step}:{low + step}]")) + line[(match.Index + match.Length)..]);
            }
        }

        return changes;
    }

    [GeneratedRegex(@"\b(\d+)'d(\d+)\b")]
    private static partial Regex Constant();

    [GeneratedRegex(@"(?<=\w)\[(\d+)(:(\d+))?\]")]
    private static partial Regex Index();
}
