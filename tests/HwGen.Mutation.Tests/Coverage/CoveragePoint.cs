using System.Globalization;

namespace HwGen.Mutation.Tests.Coverage;

/// <summary>A place in the Verilog that Verilator counts: a line, or a bit of a signal that changes.</summary>
/// <param name="Module">The module, which is the name of its file.</param>
/// <param name="Row">The line.</param>
/// <param name="Column">The column.</param>
/// <param name="IsToggle">True for a bit, false for a line or branch.</param>
/// <param name="Name">The bit, or the kind of branch.</param>
internal sealed record CoveragePoint(string Module, int Row, int Column, bool IsToggle, string Name)
{
    /// <summary>A line of text, to be read again by <see cref="Parse"/>.</summary>
    public string Line(long count) => string.Join('\t', Module, FormattableString.Invariant($"{Row}\t{Column}\t{(IsToggle ? 1 : 0)}"), Name, FormattableString.Invariant($"{count}"));

    /// <summary>Reads such a line.</summary>
    public static (CoveragePoint Point, long Count) Parse(string line)
    {
        var fields = line.Split('\t');
        int Number(int field) => int.Parse(fields[field], CultureInfo.InvariantCulture);
        return (new CoveragePoint(fields[0], Number(1), Number(2), Number(3) == 1, fields[4]), long.Parse(fields[5], CultureInfo.InvariantCulture));
    }

    /// <summary>Reads what a run of Verilator's models wrote: each point with how often it was met, over all instances.</summary>
    public static IEnumerable<(CoveragePoint Point, long Count)> Read(string path)
    {
        foreach (var line in File.ReadLines(path).Where(line => line.StartsWith("C '", StringComparison.Ordinal)))
        {
            var end = line.LastIndexOf('\'');
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in line[3..end].Split('\u0001', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = field.Split('\u0002');
                fields[parts[0]] = parts[1];
            }

            var page = fields["page"].Split('/')[0];
            int Number(string key) => int.Parse(fields[key], CultureInfo.InvariantCulture);
            yield return (
                new CoveragePoint(Path.GetFileNameWithoutExtension(fields["f"]), Number("l"), Number("n"), page == "v_toggle", fields.GetValueOrDefault("o", string.Empty)),
                long.Parse(line[(end + 1)..], CultureInfo.InvariantCulture));
        }
    }
}
