using System.Numerics;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Proofs;

namespace HwGen.Synthesis.Tests;

/// <summary>Popcount trees have the fewest adder cells there can be, and count: as emitted, as mapped.</summary>
public sealed class CompressorTreeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_number_of_adders_is_the_smallest_for_every_width()
    {
        for (var width = 1; width <= 4096; width = width < 600 ? width + 1 : width + 97)
        {
            var tree = CompressorTree.Of(width);
            var outputs = BitOperations.Log2((uint)width) + 1;
            tree.FullAdders.ShouldBe(width - outputs, $"full adders of {width}");
            tree.HalfAdders.ShouldBeLessThanOrEqualTo(outputs - 1, $"half adders of {width}");
            tree.Outputs.Count.ShouldBe(outputs);
        }
        (CompressorTree.Of(512).FullAdders, CompressorTree.Of(512).HalfAdders).ShouldBe((502, 9));
    }

    [Fact]
    public async Task Small_trees_equal_the_sum_for_all_inputs()
    {
        // Every width to 32 in the campaign; here the widths around powers of two.
        var widths = Environment.GetEnvironmentVariable("HWGEN_FULL") is { Length: > 0 } ? Enumerable.Range(3, 30) : [3, 4, 5, 7, 8, 9, 15, 16, 17];
        var compared = 0;
        foreach (var width in widths)
        {
            var tree = Popcounts.Write(_folder.Of($"tree_{width}"), width, PopcountStructure.AdderCells);
            var sums = Popcounts.Write(_folder.Of($"sums_{width}"), width, PopcountStructure.Sums);
            (await NetlistEquivalence.ForAllInputsAsync(tree, sums, _folder.Of($"proof_{width}"))).IsProved.ShouldBeTrue($"width {width}");
            compared++;
        }
        compared.ShouldBe(widths.Count());
    }

    [Fact]
    public async Task A_tree_that_miscounts_is_refuted()
    {
        var tree = Popcounts.Write(_folder.Of("tree"), 9, PopcountStructure.AdderCells);
        var sums = Popcounts.Write(_folder.Of("sums"), 9, PopcountStructure.Sums);
        Plant(tree, "popcount_n9", ".a(bits[0])", ".a(bits[1])");
        (await NetlistEquivalence.ForAllInputsAsync(tree, sums, _folder.Of("proof"))).IsProved.ShouldBeFalse();
    }

    [Theory]
    [InlineData(33)]
    [InlineData(512)]
    [InlineData(1023)]
    public async Task Large_trees_are_proved_by_composition_as_emitted(int width)
    {
        var finding = await AdderTreeProof.EmittedAsync(Popcounts.Write(_folder.Of("tree"), width, PopcountStructure.AdderCells), _folder.Of("proof"));
        finding.Problems.ShouldBeEmpty();
        finding.Bits.ShouldBe(width);
        (finding.FullAdders, finding.HalfAdders).ShouldBe((CompressorTree.Of(width).FullAdders, CompressorTree.Of(width).HalfAdders));
    }

    [Fact]
    public async Task An_adder_module_that_does_not_add_is_refuted()
    {
        var tree = Popcounts.Write(_folder.Of("tree"), 8, PopcountStructure.AdderCells);
        Plant(tree, "full_adder", "a & b", "a | b");
        await Should.ThrowAsync<HwGen.Tools.ToolException>(() => AdderTreeProof.EmittedAsync(tree, _folder.Of("proof")));
    }

    [Fact]
    public void The_composition_check_finds_every_planted_fault()
    {
        var adders = new Dictionary<string, AdderCellPins> { ["FA"] = new(["a", "b", "c"], "s", "k"), ["HA"] = new(["a", "b"], "s", "k") };
        const string good = """
            module m(x, y); input [4:0] x; output [2:0] y;
            FA f0 (.a(x[0]), .b(x[1]), .c(x[2]), .s(s0), .k(k0));
            FA f1 (.a(s0), .b(x[3]), .c(x[4]), .s(y[0]), .k(k1));
            HA h2 (.a(k0), .b(k1), .s(y[1]), .k(y[2]));
            endmodule
            """;
        Check(good).ShouldBeEmpty();
        Check(good.Replace(".b(x[3])", ".b(x[4])")).ShouldContain(p => p.Contains("x[4] is taken 2 times"));
        Check(good.Replace(".a(k0), .b(k1)", ".a(k0), .b(s0)")).ShouldContain(p => p.Contains("different weights"));
        Check(good.Replace(".s(y[1]), .k(y[2])", ".s(y[2]), .k(y[1])")).ShouldContain(p => p.Contains("output bit 1 counts 4"));
        Check(good.Replace(".s(s0), .k(k0)", ".s(s0), .k(s0)")).ShouldContain(p => p.Contains("two drivers"));
        Check(good.Replace(".a(x[0])", ".a(k1)")).ShouldContain(p => p.Contains("loop"));
        Check(good.Replace("HA h2", "XOR h2")).ShouldContain(p => p.Contains("no adder cell"));
        Check(good.Replace(".c(x[2])", ".c()")).ShouldContain(p => p.Contains("not connected"));
        Check("module m(x, y); input x; output y; endmodule").ShouldNotBeEmpty();

        IReadOnlyList<string> Check(string text) => AdderTreeCheck.Run(MappedNetlist.Parse("m.v", text), adders).Problems;
    }

    [Theory]
    [InlineData(32, 3520, 1.90)]
    [InlineData(64, 7320, 2.40)]
    [InlineData(128, 14960, 2.80)]
    [InlineData(512, 60960, 3.85)]
    public async Task Area_and_delay_in_180_nm_are_as_published(int width, double area, double delay)
    {
        var source = Popcounts.Write(_folder.Of("tree"), width, PopcountStructure.AdderCells);
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { PairHalfAdders = false };
        var result = await Synthesizer.RunAsync(source, options, _folder.Of("run"));
        result.Area!.Value.ShouldBeLessThanOrEqualTo(area);
        result.Timing!.MinimumPeriod.ShouldBeLessThanOrEqualTo(delay);
        result.Adders.ShouldBe((CompressorTree.Of(width).FullAdders, CompressorTree.Of(width).HalfAdders));
        var library = CellLibrary.Read(options.Liberty);
        var netlist = MappedNetlist.Read(Path.Combine(result.Folder, "netlist.v"));
        AdderTreeProof.Mapped(netlist, library).Problems.ShouldBeEmpty();

        // Half adders in pairs, all but the first and the last: smaller, as fast.
        var pairs = (CompressorTree.Of(width).HalfAdders - 2) / 2;
        var paired = await Synthesizer.RunAsync(source, options with { PairHalfAdders = true }, _folder.Of("paired"));
        paired.Adders.ShouldBe((CompressorTree.Of(width).FullAdders, CompressorTree.Of(width).HalfAdders - 2 * pairs));
        paired.Area!.Value.ShouldBe(result.Area!.Value - 25 * pairs, 1e-6);
        paired.Timing!.MinimumPeriod.ShouldBeLessThanOrEqualTo(result.Timing.MinimumPeriod + 0.001);
    }

    [Fact]
    public async Task A_pair_of_half_adders_is_proved_and_so_is_a_popcount_that_has_one()
    {
        var library = CellLibrary.Read(SynthesisOptions.Osu018Liberty);
        var (pattern, map) = HalfAdderPairs.Of(library).ShouldNotBeNull();
        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(library, ["HAX1", "INVX1", "NAND2X1", "NOR2X1", "OAI21X1", "AOI21X1"]));
        File.WriteAllText(_folder.Of("pattern.v"), pattern);
        File.WriteAllText(_folder.Of("map.v"), map);
        SynthesisSource Of(string name) => new([_folder.Of(name), _folder.Of("models.v")], HalfAdderPairs.Module);
        (await NetlistEquivalence.ForAllInputsAsync(Of("pattern.v"), Of("map.v"), _folder.Of("pair"))).IsProved.ShouldBeTrue();
        File.WriteAllText(_folder.Of("map.v"), map.Replace("NOR2X1", "NAND2X1"));
        (await NetlistEquivalence.ForAllInputsAsync(Of("pattern.v"), Of("map.v"), _folder.Of("wrong"))).IsProved.ShouldBeFalse();

        var source = Popcounts.Write(_folder.Of("tree"), 32, PopcountStructure.AdderCells);
        var result = await Synthesizer.RunAsync(source, new SynthesisOptions(SynthesisTarget.Osu018) { Sized = false }, _folder.Of("run"));
        result.Cells.Keys.ShouldContain("OAI21X1");
        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(library, result.Cells.Keys));
        var finding = await NetlistEquivalence.ByNamesAsync(source, new SynthesisSource([Path.Combine(result.Folder, "netlist.v"), _folder.Of("models.v")], source.Top), _folder.Of("proof"));
        finding.Unproved.ShouldBe(0);
        finding.Compared.ShouldBeGreaterThan(32);
    }

    [Fact]
    public void Half_adders_are_paired_only_where_the_gates_are_there_and_smaller()
    {
        HalfAdderPairs.Of(Library.Read()).ShouldBeNull();
        var gates = Library.Text.Replace("cell (NAND)", """
            cell (NOR) { area : 3; pin (A, B) { direction : input; } pin (Y) { direction : output; function : "!(A + B)"; } }
            cell (OAI) { area : 4; pin (S, T, U) { direction : input; } pin (Y) { direction : output; function : "!(S (T + U))"; } }
            cell (AOI) { area : 4; pin (S, T, U) { direction : input; } pin (Y) { direction : output; function : "!(S T + U)"; } }
            cell (NAND)
            """);
        // 2 inverters of 2, NAND and NOR of 3, two gates of 4: 18, as much as two half adders of 9.
        HalfAdderPairs.Of(CellLibrary.Parse("x.lib", gates)).ShouldBeNull();
        var (_, map) = HalfAdderPairs.Of(CellLibrary.Parse("x.lib", gates.Replace("cell (HA) { area : 9;", "cell (HA) { area : 10;"))).ShouldNotBeNull();
        map.ShouldContain("OAI sum_of_first (.T(a), .U(b), .S(not_between), .Y(not_first_sum));");
    }

    private static void Plant(SynthesisSource source, string module, string from, string to)
    {
        var file = source.Files.Single(path => Path.GetFileNameWithoutExtension(path) == module);
        var text = File.ReadAllText(file);
        text.ShouldContain(from);
        File.WriteAllText(file, text.Replace(from, to));
    }
}
