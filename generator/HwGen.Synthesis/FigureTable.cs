using System.Globalization;
using CsvHelper;
using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>A row of a committed table: what one synthesis came to.</summary>
/// <param name="Design">What was synthesized.</param>
/// <param name="Target">What for.</param>
/// <param name="Structure">What popcounts are made of, and what else tells this row from others of the same design.</param>
public sealed record Figure(string Design, string Target, string Structure)
{
    /// <summary>Cells.</summary>
    public int Cells { get; init; }

    /// <summary>Flip-flops.</summary>
    public int FlipFlops { get; init; }

    /// <summary>µm² of standard cells; null for FPGAs.</summary>
    public double? Area { get; init; }

    /// <summary>Nanoseconds: the shortest period, or for logic without a clock the longest delay; null where nothing was timed.</summary>
    public double? Delay { get; init; }

    /// <summary>Logic cells of an FPGA, or its look-up tables where nothing was placed; null for standard cells.</summary>
    public int? LogicCells { get; init; }

    /// <summary>Block RAMs, or memories that are black boxes.</summary>
    public int Memories { get; init; }

    /// <summary>Where the worst path begins and ends.</summary>
    public string WorstPath { get; init; } = string.Empty;

    /// <summary>The figures of a synthesis.</summary>
    public static Figure Of(string design, string structure, SynthesisResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new Figure(design, result.Target.ToString().ToLowerInvariant(), structure)
        {
            Cells = result.CellCount,
            FlipFlops = result.FlipFlops,
            Area = result.Area,
            Delay = result.Timing is { } timing ? Math.Round(timing.MinimumPeriod, 3) : null,
            LogicCells = result.Fpga?.LogicCells ?? result.Fpga?.Luts,
            Memories = result.Fpga?.BlockRams ?? result.BlackBoxMemories.Count,
            WorstPath = result.Timing?.WorstPath is { } path ? $"{path.From} to {path.To}" : string.Empty,
        };
    }

    internal (string, string, string) Key => (Design, Target, Structure);
}

/// <summary>Tables of figures as CSV files, and the check that no figure grows unnoticed.</summary>
public static class FigureTable
{
    /// <summary>How much a committed area or delay may grow.</summary>
    public const double LargestGrowth = 0.03;

    private static readonly string[] s_columns =
        ["design", "target", "structure", "cells", "flip_flops", "area_um2", "delay_ns", "logic_cells", "memories", "worst_path"];

    /// <summary>Writes a table.</summary>
    public static void Write(string file, IEnumerable<Figure> figures) => CsvTable.Write(file, s_columns, figures.Select(f => (IReadOnlyList<object?>)
        [f.Design, f.Target, f.Structure, f.Cells, f.FlipFlops, f.Area, f.Delay, f.LogicCells, f.Memories, f.WorstPath]));

    /// <summary>Reads a table.</summary>
    /// <exception cref="InputException">The file is not there or is no table of figures.</exception>
    public static IReadOnlyList<Figure> Read(string file)
    {
        try
        {
            using var text = new StreamReader(file);
            using var reader = CsvReader.Create(text, new CsvReaderOptions { FormatProvider = CultureInfo.InvariantCulture }, leaveOpen: true);
            var figures = new List<Figure>();
            while (reader.Read())
            {
                figures.Add(new Figure(reader.GetString("design"), reader.GetString("target"), reader.GetString("structure"))
                {
                    Cells = (int)Number(reader, "cells")!.Value,
                    FlipFlops = (int)Number(reader, "flip_flops")!.Value,
                    Area = Number(reader, "area_um2"),
                    Delay = Number(reader, "delay_ns"),
                    LogicCells = (int?)Number(reader, "logic_cells"),
                    Memories = (int)Number(reader, "memories")!.Value,
                    WorstPath = reader.GetString("worst_path"),
                });
            }
            return figures;
        }
        catch (Exception exception) when (exception is IOException or FormatException or InvalidOperationException or CsvFormatException or KeyNotFoundException)
        {
            throw new InputException(new InputError("is no table of figures: " + exception.Message) { File = file }, exception);
        }
    }

    /// <summary>Compares new figures with committed ones.</summary>
    /// <param name="committed">The committed table.</param>
    /// <param name="measured">New figures, some or all of its rows.</param>
    /// <returns>How many values were compared, and a sentence for each that grew by more than 3 %, and for each new row that the table lacks.</returns>
    public static (int Compared, IReadOnlyList<string> Growths) Compare(IReadOnlyList<Figure> committed, IReadOnlyList<Figure> measured)
    {
        ArgumentNullException.ThrowIfNull(committed);
        ArgumentNullException.ThrowIfNull(measured);
        var known = committed.ToDictionary(figure => figure.Key);
        var compared = 0;
        var growths = new List<string>();
        foreach (var figure in measured)
        {
            if (!known.TryGetValue(figure.Key, out var before))
            {
                growths.Add($"{Name(figure)}: the table has no such row");
                continue;
            }
            Compare("area", before.Area, figure.Area);
            Compare("delay", before.Delay, figure.Delay);
            Compare("logic cells", before.LogicCells, figure.LogicCells);

            void Compare(string what, double? old, double? now)
            {
                if (old is null && now is null)
                    return;
                compared++;
                if (old is not { } was || now is not { } value)
                    growths.Add($"{Name(figure)}: {what} is {(now is null ? "gone" : "new")}");
                else if (value > was * (1 + LargestGrowth))
                    growths.Add(string.Create(CultureInfo.InvariantCulture, $"{Name(figure)}: {what} was {was:0.###} and is {value:0.###}, {(value / was - 1) * 100:0.0} % more"));
            }
        }
        return (compared, growths);
    }

    private static string Name(Figure figure) => $"{figure.Design}, {figure.Target}, {figure.Structure}";

    private static double? Number(CsvReader reader, string column) =>
        reader.GetString(column) is { Length: > 0 } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}
