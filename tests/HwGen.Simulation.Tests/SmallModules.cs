using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>Counts while enabled.</summary>
internal sealed class Counter : Module
{
    public Input Enable { get; } = new(1);

    public Input Limit { get; } = new(8);

    public Output Count { get; } = new(8);

    public Output AtLimit { get; } = new(1);

    protected override void Build()
    {
        Register(out var count, 8, reset: 0);
        When(Enable, () => count.Drive(count + 1));
        Count.Drive(count);
        AtLimit.Drive(count.EqualTo(Limit));
    }
}

/// <summary>Holds and inverts values of many widths.</summary>
internal sealed class WidthsModule(IReadOnlyList<int> widths) : Module(FormattableString.Invariant($"n{widths.Count}"))
{
    public IReadOnlyList<Input> Values { get; } = [.. widths.Select(width => new Input(width, FormattableString.Invariant($"in_{width}")))];

    public IReadOnlyList<Output> Held { get; } = [.. widths.Select(width => new Output(width, FormattableString.Invariant($"out_{width}")))];

    public IReadOnlyList<Output> Inverted { get; } = [.. widths.Select(width => new Output(width, FormattableString.Invariant($"not_{width}")))];

    protected override void Build()
    {
        for (var index = 0; index < Values.Count; index++)
        {
            Register(out var held, Values[index], name: FormattableString.Invariant($"held_{Values[index].Width}"));
            Held[index].Drive(held);
            Inverted[index].Drive(~Values[index]);
        }
    }
}

/// <summary>A memory with one port for reading and one for writing.</summary>
internal sealed class Words(int width, int depth) : Module(FormattableString.Invariant($"w{width}_d{depth}"))
{
    public Input Write { get; } = new(1);

    public Input Address { get; } = new(Widths.Index(depth));

    public Input Data { get; } = new(width);

    public Output Word { get; } = new(width);

    protected override void Build()
    {
        Memory(out var cells, depth, width);
        cells.Write(Write, Address, Data);
        Word.Drive(cells.Read(Address));
    }
}

/// <summary>A memory inside a module.</summary>
internal sealed class MemoryModule(int width, int depth) : Module(FormattableString.Invariant($"w{width}_d{depth}"))
{
    public Input Write { get; } = new(1);

    public Input Address { get; } = new(Widths.Index(depth));

    public Input Data { get; } = new(width);

    public Output Word { get; } = new(width);

    protected override void Build()
    {
        Instance(out var bank, new Words(width, depth));
        bank.Write.Drive(Write);
        bank.Address.Drive(Address);
        bank.Data.Drive(Data);
        Word.Drive(bank.Word);
    }
}

/// <summary>Two counters on two clocks.</summary>
internal sealed class TwoClocks : Module
{
    private static readonly ClockDomain s_fast = new("fast", "reset_n");
    private static readonly ClockDomain s_slow = new("slow", "reset_slow_n", IsAsynchronous: true);

    public Output FastCount { get; } = new(8);

    public Output SlowCount { get; } = new(8);

    public Output Crossed { get; } = new(8);

    protected override void Build()
    {
        Register(out var fastTicks, 8, reset: 0, domain: s_fast);
        fastTicks.Drive(fastTicks + 1);
        Register(out var slowTicks, 8, reset: 0, domain: s_slow);
        slowTicks.Drive(slowTicks + 1);
        ClockCrossing(out var crossing, fastTicks, "the test steps the clocks one by one");
        Register(out var taken, crossing, domain: s_slow);
        FastCount.Drive(fastTicks);
        SlowCount.Drive(slowTicks);
        Crossed.Drive(taken);
    }
}
