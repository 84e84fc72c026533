using System.Net;
using System.Text;

namespace HwGen.Training.Studies;

/// <summary>The runs of a study as a table and as a plot.</summary>
public static class StudyTable
{
    private static readonly string[] s_colours = ["#1f5fa8", "#b35900", "#2e7d32", "#8e24aa", "#c62828", "#00838f", "#6d4c41", "#455a64"];

    /// <summary>A Markdown table: a line a case, with the mean and the spread (lowest to highest) over its seeds.</summary>
    /// <param name="runs">The runs, those of a case together.</param>
    /// <returns>The table with a line feed at its end.</returns>
    public static string Markdown(IReadOnlyList<StudyRun> runs)
    {
        var text = new StringBuilder("| case | seeds | accuracy, mean | lowest to highest | operations removed, mean | lowest to highest | filters left |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (IGrouping<string, StudyRun> one in runs.GroupBy(run => run.Case))
        {
            double[] accuracy = [.. one.Select(run => 100 * run.Accuracy)];
            double[] removed = [.. one.Select(run => 100 * run.OperationsRemoved)];
            string name = one.Key.Replace("|", "\\|", StringComparison.Ordinal);
            text.Append(Invariant($"| {name} | {accuracy.Length} | {accuracy.Average():0.00} % | {accuracy.Min():0.00} to {accuracy.Max():0.00} % "));
            text.Append(Invariant($"| {removed.Average():0.0} % | {removed.Min():0.0} to {removed.Max():0.0} % | {string.Join(", ", one.Select(run => run.AliveFilters).Distinct())} |\n"));
        }
        return text.ToString();
    }

    /// <summary>An SVG plot: a point a run, accuracy over operations removed, a colour a case.</summary>
    /// <param name="title">The title; any text.</param>
    /// <param name="runs">At least one run.</param>
    /// <returns>A whole SVG document.</returns>
    public static string Svg(string title, IReadOnlyList<StudyRun> runs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        const double left = 70, right = 520, top = 40, bottom = 330;
        // Whole percents below the lowest point, so that the ticks are round.
        double floor = Math.Min(99, Math.Floor(100 * runs.Min(run => run.Accuracy)));
        string[] cases = [.. runs.Select(run => run.Case).Distinct()];
        double height = Math.Max(390, 60 + (20 * cases.Length));
        var text = new StringBuilder();
        text.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"860\" height=\"{height}\" viewBox=\"0 0 860 {height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"));
        text.Append(Invariant($"<text x=\"{left}\" y=\"22\" font-size=\"15\">{WebUtility.HtmlEncode(title)}</text>\n"));
        for (int tick = 0; tick <= 5; tick++)
        {
            double x = left + ((right - left) * tick / 5);
            double y = bottom - ((bottom - top) * tick / 5);
            text.Append(Invariant($"<line x1=\"{left}\" y1=\"{y:0.##}\" x2=\"{right}\" y2=\"{y:0.##}\" stroke=\"#ddd\"/>\n"));
            text.Append(Invariant($"<text x=\"{left - 8}\" y=\"{y + 4:0.##}\" text-anchor=\"end\">{floor + ((100 - floor) * tick / 5):0.##} %</text>\n"));
            text.Append(Invariant($"<text x=\"{x:0.##}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{20 * tick} %</text>\n"));
        }
        text.Append(Invariant($"<text x=\"{(left + right) / 2}\" y=\"{bottom + 40}\" text-anchor=\"middle\">convolution operations removed; test accuracy upwards</text>\n"));
        for (int i = 0; i < cases.Length; i++)
        {
            string colour = s_colours[i % s_colours.Length];
            foreach (StudyRun run in runs.Where(run => run.Case == cases[i]))
                text.Append(Invariant($"<circle cx=\"{left + ((right - left) * run.OperationsRemoved):0.##}\" cy=\"{bottom - ((bottom - top) * ((100 * run.Accuracy) - floor) / (100 - floor)):0.##}\" r=\"4\" fill=\"{colour}\" fill-opacity=\"0.7\"/>\n"));
            text.Append(Invariant($"<circle cx=\"{right + 30}\" cy=\"{top + (20 * i)}\" r=\"4\" fill=\"{colour}\"/><text x=\"{right + 42}\" y=\"{top + 4 + (20 * i)}\">{WebUtility.HtmlEncode(cases[i])}</text>\n"));
        }
        return text.Append("</svg>\n").ToString();
    }
}
