using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

public sealed class FigureTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_table_is_read_as_it_was_written_and_growth_is_found()
    {
        IReadOnlyList<Figure> committed =
        [
            new("popcount of 8", "osu018", "adder cells") { Cells = 7, Area = 720, Delay = 1.1, WorstPath = "bits[0] to count[3], \"quoted\"" },
            new("macro", "ice40", "sums") { Cells = 90, FlipFlops = 12, Delay = 20, LogicCells = 100, Memories = 2 },
        ];
        FigureTable.Write(_folder.Of("t.csv"), committed);
        var read = FigureTable.Read(_folder.Of("t.csv"));
        read.ShouldBe(committed);
        FigureTable.Compare(read, committed).ShouldBe((4, []), new SameFinding());
        FigureTable.Compare(read, [committed[0] with { Area = 720 * 1.029 }]).Growths.ShouldBeEmpty();
        FigureTable.Compare(read, [committed[0] with { Area = 720 * 1.031 }]).Growths.Single().ShouldContain("area was 720 and is 742.32, 3.1 % more");
        FigureTable.Compare(read, [committed[0] with { Delay = 1.2 }]).Growths.Single().ShouldContain("delay");
        FigureTable.Compare(read, [committed[1] with { LogicCells = 104 }]).Growths.Single().ShouldContain("logic cells");
        FigureTable.Compare(read, [committed[1] with { Delay = null }]).Growths.Single().ShouldContain("delay is gone");
        FigureTable.Compare(read, [committed[1] with { Structure = "other" }]).Growths.Single().ShouldContain("no such row");
        File.WriteAllText(_folder.Of("bad.csv"), "a,b\n1,2\n");
        Should.Throw<InputException>(() => FigureTable.Read(_folder.Of("bad.csv")));
    }

    /// <summary>The committed tables of small designs still hold.</summary>
    [Fact]
    public async Task Committed_rows_have_not_grown()
    {
        var committed = FigureTable.Read(Path.Combine(Root(), "synth", "popcount_curve.csv"));
        var source = Popcounts.Write(_folder.Of("tree"), 512, HwGen.Netlist.Verilog.PopcountStructure.AdderCells);
        var result = await Synthesizer.RunAsync(source, new SynthesisOptions(SynthesisTarget.Osu018) { Sized = false }, _folder.Of("run"));
        var measured = new[] { Figure.Of("popcount of 512", "adder cells", result) };
        var (compared, growths) = FigureTable.Compare(committed, measured);
        growths.ShouldBeEmpty();
        compared.ShouldBe(2);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    private sealed class SameFinding : IEqualityComparer<(int, IReadOnlyList<string>)>
    {
        public bool Equals((int, IReadOnlyList<string>) x, (int, IReadOnlyList<string>) y) => x.Item1 == y.Item1 && x.Item2.SequenceEqual(y.Item2);

        public int GetHashCode((int, IReadOnlyList<string>) obj) => obj.Item1;
    }
}
