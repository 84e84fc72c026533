using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Proofs;

namespace HwGen.Synthesis.Tests;

/// <summary>A wide sum keeps its carry tree where that is asked for, and the files of a search are those of the mapping that is told.</summary>
public sealed class KeepDepthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_wide_sum_is_faster_with_its_depth_kept_and_still_the_source()
    {
        var source = Write();
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { Period = 3 };
        var ripple = await Synthesizer.RunAsync(source, options, _folder.Of("ripple"));
        var tree = await Synthesizer.RunAsync(source, options with { KeepDepth = true }, _folder.Of("tree"));
        tree.Timing!.MinimumPeriod.ShouldBeLessThan(0.7 * ripple.Timing!.MinimumPeriod);
        tree.Area!.Value.ShouldBeInRange(ripple.Area!.Value, ripple.Area.Value * 1.4);
        await IsTheSource(source, tree);
    }

    [Fact]
    public async Task The_netlist_of_a_search_is_the_one_that_is_told()
    {
        var source = Write();
        var result = await Synthesizer.RunAsync(source, new SynthesisOptions(SynthesisTarget.Osu018), _folder.Of("search"));
        MappedNetlist.Read(_folder.Of("search/netlist.v")).CellCounts().ShouldBe(result.Cells);
        var period = result.Timing!.MinimumPeriod.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);
        File.ReadAllText(_folder.Of("search/constraints.sdc")).ShouldContain($"-period {period} ");
        await IsTheSource(source, result);
    }

    private async Task IsTheSource(SynthesisSource source, SynthesisResult result)
    {
        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(CellLibrary.Read(SynthesisOptions.Osu018Liberty), result.Cells.Keys));
        var mapped = new SynthesisSource([Path.Combine(result.Folder, "netlist.v"), _folder.Of("models.v")], source.Top);
        var finding = await NetlistEquivalence.ByNamesAsync(source, mapped, _folder.Of("proof"));
        finding.Unproved.ShouldBe(0);
        finding.Compared.ShouldBeGreaterThan(40);
    }

    private SynthesisSource Write()
    {
        var files = new List<string>();
        foreach (var file in VerilogWriter.Write(Design.Elaborate(new WideSum()), new VerilogOptions()).Where(file => file.Role.IsForSynthesis()))
        {
            files.Add(_folder.Of(file.FileName));
            File.WriteAllText(files[^1], file.Text);
        }
        return new SynthesisSource(files, "wide_sum");
    }

    private sealed class WideSum : Module
    {
        public Output Sum { get; } = new(48);

        public Input A { get; } = new(48);

        public Input B { get; } = new(48);

        protected override void Build()
        {
            Register(out var first, A);
            Register(out var second, B);
            Register(out var total, first + second);
            Sum.Drive(total);
        }
    }
}
