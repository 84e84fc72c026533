namespace HwGen.Synthesis.Comparison;

/// <summary>The area of a macro whose cells are not standard cells: its periphery as synthesized, its cells and what is analogue from a technology.</summary>
/// <param name="Cells">µm² of the stored bits.</param>
/// <param name="Overhead">µm² around them.</param>
/// <param name="Periphery">µm² of the placed standard cells.</param>
/// <param name="Converters">µm² of converters and column drivers; 0 for a digital macro.</param>
public sealed record MacroArea(double Cells, double Overhead, double Periphery, double Converters)
{
    /// <summary>All of it.</summary>
    public double Total => Cells + Overhead + Periphery + Converters;

    /// <summary>A digital macro: every row that is evaluated at once has its lane of standard cells.</summary>
    /// <param name="technology">The technology.</param>
    /// <param name="bits">Stored bits.</param>
    /// <param name="standardCells">µm² of the synthesized macro, without the stored bits.</param>
    public static MacroArea Digital(AreaTechnology technology, long bits, double standardCells)
    {
        ArgumentNullException.ThrowIfNull(technology);
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfNegative(standardCells);
        var cells = bits * technology.CellArea;
        return new MacroArea(cells, cells * technology.ArrayOverhead, standardCells / technology.PlacementDensity, 0);
    }

    /// <summary>The analogue macro of the same function: the same cells; in place of each lane a converter that resolves its sum, and a driver a column; what follows the sums is the same logic.</summary>
    /// <param name="technology">The technology.</param>
    /// <param name="bits">Stored bits.</param>
    /// <param name="standardCells">µm² of the synthesized digital macro, without the stored bits.</param>
    /// <param name="lanes">Rows that are evaluated at once.</param>
    /// <param name="laneCells">µm² of a synthesized lane: its row operation and popcount.</param>
    /// <param name="columns">Cells of a row.</param>
    public static MacroArea Analogue(AreaTechnology technology, long bits, double standardCells, int lanes, double laneCells, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lanes * laneCells, standardCells);
        return Digital(technology, bits, standardCells - lanes * laneCells) with { Converters = lanes * technology.ConverterArea + columns * technology.DriverArea };
    }

    /// <summary>How much less one figure is than another, in percent: what a published reduction is compared with.</summary>
    public static double Reduction(double ours, double theirs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(theirs);
        return (1 - ours / theirs) * 100;
    }
}
