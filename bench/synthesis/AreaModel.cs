using System.Globalization;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis;
using HwGen.Synthesis.Comparison;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Power;
using HwGen.Tools;

namespace HwGen.SynthesisBench;

/// <summary>The digital macro beside an analogue one of the same function: periphery as synthesized, cells and converters from the technology file.</summary>
internal static class AreaModel
{
    private const int Rows = 512;
    private const int Columns = 32;
    private const int Lanes = 64;

    public static int Run(string technologyFile, string table)
    {
        var technology = AreaTechnology.Read(technologyFile);
        var runs = new Runs(Directory.CreateTempSubdirectory("hwgen-bench-").FullName);
        var configuration = string.Create(CultureInfo.InvariantCulture, $$"""
            name: model
            array: { rows: {{Rows}}, columns: {{Columns}}, lanes: {{Lanes}}, storage: memory, memoryMacro: external }
            arithmetic: { largestFanIn: 4096, inputBits: 8, weightBits: 1 }
            """);

        // The cells are outside: what is synthesized is all that stands beside them.
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { Period = 8 };
        var macro = runs.Result(runs.Core(configuration, PopcountStructure.AdderCells, "macro"), options);
        var lane = runs.Result(runs.Core(configuration, PopcountStructure.AdderCells, "lane"), options);
        const long bits = (long)Rows * Columns;
        var ours = MacroArea.Digital(technology, bits, macro.Area!.Value);
        var theirs = MacroArea.Analogue(technology, bits, macro.Area.Value, Lanes, lane.Area!.Value, Columns);

        // One evaluated row: a lane for a cycle against a conversion; reading the cells is taken as equal.
        var period = options.Period!.Value * 1e-9;
        var library = CellLibrary.Read(options.Liberty);
        var power = new PowerSum(MappedNetlist.Read(Path.Combine(lane.Folder, "netlist.v")), library, options).At(technology.LaneActivity, period);
        var energy = power.Total.Total * period * 1e12;
        var rows = new List<IReadOnlyList<object?>>
        {
            Row("cells, um2", ours.Cells, theirs.Cells),
            Row("around the cells, um2", ours.Overhead, theirs.Overhead),
            Row("placed standard cells, um2", ours.Periphery, theirs.Periphery),
            Row("converters and drivers, um2", ours.Converters, theirs.Converters),
            Row("macro, um2", ours.Total, theirs.Total, technology.PublishedArea),
            Row("a lane or a converter, um2", lane.Area.Value / technology.PlacementDensity, technology.ConverterArea),
            Row("an evaluated row, pJ", energy, technology.ConverterEnergy, technology.PublishedEnergy),
        };
        CsvTable.Write(table, ["what", "digital", "analogue", "reduction_percent", "published_reduction_percent"], rows);
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", row));
        foreach (var assumption in technology.Assumptions)
            Console.WriteLine("assumption: " + assumption);
        return 0;
    }

    private static IReadOnlyList<object?> Row(string what, double digital, double analogue, double? published = null) =>
        [what, Math.Round(digital, 2), Math.Round(analogue, 2), analogue > 0 ? Math.Round(MacroArea.Reduction(digital, analogue), 2) : null, published];
}
