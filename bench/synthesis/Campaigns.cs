using System.Globalization;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis;

namespace HwGen.SynthesisBench;

/// <summary>What is measured: one table a method, in the order of its rows.</summary>
internal static class Campaigns
{
    private static readonly SynthesisOptions s_cells = new(SynthesisTarget.Osu018);

    // One mapping for 5 ns: cores and whole macros take minutes otherwise.
    private static readonly SynthesisOptions s_core = s_cells with { Period = 5, Hierarchical = true };
    private static readonly SynthesisOptions s_area = s_cells with { Sized = false };

    public static IReadOnlyDictionary<string, Func<Runs, IEnumerable<Figure>>> All { get; } = new Dictionary<string, Func<Runs, IEnumerable<Figure>>>(StringComparer.Ordinal)
    {
        ["popcounts"] = Popcounts,
        ["popcount_curve"] = Curve,
        ["counting_macro"] = Macro,
        ["blocks"] = Blocks,
        ["macros"] = Macros,
        ["features"] = Features,
        ["ice40"] = Ice40,
        ["large"] = Large,
    };

    /// <summary>Trees against sums over widths, mapped as the published figures were: for area, without buffers.</summary>
    private static IEnumerable<Figure> Popcounts(Runs runs)
    {
        foreach (var width in (int[])[8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096])
        {
            var name = Name("popcount of", width);
            yield return runs.Figure(name, "adder cells", runs.Source(new Counter(width), PopcountStructure.AdderCells), s_area);
            if (width > 512)
                continue;
            yield return runs.Figure(name, "sums with carry-in", runs.Source(new Counter(width), PopcountStructure.Sums), s_area with { Adders = AdderStructure.Sums });
            yield return runs.Figure(name, "sums of pairs", runs.Source(new Counter(width, pairs: true), PopcountStructure.Sums), s_area with { Adders = AdderStructure.Sums });
        }
    }

    /// <summary>Faster and smaller popcounts of 512 bits: sums, sums with the adders that Yosys finds in them, and trees whose last adders are logic.</summary>
    private static IEnumerable<Figure> Curve(Runs runs)
    {
        const int Width = 512;
        var name = Name("popcount of", Width);
        var pairs = runs.Source(new Counter(Width, pairs: true), PopcountStructure.Sums);
        yield return runs.Figure(name, "sums of pairs", pairs, s_area with { Adders = AdderStructure.Sums });
        yield return runs.Figure(name, "sums of pairs, adders found", pairs, s_area with { Adders = AdderStructure.Sums, ExtractAdders = true });
        var tree = runs.Source(new Counter(Width), PopcountStructure.AdderCells);
        yield return runs.Figure(name, "adder cells, no half adders paired", tree, s_area with { PairHalfAdders = false });
        yield return runs.Figure(name, "adder cells", tree, s_area);
        yield return runs.Figure(name, "adder cells, paired from column 0", tree, s_area with { FirstPairedColumn = 0 });
        var plan = CompressorTree.Of(Width).Cells;
        foreach (var percent in (int[])[1, 2, 3, 4, 5, 6, 8, 10, 20])
        {
            var first = plan.Count - plan.Count * percent / 100;
            var logic = Enumerable.Range(first, plan.Count - first)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"weight_{plan[i].Column}_adder_{i}")).ToList();
            yield return runs.Figure(name, string.Create(CultureInfo.InvariantCulture, $"last {percent} % as logic"), tree, s_cells with { LogicAdders = logic, Period = 0.001 });
        }
    }

    /// <summary>The macro of the published figures, trees and sums under one set of constraints; its popcounts alone under the same.</summary>
    private static IEnumerable<Figure> Macro(Runs runs)
    {
        foreach (var (rows, columns) in ((int, int)[])[(16, 64)])
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"counting macro {rows} x {columns}");
            foreach (var (structure, pairs, popcounts) in Structures())
            {
                var options = s_cells with { Period = 3, Adders = popcounts == PopcountStructure.AdderCells ? AdderStructure.Cells : AdderStructure.Sums };
                yield return runs.Figure(Name("popcount of", columns), structure, runs.Source(new Counter(columns, pairs), popcounts), options);
                yield return runs.Figure(name, structure, runs.Source(new CountingMacro(rows, columns, pairs), popcounts), options);
            }
        }
    }

    /// <summary>Each block of a small core.</summary>
    private static IEnumerable<Figure> Blocks(Runs runs)
    {
        foreach (var block in (string[])["lane", "shift_add", "macro", "sequencer", "result_unit", "value_unit", "drain_unit", "plane_packer", "descriptor_registers"])
            yield return runs.Figure("small core, " + block.Replace('_', ' '), "adder cells", runs.Core(Small("small", 16, 32, 8, ""), PopcountStructure.AdderCells, block), s_core);
        yield return runs.Figure("small core", "adder cells", runs.Core(Small("small", 16, 32, 8, ""), PopcountStructure.AdderCells), s_core);
    }

    /// <summary>Macros over sizes, lanes, storages and row operations.</summary>
    private static IEnumerable<Figure> Macros(Runs runs)
    {
        foreach (var (rows, columns, lanes) in ((int, int, int)[])[(8, 16, 8), (16, 16, 16), (16, 32, 4), (16, 32, 8), (16, 32, 16), (16, 64, 16), (32, 32, 8)])
            yield return Row(rows, columns, lanes, "all four operations", "");
        yield return Row(16, 32, 8, "and", "rowOperations: [and]\n");
        yield return Row(16, 32, 8, "and, xor", "rowOperations: [and, xor]\n");
        yield return Row(32, 32, 8, "memory", "", "memory");

        Figure Row(int rows, int columns, int lanes, string structure, string more, string storage = "flipflop") => runs.Figure(
            string.Create(CultureInfo.InvariantCulture, $"macro {rows} x {columns}, {lanes} lanes"), structure,
            runs.Core(Small("table", rows, columns, lanes, more, storage), PopcountStructure.AdderCells, "macro"), s_core);
    }

    /// <summary>What a feature costs: the same row, macro and core with it and without.</summary>
    private static IEnumerable<Figure> Features(Runs runs)
    {
        const string dense = "decrypt: { keys: dense }\n";
        const string sparse = "decrypt: { keys: sparse }\n";
        const string similarity = "similarity: { filters: 16, segments: 16 }\n";
        foreach (var (feature, more) in ((string, string)[])[("plain", ""), ("decrypt", dense)])
            yield return runs.Figure("row and lane 64 columns", feature, runs.Source(new DecryptedRow(64, more.Length > 0), PopcountStructure.AdderCells), s_cells);
        foreach (var (feature, more) in ((string, string)[])[("plain", ""), ("decrypt, dense keys", dense), ("similarity", similarity)])
            yield return runs.Figure("macro 16 x 32, 8 lanes", feature, runs.Core(Small("feature", 16, 32, 8, more), PopcountStructure.AdderCells, "macro"), s_core);
        foreach (var (feature, more) in ((string, string)[])[("plain", ""), ("decrypt, dense keys", dense), ("decrypt, sparse keys", sparse), ("similarity", similarity)])
            yield return runs.Figure("core 16 x 32, 8 lanes", feature, runs.Core(Small("feature", 16, 32, 8, more), PopcountStructure.AdderCells), s_core);
    }

    /// <summary>FPGA figures: placed, routed, a bitstream.</summary>
    private static IEnumerable<Figure> Ice40(Runs runs)
    {
        var options = new SynthesisOptions(SynthesisTarget.Ice40) { SerialWrapper = true };
        foreach (var (structure, pairs, popcounts) in Structures())
            yield return runs.Figure("counting macro 16 x 64", structure, runs.Source(new CountingMacro(16, 64, pairs), popcounts), options);

        // With a constraint nextpnr fails where it is missed: 25 MHz.
        yield return runs.Figure("core 32 x 16, 4 lanes", "sums with carry-in, memory", runs.Core(Fpga, PopcountStructure.Sums), options with { Period = 40 });
    }

    /// <summary>The largest: memories as black boxes.</summary>
    private static IEnumerable<Figure> Large(Runs runs)
    {
        yield return runs.Figure("core 512 x 32, 64 lanes", "adder cells, memory", runs.Core("name: large\narray: { rows: 512, columns: 32, lanes: 64, storage: memory, memoryMacro: external }\n", PopcountStructure.AdderCells), s_cells with { Period = 10 });
    }

    private static IEnumerable<(string Structure, bool Pairs, PopcountStructure Popcounts)> Structures() =>
    [
        ("adder cells", false, PopcountStructure.AdderCells),
        ("sums with carry-in", false, PopcountStructure.Sums),
        ("sums of pairs", true, PopcountStructure.Sums),
    ];

    // The largest that an HX8K holds beside its serial wrapper with some room left.
    private const string Fpga = """
        name: fpga
        array: { rows: 32, columns: 16, lanes: 4, storage: memory }
        memories: { operandWords: 256, resultWords: 64, initialWords: 64, levelWords: 64 }
        arithmetic: { largestFanIn: 256, inputBits: 1, weightBits: 1 }
        """;

    private static string Small(string name, int rows, int columns, int lanes, string more, string storage = "flipflop") => string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{name}}
        array: { rows: {{rows}}, columns: {{columns}}, lanes: {{lanes}}, storage: {{storage}} }
        {{more}}memories: { operandWords: 256, resultWords: 64, initialWords: 64, levelWords: 64 }
        arithmetic: { largestFanIn: 256, inputBits: 4, weightBits: 4 }
        """);

    private static string Name(string what, int width) => string.Create(CultureInfo.InvariantCulture, $"{what} {width}");
}
