using System.Globalization;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The text depends on the design alone, and one more reader changes no line that was there.</summary>
public class StabilityTests
{
    [Fact]
    public void AnOutputThatReadsAnySignalChangesNoLine()
    {
        var module = new Probed();
        var original = Text.Of(module).Split('\n');
        module.Widths.Count.ShouldBeGreaterThan(25);
        for (var signal = 0; signal < module.Widths.Count; signal++)
        {
            var extended = Text.Of(new Probed(signal, module.Widths[signal])).Split('\n');
            extended.Length.ShouldBeGreaterThan(original.Length);
            IsSubsequence(original, extended).ShouldBeTrue($"signal {signal}\n{string.Join('\n', extended)}");
        }
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
        private readonly List<Signal> _signals = [];

        public List<int> Widths => [.. _signals.Select(s => s.Width)];

        public Input First { get; } = new(12);

        public Input Second { get; } = new(12);

        public Input Choice { get; } = new(2);

        public Output Sum { get; } = new(12);

        public Output Chosen { get; } = new(12);

        public Output State { get; } = new(4);

        public IReadOnlyList<Output> Probe { get; } = probe < 0 ? [] : [new Output(width, "probe")];

        protected override void Build()
        {
            var late = Late();
            var product = Keep((First * Second) + 3);
            var chosen = Keep(Select(Choice, product, First ^ late, Second, First));
            var signed = Keep(product.ShiftRightSigned(Choice));
            var deep = Keep(First);
            for (var i = 0; i < 12; i++)
            {
                deep = Keep(Keep(deep + i) ^ Second);
            }

            Wire(out var named, PopCount(deep));
            Keep(named);
            Register(out var state, 4, reset: 3);
            Keep(state);
            var isLarge = Keep(chosen.LessThanSigned(signed));
            var extended = Keep(Keep(named + state).SignExtend(12));
            When(isLarge, () => state.Drive(Keep(state + named))).ElseWhen(Keep(First.AnyOne()), () => state.Drive(0)).Else(() => state.Drive(named));
            Memory(out var memory, 16, 12);
            memory.Write(isLarge, state, deep);
            var word = Keep(memory.Read(named));
            Instance(out var counter, new RowCounter(12));
            counter.Stored.Drive(Keep(word & extended));
            counter.Operand.Drive(deep);
            counter.Operation.Drive(Choice);
            Keep(counter.Count);
            Sum.Drive(Keep(counter.Count.ZeroExtend(12) + PopCount(product).ZeroExtend(12)));
            Chosen.Drive(chosen);
            State.Drive(state);
            foreach (var output in Probe)
            {
                output.Drive(_signals[probe]);
            }
        }

        private Signal Late()
        {
            Wire(out Wire late, 12);
            late.Drive(First.ShiftLeft(3) | Second);
            return Keep(late);
        }

        private Signal Keep(Signal signal)
        {
            _signals.Add(signal);
            return signal;
        }
    }
}
