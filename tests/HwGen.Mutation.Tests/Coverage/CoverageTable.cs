using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HwGen.Mutation.Tests.Coverage;

/// <summary>What the points of all runs come to, a block each: shares of lines and bits, and what was never met.</summary>
internal static partial class CoverageTable
{
    /// <summary>The table and the lists of docs/coverage.md.</summary>
    /// <param name="points">Each point of each distinct module, with how often it was met.</param>
    public static string Markdown(IReadOnlyDictionary<(string Core, CoveragePoint Point), long> points)
    {
        var text = new StringBuilder("| block | lines and branches | met | bits | met |\n| --- | --- | --- | --- | --- |\n");
        var blocks = points.GroupBy(p => Campaign.BlockOf(p.Key.Point.Module)).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        foreach (var block in blocks)
        {
            Row(block.Key.Replace('_', ' '), [.. block]);
        }

        Row("all", [.. points]);
        text.Append("\nNot met:\n\n");
        foreach (var block in blocks)
        {
            var lines = block.Where(p => !p.Key.Point.IsToggle && p.Value == 0).GroupBy(p => p.Key.Core)
                .Select(g => FormattableString.Invariant($"{g.Key}: lines {string.Join(", ", g.Select(p => p.Key.Point.Row).Distinct().Order())}")).ToList();
            var bits = block.Where(p => p.Key.Point.IsToggle && p.Value == 0)
                .GroupBy(p => Signal().Match(p.Key.Point.Name).Groups[1].Value).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key + Bits(g.Select(p => Bit(p.Key.Point.Name)))).ToList();
            if (lines.Count + bits.Count > 0)
            {
                text.Append(FormattableString.Invariant($"- **{block.Key.Replace('_', ' ')}**: {string.Join("; ", lines.Concat(bits.Count == 0 ? [] : [string.Join(", ", bits)]))}\n"));
            }
        }

        return text.ToString();

        void Row(string name, IReadOnlyCollection<KeyValuePair<(string Core, CoveragePoint Point), long>> of)
        {
            string Share(bool isToggle)
            {
                var all = of.Where(p => p.Key.Point.IsToggle == isToggle).ToList();
                return all.Count == 0 ? "0 | " : FormattableString.Invariant($"{all.Count:N0} | {100.0 * all.Count(p => p.Value > 0) / all.Count:F1} %");
            }

            text.Append(FormattableString.Invariant($"| {name} | {Share(false)} | {Share(true)} |\n"));
        }
    }

    private static int? Bit(string name) => Signal().Match(name) is { Success: true } match && match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>Bits as ranges.</summary>
    private static string Bits(IEnumerable<int?> bits)
    {
        var sorted = bits.OfType<int>().Distinct().OrderDescending().ToList();
        var ranges = new List<string>();
        for (var i = 0; i < sorted.Count;)
        {
            var end = i;
            while (end + 1 < sorted.Count && sorted[end + 1] == sorted[end] - 1)
            {
                end++;
            }

            ranges.Add(i == end ? FormattableString.Invariant($"{sorted[i]}") : FormattableString.Invariant($"{sorted[i]}:{sorted[end]}"));
            i = end + 1;
        }

        return ranges.Count == 0 ? string.Empty : $"[{string.Join(", ", ranges)}]";
    }

    [GeneratedRegex(@"^(.*?)(?:\[(\d+)\])?$")]
    private static partial Regex Signal();
}
