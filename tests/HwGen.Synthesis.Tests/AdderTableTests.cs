using System.Globalization;
using System.Numerics;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis.Proofs;
using Xunit.Abstractions;

namespace HwGen.Synthesis.Tests;

/// <summary>The table of docs/adders.md: the adders of popcounts as they are emitted, each tree proved to count by composition.</summary>
public sealed class AdderTableTests(ITestOutputHelper output) : IDisposable
{
    private const int LargestInOrdinaryRuns = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_of_adders_holds_for_every_row()
    {
        var isFull = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1";
        var rows = Rows();
        rows[0].Bits.ShouldBe(8);
        rows[^1].Bits.ShouldBe(4096);
        var proved = 0;
        foreach (var row in rows)
        {
            var outputs = BitOperations.Log2((uint)row.Bits) + 1;
            row.Outputs.ShouldBe(outputs);
            row.Full.ShouldBe(row.Bits - outputs, $"full adders of {row.Bits}");
            row.Half.ShouldBeLessThanOrEqualTo(outputs - 1, $"half adders of {row.Bits}");
            var tree = CompressorTree.Of(row.Bits);
            (tree.FullAdders, tree.HalfAdders).ShouldBe((row.Full, row.Half), $"{row.Bits} bits");
            if (!isFull && row.Bits > LargestInOrdinaryRuns)
                continue;

            var watch = System.Diagnostics.Stopwatch.StartNew();
            var folder = string.Create(CultureInfo.InvariantCulture, $"tree_{row.Bits}");
            var finding = await AdderTreeProof.EmittedAsync(Popcounts.Write(_folder.Of(folder), row.Bits, PopcountStructure.AdderCells), _folder.Of(folder + "_proof"));
            finding.Problems.ShouldBeEmpty($"{row.Bits} bits");
            (finding.Bits, finding.FullAdders, finding.HalfAdders).ShouldBe((row.Bits, row.Full, row.Half));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"popcount of {row.Bits}: proved by composition, yosys for its adder modules, {watch.Elapsed.TotalSeconds:F1} s"));
            proved++;
        }
        proved.ShouldBe(rows.Count(row => isFull || row.Bits <= LargestInOrdinaryRuns));
        output.WriteLine($"{proved} of {rows.Count} trees proved as emitted");
    }

    private static List<(int Bits, int Outputs, int Full, int Half)> Rows()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return [.. File.ReadLines(Path.Combine(folder.FullName, "docs", "adders.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(cell => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToArray())
            .Select(cells => (cells[0], cells[1], cells[2], cells[3]))];
    }
}
