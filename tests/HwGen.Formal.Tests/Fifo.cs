using HwGen.Netlist;

namespace HwGen.Formal.Tests;

/// <summary>The first-in first-out memory of docs/dsl.md; with a planted fault it takes one word too many.</summary>
internal sealed class Fifo(bool isFaulty = false) : Module(isFaulty ? "faulty" : null)
{
    public Input FromData { get; } = new(8);

    public Input FromValid { get; } = new(1);

    public Output FromReady { get; } = new(1);

    public Output ToData { get; } = new(8);

    public Output ToValid { get; } = new(1);

    public Input ToReady { get; } = new(1);

    protected override void Build()
    {
        Memory(out var bytes, depth: 8, width: 8);
        Register(out var writeIndex, 3, reset: 0);
        Register(out var readIndex, 3, reset: 0);
        Register(out var count, 4, reset: 0);
        Wire(out var canTake, count.LessThan(isFaulty ? 9 : 8));
        Wire(out var canGive, count.AnyOne());
        Wire(out var takes, FromValid & canTake);
        Wire(out var gives, ToReady & canGive);
        bytes.Write(takes, writeIndex, FromData);
        When(takes, () => writeIndex.Drive(writeIndex + 1));
        When(gives, () => readIndex.Drive(readIndex + 1));
        When(takes & ~gives, () => count.Drive(count + 1));
        When(gives & ~takes, () => count.Drive(count - 1));
        FromReady.Drive(canTake);
        ToValid.Drive(canGive);
        ToData.Drive(bytes.Read(readIndex));
        Assert(count.LessThan(9), "count is at most eight");
        Assert((writeIndex - readIndex).EqualTo(count.Bits(0, 3)), "indices differ by the count");
        Cover(count.EqualTo(8), "it fills up");
    }
}

/// <summary>A counter whose property holds only because of an assumption, and a cover that depth decides.</summary>
internal sealed class Assumed(bool isAssumed) : Module(isAssumed ? "assumed" : "free")
{
    public Input Step { get; } = new(4);

    public Output Total { get; } = new(8);

    protected override void Build()
    {
        Register(out var total, 8, reset: 0);
        total.Drive(total + Step.ZeroExtend(8));
        Total.Drive(total);
        if (isAssumed)
        {
            Assume(~Step[0], "steps are even");
        }

        Assert(~total[0], "total is even");
        Cover(total.EqualTo(60), "sixty is reached");
    }
}

/// <summary>The number of ones, in one of several ways.</summary>
internal sealed class Ones(int width, Ones.Way way) : Module(FormattableString.Invariant($"n{width}"))
{
    internal enum Way
    {
        Node,
        Sum,
        Wrong,
    }

    public Input Bits { get; } = new(width);

    public Output Count { get; } = new(Widths.Count(width));

    protected override void Build()
    {
        if (way == Way.Node)
        {
            Count.Drive(PopCount(Bits));
            return;
        }

        Signal sum = Constant(0, Count.Width);
        for (var bit = 0; bit < width; bit++)
        {
            sum += Bits[bit].ZeroExtend(Count.Width);
        }

        Count.Drive(way == Way.Sum ? sum : Choose(Bits.EqualTo(12345 % (1 << width)), sum + 1, sum));
    }
}

/// <summary>The same register, written as an enable or as a choice.</summary>
internal sealed class Held(bool isChoice) : Module
{
    public Input Enable { get; } = new(1);

    public Input Value { get; } = new(8);

    public Output Held_ { get; } = new(8, "held");

    protected override void Build()
    {
        Register(out var held, 8, reset: 3);
        if (isChoice)
        {
            held.Drive(Choose(Enable, Value, held));
        }
        else
        {
            When(Enable, () => held.Drive(Value));
        }

        Held_.Drive(held);
    }
}

/// <summary>Two counters of two clocks; the property of one of them does not hold.</summary>
internal sealed class TwoCounters : Module
{
    private static readonly ClockDomain s_fast = new("fast_clock", "fast_reset_n");

    public Output Slow { get; } = new(3);

    public Output Fast { get; } = new(3);

    protected override ClockDomain Domain => s_fast;

    protected override void Build()
    {
        Register(out var slow, 3, reset: 0, domain: ClockDomain.Default);
        slow.Drive(slow + 1);
        Register(out var fast, 3, reset: 0);
        fast.Drive(fast + 1);
        Slow.Drive(slow);
        Fast.Drive(fast);
        Assert(fast.LessThan(3), "the fast one stays below three");
    }
}

/// <summary>Counts to nine and over again.</summary>
internal sealed class SmallCounter : Module
{
    public Input Step { get; } = new(1);

    public Output Count { get; } = new(4);

    protected override void Build()
    {
        Register(out var count, 4, reset: 0);
        When(Step, () => count.Drive(Choose(count.EqualTo(9), Constant(0, 4), count + 1)));
        Count.Drive(count);
        Assert(count.LessThan(10), "count is small");
    }
}

/// <summary>A counter with a property beside much that has nothing to do with it: a product of 64 bits, a memory, another register.</summary>
internal sealed class Crowd : Module
{
    public Input Step { get; } = new(1);

    public Input Factor { get; } = new(64);

    public Output Product { get; } = new(64);

    public Output Word { get; } = new(64);

    public Output Count { get; } = new(4);

    protected override void Build()
    {
        Instance(out var counter, new SmallCounter());
        counter.Step.Drive(Step);
        Register(out var last, counter.Count, reset: 0);
        Assert(last.LessThan(10), "last follows");
        Register(out var product, 64, reset: 1);
        product.Drive((product * Factor) + counter.Count.ZeroExtend(64));
        Memory(out var words, 16, 64);
        words.Write(Step, counter.Count, product);
        Product.Drive(product);
        Word.Drive(words.Read(Factor.Bits(0, 4)));
        Count.Drive(last);
    }
}
