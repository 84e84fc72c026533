using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>
/// A random circuit: all node kinds, registers with and without reset, memories, two clocks, modules in modules. What it computes is
/// the same on every engine once its registers without reset have been clocked and its memories loaded.
/// </summary>
internal sealed class RandomModule : Module
{
    public static readonly ClockDomain Main = new("clock", "reset_n");
    public static readonly ClockDomain Other = new("clock_b", "reset_b_n", IsAsynchronous: true);

    private static readonly int[] s_widths = [1, 1, 1, 2, 3, 5, 8, 13, 16, 31, 32, 33, 63, 64, 65, 70, 127, 128, 130, 200];

    private readonly Random _random;
    private readonly int _depth;
    private readonly int _operations;
    private int _crossings;

    /// <summary>Signals so far; those that do not depend on a register without reset or on a memory come from <see cref="_settled"/> too.</summary>
    private readonly List<Signal> _pool = [];
    private readonly List<Signal> _settled = [];
    private readonly List<Register> _registers = [];

    public RandomModule(int seed, int depth = 0, int operations = 40)
        : base(FormattableString.Invariant($"s{seed}_d{depth}"))
    {
        _random = new Random(unchecked((seed * 7919) + depth));
        _depth = depth;
        _operations = operations;
        for (var index = 0; index < 3 + _random.Next(4); index++)
            Inputs.Add(new Input(Width(), FormattableString.Invariant($"in_{index}")));
        for (var index = 0; index < 2 + _random.Next(3); index++)
            Outputs.Add(new Output(Width(), FormattableString.Invariant($"out_{index}")));
    }

    public List<Input> Inputs { get; } = [];

    public List<Output> Outputs { get; } = [];

    protected override void Build()
    {
        foreach (var input in Inputs)
        {
            AddSettled(input);
            Discard(input);
        }

        AddSettled(Constant(new BigInteger(_random.Next(256)), 8));
        AddSettled(Constant(Bits(100), 100));
        for (var index = 0; index < 1 + _random.Next(4); index++)
        {
            var width = Width();
            Register(out var register, width, reset: Bits(width), domain: ClockOf(index), name: FormattableString.Invariant($"state_{index}"));
            _registers.Add(register);
            AddSettled(register);
            Discard(register);
        }

        var children = 0;
        var memories = 0;
        for (var index = 0; index < _operations; index++)
        {
            switch (_random.Next(20))
            {
                case 0 when _depth < 2 && children < 2:
                    AddChild(children++);
                    break;
                case 1 when memories < 1:
                    AddMemory(memories++);
                    break;
                case 2:
                    Register(out var delayed, Crossing(Pick(_settled)), domain: ClockOf(index), name: FormattableString.Invariant($"delayed_{index}"));
                    _pool.Add(delayed);
                    Discard(delayed);
                    break;
                case 3:
                    Wire(out var named, Pick(_pool), name: FormattableString.Invariant($"named_{index}"));
                    _pool.Add(named);
                    Discard(named);
                    break;
                case 4:
                    AddFeedThrough(index);
                    break;
                default:
                    var isSettled = _random.Next(2) == 0;
                    var value = Operation(isSettled ? _settled : _pool);
                    _pool.Add(value);
                    if (isSettled)
                        _settled.Add(value);
                    break;
            }
        }

        foreach (var register in _registers)
        {
            if (_random.Next(3) > 0)
                register.Drive(Crossing(register.Width));
            else
                When(Crossing(1), () => register.Drive(Crossing(register.Width))).Else(() => register.Drive(Crossing(register.Width)));
            if (_random.Next(2) == 0)
                When(Crossing(1), () => register.Drive(Crossing(register.Width)));
        }

        foreach (var output in Outputs)
            output.Drive(Pick(_pool, output.Width));
    }

    private static ClockDomain ClockOf(int index) => index % 3 == 2 ? Other : Main;

    private int Width() => s_widths[_random.Next(s_widths.Length)];

    private BigInteger Bits(int width)
    {
        var bytes = new byte[(width / 8) + 2];
        _random.NextBytes(bytes);
        bytes[^1] = 0;
        return new BigInteger(bytes) & ((BigInteger.One << width) - 1);
    }

    private void AddSettled(Signal signal)
    {
        _pool.Add(signal);
        _settled.Add(signal);
    }

    private Signal Pick(List<Signal> from) => from[_random.Next(from.Count)];

    private Signal Pick(List<Signal> from, int width) => Fit(Pick(from), width);

    /// <summary>A value for a register or memory, of whatever clock.</summary>
    private Signal Crossing(int width) => Crossing(Pick(_pool, width));

    private Signal Crossing(Signal value)
    {
        ClockCrossing(out var crossing, value, "all engines place the edges alike", name: FormattableString.Invariant($"crossing_value_{_crossings++}"));
        return crossing;
    }

    private Signal Fit(Signal signal, int width)
    {
        if (signal.Width > width)
            return signal.Bits(_random.Next(signal.Width - width + 1), width);
        return _random.Next(2) == 0 ? signal.ZeroExtend(width) : signal.SignExtend(width);
    }

    private Signal Operation(List<Signal> from)
    {
        var a = Pick(from);
        var b = Pick(from, a.Width);
        switch (_random.Next(22))
        {
            case 0: return ~a;
            case 1: return a & b;
            case 2: return a | b;
            case 3: return a ^ b;
            case 4: return a + b;
            case 5: return a - b;
            case 6: return a * b;
            case 7: return a.EqualTo(b);
            case 8: return a.LessThan(b);
            case 9: return a.LessThanSigned(b);
            case 10: return a.ShiftLeft(Pick(from, 1 + _random.Next(9)));
            case 11: return a.ShiftRight(Pick(from, 1 + _random.Next(9)));
            case 12: return a.ShiftRightSigned(Pick(from, 1 + _random.Next(9)));
            case 13: return a.Width + b.Width <= 300 ? Concatenate(a, b, Pick(from, 3)) : a;
            case 14: return Fit(a, Width());
            case 15: return a.AllOnes();
            case 16: return a.AnyOne();
            case 17: return a.Parity();
            case 18: return PopCount(a);
            case 19: return Choose(Pick(from, 1), a, b);
            case 20: return Select(Pick(from, 3), a, b, Pick(from, a.Width), Pick(from, a.Width), Pick(from, a.Width));
            // Never by more than 32 bits: Verilator 5.006 refuses such constants, and shifts a narrow value by a wide one wrongly.
            default: return a.ShiftLeft(Fit(_registers[_random.Next(_registers.Count)], 10 + _random.Next(22)));
        }
    }

    private void AddChild(int index)
    {
        var module = new RandomModule(_random.Next(1000), _depth + 1, _operations / 2);
        Instance(out var child, module, name: FormattableString.Invariant($"child_{index}"));
        foreach (var input in child.Inputs)
            input.Drive(Crossing(Pick(_settled, input.Width)));
        _pool.AddRange(child.Outputs);
        foreach (var output in child.Outputs)
            Discard(output);
    }

    /// <summary>An instance of which one output helps to make another input.</summary>
    private void AddFeedThrough(int index)
    {
        var width = Width();
        Instance(out var crossing, new RandomCrossing(width), name: FormattableString.Invariant($"crossing_{index}"));
        crossing.First.Drive(Crossing(Pick(_settled, width)));
        crossing.Second.Drive(crossing.FirstResult ^ Pick(_settled, width));
        Discard(crossing.FirstResult);
        AddSettled(crossing.FirstResult);
        AddSettled(crossing.SecondResult);
    }

    /// <summary>An address that is no constant: Icarus 11 writes broken code for the shift of a word that it has looked up itself.</summary>
    private Signal Address(int width) => Fit(_registers[_random.Next(_registers.Count)], width);

    private void AddMemory(int index)
    {
        var depth = 2 << _random.Next(5);
        Memory(out var memory, depth, Width(), domain: ClockOf(_random.Next(3)), name: FormattableString.Invariant($"memory_{index}"));
        var word = memory.Read(Address(memory.AddressWidth));
        var first = Crossing(1);
        memory.Write(first, Crossing(memory.AddressWidth), Crossing(word.Width));
        // Never both at once: the emitted text has a block a port, whose order Verilog leaves open.
        if (_random.Next(2) == 0)
            memory.Write(~first & Crossing(1), Crossing(memory.AddressWidth), Crossing(word.Width));
        Discard(word);
        _pool.Add(word);
        _pool.Add(memory.Read(Address(memory.AddressWidth)));
    }
}

/// <summary>Two paths through one module, and a register between them.</summary>
internal sealed class RandomCrossing(int width) : Module(FormattableString.Invariant($"w{width}"))
{
    public Input First { get; } = new(width);

    public Input Second { get; } = new(width);

    public Output FirstResult { get; } = new(width);

    public Output SecondResult { get; } = new(width);

    protected override void Build()
    {
        Register(out var held, First, reset: 0);
        Wire(out var mixed, First + held);
        FirstResult.Drive(mixed);
        SecondResult.Drive(Second ^ ~mixed);
    }
}

/// <summary>Many random circuits beside each other, so that one build of a slow engine serves all of them.</summary>
internal sealed class RandomBatch : Module
{
    private readonly int _firstSeed;
    private readonly RandomModule[] _circuits;

    public RandomBatch(int firstSeed, int count)
        : base(FormattableString.Invariant($"f{firstSeed}_n{count}"))
    {
        _firstSeed = firstSeed;
        _circuits = [.. Enumerable.Range(firstSeed, count).Select(seed => new RandomModule(seed))];
        Stimuli = [.. new[] { 1, 8, 33, 64, 65, 200 }.Select(width => new Input(width, FormattableString.Invariant($"stimulus_{width}")))];
        Results = [.. _circuits.SelectMany((circuit, index) => circuit.Outputs.Select(output =>
            new Output(output.Width, FormattableString.Invariant($"result_{firstSeed + index}_{output.Name}"))))];
    }

    public IReadOnlyList<Input> Stimuli { get; }

    public IReadOnlyList<Output> Results { get; }

    protected override void Build()
    {
        var result = 0;
        var stimulus = 0;
        for (var index = 0; index < _circuits.Length; index++)
        {
            Instance(out var circuit, _circuits[index], name: FormattableString.Invariant($"circuit_{_firstSeed + index}"));
            foreach (var input in circuit.Inputs)
            {
                Signal source = Stimuli[stimulus++ % Stimuli.Count];
                input.Drive(source.Width > input.Width ? source.Bits(stimulus % (source.Width - input.Width), input.Width) : source.SignExtend(input.Width));
            }

            foreach (var output in circuit.Outputs)
                Results[result++].Drive(output);
        }

        foreach (var input in Stimuli)
            Discard(input);
    }
}
