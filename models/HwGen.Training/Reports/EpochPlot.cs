using System.Net;
using System.Text;

namespace HwGen.Training.Reports;

/// <summary>A plot of a run as SVG: test accuracy (left axis, from a floor that shows the differences) and operations removed (right axis).</summary>
public static class EpochPlot
{
    private const double Width = 720;
    private const double Height = 360;
    private const double Left = 64;
    private const double Right = 656;
    private const double Top = 40;
    private const double Bottom = 310;

    /// <summary>Draws.</summary>
    /// <param name="title">The title; any text.</param>
    /// <param name="rows">At least one epoch.</param>
    /// <returns>A whole SVG document.</returns>
    public static string Svg(string title, IReadOnlyList<EpochResult> rows)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        double floor = Math.Floor(10 * Math.Min(0.9, rows.Min(row => row.TestAccuracy))) / 10;
        var text = new StringBuilder();
        text.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n"));
        text.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text.Append(Invariant($"<text x=\"{Left}\" y=\"22\" font-size=\"15\">{WebUtility.HtmlEncode(title)}</text>\n"));
        for (int tick = 0; tick <= 5; tick++)
        {
            double y = Bottom - ((Bottom - Top) * tick / 5);
            text.Append(Invariant($"<line x1=\"{Left}\" y1=\"{y:0.##}\" x2=\"{Right}\" y2=\"{y:0.##}\" stroke=\"#ddd\"/>\n"));
            text.Append(Invariant($"<text x=\"{Left - 8}\" y=\"{y + 4:0.##}\" text-anchor=\"end\" fill=\"#1f5fa8\">{100 * (floor + ((1 - floor) * tick / 5)):0.#} %</text>\n"));
            text.Append(Invariant($"<text x=\"{Right + 8}\" y=\"{y + 4:0.##}\" fill=\"#b35900\">{20 * tick} %</text>\n"));
        }
        int step = Math.Max(1, (rows.Count + 9) / 10);
        for (int i = 0; i < rows.Count; i += step)
            text.Append(Invariant($"<text x=\"{X(i, rows.Count):0.##}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{rows[i].Epoch}</text>\n"));
        text.Append(Line(rows, row => (row.TestAccuracy - floor) / (1 - floor), "#1f5fa8"));
        text.Append(Line(rows, row => row.OperationsRemoved, "#b35900"));
        text.Append(Invariant($"<text x=\"{Left}\" y=\"{Bottom + 40}\" fill=\"#1f5fa8\">test accuracy</text>\n"));
        text.Append(Invariant($"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 40}\" text-anchor=\"middle\">epoch</text>\n"));
        text.Append(Invariant($"<text x=\"{Right}\" y=\"{Bottom + 40}\" text-anchor=\"end\" fill=\"#b35900\">operations removed</text>\n"));
        return text.Append("</svg>\n").ToString();
    }

    private static string Line(IReadOnlyList<EpochResult> rows, Func<EpochResult, double> share, string colour)
    {
        string points = string.Join(' ', rows.Select((row, i) => Invariant($"{X(i, rows.Count):0.##},{Bottom - ((Bottom - Top) * Math.Clamp(share(row), 0, 1)):0.##}")));
        return Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
    }

    private static double X(int index, int count) => count == 1 ? (Left + Right) / 2 : Left + ((Right - Left) * index / (count - 1));
}
