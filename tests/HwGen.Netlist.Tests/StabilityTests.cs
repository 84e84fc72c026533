using System.Globalization;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The text depends on the design alone, and one more reader changes no line that was there.</summary>
public class StabilityTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Every node of the module is read in turn: inputs, wires, registers, outputs of instances, and each unnamed expression, read by something or not.</summary>
    [Fact]
    public void AnOutputThatReadsAnySignalChangesNoLine()
    {
        var original = Files(new Probed());
        var nodes = Design.Elaborate(new Probed()).Top.Nodes;
        nodes.Select(n => n.Kind).Distinct().Count().ShouldBeGreaterThan(20);
        for (var node = 0; node < nodes.Count; node++)
        {
            Extends(original, Files(new Probed(node, nodes[node].Width)), $"node {node}, {nodes[node].Kind}");
        }

        output.WriteLine($"{nodes.Count} signals read in turn: 0 existing lines changed");
    }

    [Fact]
    public void AnOutputThatReadsAnySignalOfARandomExpressionChangesNoLine()
    {
        var signals = 0;
        for (var number = 0; number < 25; number++)
        {
            var original = Files(new RandomExpression(new Random(number), number).Module);
            var nodes = Design.Elaborate(new RandomExpression(new Random(number), number).Module).Top.Nodes;
            for (var node = number % 3; node < nodes.Count; node += 1 + (nodes.Count / 30), signals++)
            {
                Extends(original, Files(new RandomExpression(new Random(number), number, probe: (node, nodes[node].Width)).Module), $"expression {number}, node {node}, {nodes[node].Kind}");
            }
        }

        signals.ShouldBeGreaterThan(300);
        output.WriteLine($"{signals} signals read in turn: 0 existing lines changed");
    }

    private static Dictionary<string, string[]> Files(Module module) =>
        VerilogWriter.Write(Design.Elaborate(module)).ToDictionary(f => f.FileName, f => f.Text.Split('\n'));

    private static void Extends(Dictionary<string, string[]> original, Dictionary<string, string[]> extended, string what)
    {
        foreach (var (name, lines) in original)
        {
            if (!IsSubsequence(lines, extended[name]))
            {
                Assert.Fail($"{what}\n{string.Join('\n', lines)}\n{string.Join('\n', extended[name])}");
            }
        }

        extended.Values.Sum(f => f.Length).ShouldBeGreaterThan(original.Values.Sum(f => f.Length));
    }

    [Fact]
    public void TheTextIsTheSameUnderACommaCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Text.Of(new Probed());
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "minus";
        culture.NumberFormat.NumberGroupSeparator = ".";
        try
        {
            CultureInfo.CurrentCulture = culture;
            Text.Of(new Probed()).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task TheTextIsTheSameOnManyThreads()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Text.Of(new Probed()))));
        texts.Distinct().Count().ShouldBe(1);
    }

    private static bool IsSubsequence(string[] part, string[] whole)
    {
        var found = 0;
        foreach (var line in whole)
        {
            if (found < part.Length && part[found] == line)
            {
                found++;
            }
        }

        return found == part.Length;
    }

    /// <summary>A module with something of everything; one more output reads one of its signals.</summary>
    private sealed class Probed(int probe = -1, int width = 0) : Module
    {
        public Input First { get; } = new(12);

        public Input Second { get; } = new(12);

        public Input Choice { get; } = new(2);

        public Output Sum { get; } = new(12);

        public Output Chosen { get; } = new(12);

        public Output State { get; } = new(4);

        public IReadOnlyList<Output> Probe { get; } = probe < 0 ? [] : [new Output(width, "probe")];

        protected override void Build()
        {
            Wire(out Wire late, 12);
            late.Drive(First.ShiftLeft(3) | Second);
            var product = (First * Second) + 3;
            var chosen = Select(Choice, product, First ^ late, Second, First);
            var signed = product.ShiftRightSigned(Choice);
            Signal deep = First;
            for (var i = 1; i < 12; i++)
            {
                deep = (deep + i) ^ Second;
            }

            Wire(out var named, PopCount(deep));
            Register(out var state, 4, reset: 3);
            var isLarge = chosen.LessThanSigned(signed);
            var extended = (named + state).SignExtend(12);
            When(isLarge, () => state.Drive(state + named)).ElseWhen(First.AnyOne(), () => state.Drive(0)).Else(() => state.Drive(named));
            Memory(out var memory, 16, 12);
            memory.Write(isLarge, state, deep);
            var word = memory.Read(named);
            Instance(out var counter, new RowCounter(12));
            counter.Stored.Drive(word & extended);
            counter.Operand.Drive(deep);
            counter.Operation.Drive(Choice);

            // Outputs of instances: one read in parts and later as a whole, one discarded; expressions that nothing reads.
            Instance(out var parted, new RowCounter(12), name: "parted");
            Instance(out var ignored, new RowCounter(12), name: "ignored");
            foreach (var instance in new[] { parted, ignored })
            {
                instance.Stored.Drive(First + 0);
                instance.Operand.Drive(Concatenate(Choice, Concatenate(Choice, First.Bits(2, 8))));
                instance.Operation.Drive(Choose(isLarge, Constant(1, 1), Constant(0, 1)).ZeroExtend(2));
            }

            Discard(ignored.Count);
            var unread = (ignored.Count ^ parted.Count) + 1;
            var part = parted.Count[1] & (chosen - late)[5];
            Discard((unread | named)[2]);
            Sum.Drive(counter.Count.ZeroExtend(12) + PopCount(product).ZeroExtend(12) + (parted.Count * parted.Count).ZeroExtend(12) + part.ZeroExtend(12));
            Chosen.Drive(chosen);
            State.Drive(state);
            foreach (var output in Probe)
            {
                output.Drive(new Signal(First.Elaboration, First.Graph, probe));
            }
        }
    }
}
