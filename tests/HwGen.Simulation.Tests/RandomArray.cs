using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>
/// A random array of equal cells: what the compiled engine works on as vectors. Cells have registers, a memory, a write enable of their own; some hear their neighbours, and
/// what they say is added up, chosen from, concatenated and compared.
/// </summary>
internal sealed class RandomArray : Module
{
    private readonly Random _random;
    private readonly int _seed;
    private readonly int _count;
    private readonly bool _isWhole;

    /// <param name="seed">Chooses the array.</param>
    /// <param name="isWhole">Whether memories have as many words as their addresses can say: what is beyond is 0 in the netlist, and unknown in Icarus.</param>
    public RandomArray(int seed, bool isWhole = false)
        : base(FormattableString.Invariant($"s{seed}"))
    {
        _seed = seed;
        _isWhole = isWhole;
        _random = new Random(seed * 31);
        // Whole vectors, single elements beyond them, and more elements than a word has bits.
        _count = _random.Next(6) switch { 0 => 8, 1 => 16, 2 => 64, 3 => 65 + _random.Next(70), _ => 8 + _random.Next(30) };
        Results = [.. Enumerable.Range(0, 5).Select(index => new Output(index == 4 ? _count : 1 + _random.Next(40), FormattableString.Invariant($"out_{index}")))];
    }

    public Input Word { get; } = new(33);

    public Input Wide { get; } = new(200);

    public Input Enable { get; } = new(1);

    public IReadOnlyList<Output> Results { get; }

    protected override void Build()
    {
        var addressWidth = 1 + _random.Next(3);
        var depth = Math.Max(2, (1 << addressWidth) - (_isWhole ? 0 : _random.Next(2)));
        var width = new[] { 1, 3, 8, 16, 31, 33, 63, 64 }[_random.Next(8)];
        var hasMemory = _random.Next(3) > 0;
        var cells = new RandomCell[_count];
        var isChain = _random.Next(3) == 0;
        for (var index = 0; index < _count; index++)
        {
            Instance(out var cell, new RandomCell(_seed, width, hasMemory ? depth : 0), index: index);
            cells[index] = cell;
        }

        var low = _random.Next(10);
        var sharedAddress = _random.Next(4) > 0;
        for (var index = 0; index < _count; index++)
        {
            var cell = cells[index];
            cell.Shared.Drive(Fit(Wide.Bits(low, 50), width));
            // A bit of a vector for each, the number of each, or its neighbour's word.
            cell.Enable.Drive(_count <= 200 ? Wide[(index + low) % 200] : Enable);
            cell.Chosen.Drive(Enable & Word.Bits(low, 6).EqualTo(index & 63));
            cell.Own.Drive(isChain && index > 0 ? cells[index - 1].Value : Fit(Wide.Bits((index * 3) % 150, 50), width));
            cell.Amount.Drive(Word.Bits(3, cell.Amount.Width));
            if (cell.Address is { } address)
                address.Drive(sharedAddress ? Word.Bits(5, address.Width) : Wide.Bits(index % 190, address.Width));
            Discard(cell.Value);
            Discard(cell.Flag);
        }

        var values = cells.Select(cell => (Signal)cell.Value).ToArray();
        var flags = cells.Select(cell => (Signal)cell.Flag).ToArray();
        // A tree of halves, as where lanes are folded together.
        var folded = values.ToArray();
        for (var half = _count / 2; half >= 1; half /= 2)
        {
            for (var index = 0; index < half; index++)
                folded[index] = _seed % 2 == 0 ? folded[index] | folded[index + half] : folded[index] + (folded[index + half] & Repeat(Wide[half], width));
        }

        Register(out var kept, folded[0], reset: 0);
        Discard(kept);
        Results[0].Drive(Fit(kept, Results[0].Width));
        Results[1].Drive(Fit(Select(Word.Bits(0, Widths.Index(Math.Max(2, _count))), values), Results[1].Width));
        Results[2].Drive(Fit(Concatenate(flags).AnyOne() ^ Concatenate([.. flags.Reverse()]).Parity(), Results[2].Width));
        Register(out var spread, Concatenate([.. values.Select(value => value[width - 1]).Reverse()]), reset: 5);
        Results[3].Drive(Fit(PopCount(spread), Results[3].Width));
        Results[4].Drive(Concatenate(flags));
        Discard(Word);
        Discard(Wide);
        Discard(Enable);
    }

    private static Signal Fit(Signal signal, int width) => signal.Width > width ? signal.Bits(0, width) : signal.SignExtend(width);
}

/// <summary>A cell of a random array: the same random operations in every cell.</summary>
internal sealed class RandomCell(int seed, int width, int depth) : Module(FormattableString.Invariant($"s{seed}_w{width}_d{depth}"))
{
    private readonly Random _random = new(seed);

    public Input Shared { get; } = new(width);

    public Input Own { get; } = new(width);

    public Input Enable { get; } = new(1);

    public Input Chosen { get; } = new(1);

    public Input Amount { get; } = new(seed % 3 == 0 ? 8 : 5);

    public Input? Address { get; } = depth > 0 ? new(Widths.Index(depth)) : null;

    public Output Value { get; } = new(width);

    public Output Flag { get; } = new(1);

    protected override void Build()
    {
        Register(out var first, width, reset: _random.Next(2) == 0 ? BigInteger.One : null);
        Register(out var second, width);
        Register(out var flag, 1, reset: 0, name: "kept_flag");
        var pool = new List<Signal> { Shared, Own, first, second };
        if (Address is { } address)
        {
            Memory(out var memory, depth, width);
            memory.Write(_random.Next(3) switch { 0 => Enable, 1 => Shared[0], _ => Chosen }, address, _random.Next(2) == 0 ? Shared : first);
            pool.Add(memory.Read(address));
        }

        foreach (var signal in new Signal[] { Shared, Own, Enable, Chosen, Amount, flag })
            Discard(signal);
        for (var step = 0; step < 14; step++)
            pool.Add(Operation(pool[_random.Next(pool.Count)], pool[_random.Next(pool.Count)], pool[_random.Next(pool.Count)], flag));
        foreach (var signal in pool)
            Discard(signal);
        if (_random.Next(2) == 0)
            first.Drive(pool[^1]);
        When(Enable, () => first.Drive(pool[^2] ^ Own));
        When(Chosen | flag, () => second.Drive(pool[^3])).Else(() => second.Drive(first));
        if (_random.Next(2) == 0)
            When(Shared[0], () => flag.Drive(pool[^4][0]));
        else
            flag.Drive(pool[^4].Parity() ^ Enable);
        Value.Drive(_random.Next(2) == 0 ? first : pool[^5]);
        Flag.Drive(_random.Next(2) == 0 ? ~flag : pool[^6].LessThan(second));
    }

    private Signal Operation(Signal a, Signal b, Signal c, Signal flag)
    {
        var low = _random.Next(width);
        return _random.Next(21) switch
        {
            0 => ~a,
            1 => a & b,
            2 => a | b,
            3 => a ^ b,
            4 => a + b,
            5 => a - b,
            6 => a * b,
            7 => Repeat(a.EqualTo(b), width),
            8 => Repeat(a.LessThan(b), width),
            9 => Repeat(a.LessThanSigned(b), width) ^ c,
            10 => a.ShiftLeft(Amount),
            11 => a.ShiftRight(Amount),
            12 => a.ShiftRightSigned(Amount),
            13 => a.Bits(low, width - low).SignExtend(width),
            14 => Fit(Concatenate(a, flag, b)),
            15 => Fit(Concatenate(a.AllOnes(), a.AnyOne(), b.Parity())),
            16 => Fit(PopCount(a)),
            17 => Choose(flag & Enable, a, b),
            18 => Choose(a[low], b, c),
            19 => Select(Fit(a, 3), c, b),
            _ => Select(Fit(a, 2), a, b, c),
        };
    }

    private Signal Fit(Signal signal) => Fit(signal, width);

    private static Signal Fit(Signal signal, int width) => signal.Width > width ? signal.Bits(0, width) : signal.ZeroExtend(width);
}

/// <summary>Random arrays beside each other.</summary>
internal sealed class RandomArrays : Module
{
    private readonly RandomArray[] _arrays;

    public RandomArrays(int firstSeed, int count, bool isWhole)
        : base(FormattableString.Invariant($"f{firstSeed}_n{count}"))
    {
        _arrays = [.. Enumerable.Range(firstSeed, count).Select(seed => new RandomArray(seed, isWhole))];
        Results = [.. _arrays.SelectMany((array, index) => array.Results.Select(output =>
            new Output(output.Width, FormattableString.Invariant($"result_{firstSeed + index}_{output.Name}"))))];
    }

    public Input StimulusWord { get; } = new(33);

    public Input StimulusWide { get; } = new(200);

    public Input StimulusEnable { get; } = new(1);

    public IReadOnlyList<Output> Results { get; }

    protected override void Build()
    {
        var result = 0;
        for (var index = 0; index < _arrays.Length; index++)
        {
            Instance(out var array, _arrays[index], index: index);
            array.Word.Drive(StimulusWord);
            array.Wide.Drive(StimulusWide);
            array.Enable.Drive(StimulusEnable);
            foreach (var output in array.Results)
                Results[result++].Drive(output);
        }
    }
}
