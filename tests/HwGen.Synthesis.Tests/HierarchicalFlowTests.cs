using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Proofs;

namespace HwGen.Synthesis.Tests;

/// <summary>A design that is restructured module by module and flattened last is still the source.</summary>
public sealed class HierarchicalFlowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Instances_of_a_module_are_worked_on_once_and_the_netlist_is_the_source()
    {
        var files = new List<string>();
        foreach (var file in VerilogWriter.Write(Design.Elaborate(new Lanes()), new VerilogOptions(Popcounts: PopcountStructure.AdderCells)).Where(file => file.Role.IsForSynthesis()))
        {
            files.Add(_folder.Of(file.FileName));
            File.WriteAllText(files[^1], file.Text);
        }
        var source = new SynthesisSource(files, "lanes");
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { Period = 3 };
        var flat = await Synthesizer.RunAsync(source, options, _folder.Of("flat"));
        var result = await Synthesizer.RunAsync(source, options with { Hierarchical = true }, _folder.Of("run"));
        File.ReadAllText(_folder.Of("flat/elaborate.ys")).ShouldContain("-flatten");
        File.ReadAllText(_folder.Of("run/elaborate.ys")).ShouldNotContain("-flatten");
        result.FlipFlops.ShouldBe(flat.FlipFlops);
        result.Adders.ShouldBe(flat.Adders);
        result.Area!.Value.ShouldBeInRange(flat.Area!.Value * 0.9, flat.Area.Value * 1.1);

        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(CellLibrary.Read(options.Liberty), result.Cells.Keys));
        var mapped = new SynthesisSource([Path.Combine(result.Folder, "netlist.v"), _folder.Of("models.v")], source.Top);
        var finding = await NetlistEquivalence.ByNamesAsync(source, mapped, _folder.Of("proof"));
        finding.Unproved.ShouldBe(0);
        finding.Compared.ShouldBeGreaterThan(40);
    }

    private sealed class Lane : Module
    {
        public Output Count { get; } = new(4);

        public Input Bits { get; } = new(8);

        public Input Mask { get; } = new(8);

        protected override void Build()
        {
            Register(out var count, PopCount(Bits & Mask));
            Count.Drive(count);
        }
    }

    private sealed class Lanes : Module
    {
        public Output Sum { get; } = new(6);

        public Input Bits { get; } = new(32);

        public Input Mask { get; } = new(8);

        protected override void Build()
        {
            Signal sum = Constant(0, 6);
            for (var i = 0; i < 4; i++)
            {
                Instance(out var lane, new Lane(), index: i);
                lane.Bits.Drive(Bits.Bits(8 * i, 8));
                lane.Mask.Drive(Mask);
                sum += lane.Count.ZeroExtend(6);
            }
            Register(out var total, sum);
            Sum.Drive(total);
        }
    }
}
