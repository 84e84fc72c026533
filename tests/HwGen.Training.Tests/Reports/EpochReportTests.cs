using System.Globalization;
using System.Xml.Linq;
using HwGen.Training.Reports;

namespace HwGen.Training.Tests.Reports;

public sealed class EpochReportTests
{
    private static readonly EpochResult[] s_rows =
    [
        new(1, 0.51234567, 0.8, 0.9, "32/64/16", 0),
        new(2, 0.25, 0.9, 0.95, "20/37/15", 0.6057763),
        new(3, 0.125, 0.95, 1, "20/37/15", 0.6057763),
    ];

    [Fact]
    public void A_row_has_a_value_a_column()
    {
        EpochTable.Columns.Length.ShouldBe(6);
        EpochTable.Values(s_rows[1]).ShouldBe(new object[] { 2, 0.25, 0.9, 0.95, "20/37/15", 0.6057763 });
    }

    [Fact]
    public void The_plot_is_well_formed_and_shows_both_curves_under_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            XDocument plot = XDocument.Parse(EpochPlot.Svg("a < b && c", s_rows));
            XNamespace svg = "http://www.w3.org/2000/svg";
            plot.Descendants(svg + "text").First().Value.ShouldBe("a < b && c");
            string[] points = [.. plot.Descendants(svg + "polyline").Select(line => line.Attribute("points")!.Value)];
            // Accuracy runs from 90 % (the floor) through the middle to the top; operations removed from 0 to 60.58 %.
            points.ShouldBe(["64,310 360,175 656,40", "64,310 360,146.44 656,146.44"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void One_epoch_is_enough_and_none_is_refused()
    {
        XDocument.Parse(EpochPlot.Svg("one", s_rows[..1])).Root.ShouldNotBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => EpochPlot.Svg("none", []));
    }
}
