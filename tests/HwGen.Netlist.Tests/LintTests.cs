using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>Every tool takes the text without a word: Verilator with all warnings on, Yosys, Icarus; no waivers.</summary>
public class LintTests
{
    [Fact]
    public void RowCountersAreClean() => IsClean(new RowCounter(65));

    [Fact]
    public void PartlyReadInstancesAreClean() => IsClean(new Sketch("partly", [("a", 9)], [("y", 2)], m =>
    {
        var counter = m.Instance("counter", new RowCounter(9));
        var other = m.Instance("other", new RowCounter(9));
        foreach (var instance in new[] { counter, other })
        {
            instance.Stored.Drive(m.In("a"));
            instance.Operand.Drive(~m.In("a"));
            instance.Operation.Drive(2);
        }

        m.Discard(other.Count);
        m.Out("y").Drive(m.Concatenate(counter.Count[1], counter.Count[3]));
    }));

    [Fact]
    public void DiscardsAreClean() => IsClean(new Sketch("discards", [("a", 9), ("b", 3)], [("y", 4)], m =>
    {
        m.Discard(m.In("a").Bits(4, 5));
        m.Discard(m.In("b"));
        m.Out("y").Drive(m.In("a").Bits(0, 4));
    }));

    [Fact]
    public void MemoriesAreClean() => IsClean(new Sketch("memories", [("write", 1), ("address", 5), ("word", 12)], [("now", 12), ("then", 12)], m =>
    {
        var memory = m.Memory("words", 32, 12);
        var then = m.Register("then", 12);
        memory.Write(m.In("write"), m.In("address"), m.In("word"));
        then.Drive(memory.Read(m.In("address") + 1));
        m.Out("then").Drive(then);
        m.Out("now").Drive(memory.Read(m.In("address")));
    }));

    [Fact]
    public void SeveralDomainsAreClean() => IsClean(new Sketch("domains", [("a", 4)], [("y", 4), ("z", 4), ("plain", 4), ("shared", 4)], m =>
    {
        foreach (var (port, domain, reset) in new[]
        {
            ("y", new ClockDomain("fast", "fast_reset_n", IsAsynchronous: true), (System.Numerics.BigInteger?)5),
            ("z", ClockDomain.Default, 3),
            ("plain", new ClockDomain("slow", "slow_reset_n"), null),
            ("shared", new ClockDomain("slow", "reset_n"), 1),
        })
        {
            var register = m.Register(port, 4, reset, domain);
            m.When(m.In("a")[0], () => register.Drive(m.In("a")));
            m.Out(port).Drive(register);
        }
    }));

    [Fact]
    public void RandomExpressionsAreClean() => IsClean(new Collection(new Random(5)));

    [Fact]
    public void SamplesAreClean()
    {
        IsClean(new Passer());
        IsClean(new Runner());
        IsClean(new Memories());
        IsClean(new TwoClocks());
    }

    private static void IsClean(Module top)
    {
        var design = Design.Elaborate(top, "chip_");
        var files = VerilogWriter.Write(design);
        using var folder = new TemporaryFolder();
        foreach (var leftOut in new[] { SourceRole.Simulation, SourceRole.Synthesis })
        {
            var names = folder.Write(files, leftOut);
            Silent(OutsideProgram.Run(folder.Path, "verilator", ["--lint-only", "-Wall", "--top-module", design.Top.Name, .. names]));
        }

        var synthesis = folder.Write(files, SourceRole.Simulation);
        Silent(OutsideProgram.Run(folder.Path, "iverilog", ["-g2005", "-Wall", "-o", "out.vvp", .. synthesis]));
        Silent(OutsideProgram.Run(folder.Path, "yosys", "-q", "-p", $"read_verilog {string.Join(' ', synthesis)}; hierarchy -check -top {design.Top.Name}; proc; opt_clean; check -assert"));
    }

    private static void Silent(string output) => output.Split('\n').Where(line => line.Length > 0).ShouldBeEmpty();

    /// <summary>Instances of random expressions, all inputs brought out.</summary>
    private sealed class Collection : Module
    {
        private const int Size = 60;

        private readonly List<RandomExpression> _expressions;

        public Collection(Random random)
        {
            _expressions = [.. Enumerable.Range(0, Size).Select(n => new RandomExpression(random, n, constants: false))];
            Inputs = [.. _expressions.SelectMany((e, n) => e.Module.Inputs.Select(i => new Input(i.Width, FormattableString.Invariant($"{i.Name}_{n}"))))];
            Outputs = [.. _expressions.Select((e, n) => new Output(e.Width, FormattableString.Invariant($"y_{n}")))];
        }

        public IReadOnlyList<Input> Inputs { get; }

        public IReadOnlyList<Output> Outputs { get; }

        protected override void Build()
        {
            var next = 0;
            for (var n = 0; n < Size; n++)
            {
                Instance(out var expression, _expressions[n].Module, index: n);
                foreach (var input in expression.Inputs)
                {
                    input.Drive(Inputs[next++]);
                }

                Outputs[n].Drive(expression.Outputs[0]);
            }
        }
    }
}
