using System.Globalization;
using System.Text;

namespace HwGen.Netlist.Analysis;

/// <summary>The tables that the analyses of modules and of designs have in common.</summary>
internal static class AnalysisText
{
    /// <param name="text">What they are put behind.</param>
    /// <param name="counts">What there is.</param>
    /// <param name="countWidth">Places of the column of counts: a design has more of everything.</param>
    /// <param name="depth">Operators on the path.</param>
    /// <param name="path">The longest path.</param>
    public static void Append(StringBuilder text, IReadOnlyList<WidthCount> counts, int countWidth, int depth, IReadOnlyList<PathStep> path)
    {
        text.Append(CultureInfo.InvariantCulture, $"{"what",-18}{"bits",8}{"count".PadLeft(countWidth)}\n");
        foreach (var count in counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count.What,-18}{count.Width,8}{count.Count.ToString(CultureInfo.InvariantCulture).PadLeft(countWidth)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nlongest path: {depth} operators\n{"level",5}  signal\n");
        foreach (var step in path)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Level,5}  {step.Name}\n");
        }
    }
}
