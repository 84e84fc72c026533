using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Power;
using HwGen.Synthesis.Proofs;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

public sealed class PowerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_sum_agrees_with_OpenSTA_at_a_global_activity_and_the_netlist_with_its_source()
    {
        var source = WriteAccumulator();
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { Period = 10 };
        var result = await Synthesizer.RunAsync(source, options, _folder.Of("run"));
        var file = Path.Combine(result.Folder, "netlist.v");
        var library = CellLibrary.Read(options.Liberty);
        var ours = new PowerSum(MappedNetlist.Read(file), library, options) { AsOpenSta = true }.At(0.1, 10e-9);
        var theirs = await PowerCheck.RunAsync(file, library, options, 0.1, 10, _folder.Of("sta"));
        theirs.Total.ShouldBeGreaterThan(1e-6);
        ours.Total.Internal.ShouldBe(theirs.Internal, theirs.Internal * 0.05);
        ours.Total.Switching.ShouldBe(theirs.Switching, theirs.Switching * 0.05);
        ours.Total.Static.ShouldBe(theirs.Static, theirs.Static * 0.05);
        ours.Blocks.Values.Sum(shares => shares.Total).ShouldBe(ours.Total.Total, ours.Total.Total * 1e-9);
        var mean = new PowerSum(MappedNetlist.Read(file), library, options).At(0.1, 10e-9);
        mean.Total.Internal.ShouldBeInRange(ours.Total.Internal * 0.3, ours.Total.Internal * 0.6);
        mean.Total.Switching.ShouldBe(ours.Total.Switching);
        ours.MeanActivity.ShouldBe(0.1, 1e-9);

        // The same netlist, by its cells' models, is the source again.
        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(library, result.Cells.Keys));
        var mapped = new SynthesisSource([file, _folder.Of("models.v")], source.Top);
        var finding = await NetlistEquivalence.ByNamesAsync(source, mapped, _folder.Of("proof"));
        finding.Compared.ShouldBeGreaterThan(10);
        finding.Unproved.ShouldBe(0);
        finding.IsProved.ShouldBeTrue();

        // And one gate exchanged is found.
        var text = File.ReadAllText(file);
        text.ShouldContain("FAX1");
        var place = text.IndexOf("  NAND2X1 ", StringComparison.Ordinal);
        place.ShouldBeGreaterThan(0);
        File.WriteAllText(_folder.Of("wrong.v"), text[..place] + "  NOR2X1 " + text[(place + "  NAND2X1 ".Length)..]);
        File.WriteAllText(_folder.Of("models.v"), GateModels.Of(library, [.. result.Cells.Keys, "NOR2X1"]));
        (await NetlistEquivalence.ByNamesAsync(source, new SynthesisSource([_folder.Of("wrong.v"), _folder.Of("models.v")], source.Top), _folder.Of("wrong"))).IsProved.ShouldBeFalse();
    }

    [Fact]
    public void Changes_are_counted_bit_by_bit_in_the_cycles_that_are_active()
    {
        const string dump = """
            $scope module TOP $end
            $scope module top $end
            $var wire 1 ! clock $end
            $var wire 1 " busy $end
            $scope module lane_1 $end
            $var reg 3 # count [2:0] $end
            $var wire 1 $ \_12_ $end
            $upscope $end
            $upscope $end
            $upscope $end
            $enddefinitions $end
            #0
            0!
            0"
            bxxx #
            0$
            #5
            1!
            b0 #
            #10
            0!
            1"
            #15
            1!
            b101 #
            1$
            #20
            0!
            #25
            1!
            b11 #
            0"
            #30
            0!
            #35
            1!
            b0 #
            """;
        var all = SwitchingActivity.Read("x.vcd", new StringReader(dump), "clock");
        all.Cycles.ShouldBe(4);
        all.Of("lane_1.count[0]").ShouldBe(2 / 4.0);
        all.Of("lane_1.count[1]").ShouldBe(2 / 4.0);
        all.Of("lane_1.count[2]").ShouldBe(2 / 4.0);
        all.Of("lane_1.count[3]").ShouldBeNull();
        all.Of("lane_1._12_").ShouldBe(1 / 4.0);
        var busy = SwitchingActivity.Read("x.vcd", new StringReader(dump), "clock", "busy");
        busy.Cycles.ShouldBe(2);
        busy.Of("lane_1.count[0]").ShouldBe(1 / 2.0);
        Should.Throw<InputException>(() => SwitchingActivity.Read("x.vcd", new StringReader(dump), "clk"));
        Should.Throw<InputException>(() => SwitchingActivity.Read("x.vcd", new StringReader("hello"), "clock"));
        Should.Throw<InputException>(() => SwitchingActivity.Read("x.vcd", new StringReader(new string('\0', 1 << 23)), "clock")).Message.ShouldContain("too long");
    }

    [Fact]
    public void A_long_dump_is_counted_without_being_held()
    {
        using var dump = new LongDump(cycles: 300_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var activity = SwitchingActivity.Read("x.vcd", dump, "clock");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        activity.Cycles.ShouldBe(300_000);
        activity.Of("wide[0]")!.Value.ShouldBe(1, 1e-4);
        activity.Of("wide[17]")!.Value.ShouldBe(1, 1e-4);
        activity.Of("_7_")!.Value.ShouldBe(0.5, 1e-4);
    }

    /// <summary>A dump of many cycles, made as it is read: lines end at any place of a block.</summary>
    private sealed class LongDump(int cycles) : TextReader
    {
        private const string Header = "$scope module top $end\n$var wire 1 ! clock $end\n$var wire 18 ab wide [17:0] $end\n$var wire 1 a \\_7_ $end\n$upscope $end\n$enddefinitions $end\n";

        private string _text = Header;
        private int _position;
        private int _cycle;

        public override int Read(char[] buffer, int index, int count)
        {
            if (_position == _text.Length)
            {
                if (_cycle == cycles)
                    return 0;
                var ones = _cycle % 2 == 0 ? s_zeros : s_ones;
                (_text, _position) = (_cycle++ % 4 < 2 ? ones.Low : ones.High, 0);
            }
            var taken = Math.Min(Math.Min(count, 1000), _text.Length - _position);
            _text.CopyTo(_position, buffer, index, taken);
            _position += taken;
            return taken;
        }

        // Each cycle changes all bits of one signal; the other changes each second cycle.
        private static readonly (string Low, string High) s_zeros = Texts("b0 ab");
        private static readonly (string Low, string High) s_ones = Texts("b" + new string('1', 18) + " ab");

        private static (string Low, string High) Texts(string wide) => ($"#1\n0!\n#2\n1!\n{wide}\n0a\n", $"#1\n0!\n#2\n1!\n{wide}\n1a\r\n");
    }

    private SynthesisSource WriteAccumulator()
    {
        var files = new List<string>();
        foreach (var file in VerilogWriter.Write(Design.Elaborate(new Accumulator()), new VerilogOptions(Popcounts: PopcountStructure.AdderCells)).Where(file => file.Role.IsForSynthesis()))
        {
            files.Add(_folder.Of(file.FileName));
            File.WriteAllText(files[^1], file.Text);
        }
        return new SynthesisSource(files, "accumulator");
    }

    /// <summary>Counts masked bits and adds the counts up.</summary>
    private sealed class Accumulator : Module
    {
        public Output Sum { get; } = new(10);

        public Input Bits { get; } = new(15);

        public Input Mask { get; } = new(15);

        public Input Clear { get; } = new(1);

        protected override void Build()
        {
            Register(out var masked, Bits & Mask);
            Register(out var sum, 10, reset: 0);
            sum.Drive(Choose(Clear, Constant(0, 10), sum) + PopCount(masked).ZeroExtend(10));
            Sum.Drive(sum);
        }
    }
}
