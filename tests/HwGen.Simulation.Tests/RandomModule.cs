using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>
/// A random circuit: all node kinds, registers with and without reset, branches, state machines and other values with names, memories of all modes, two clocks, modules in modules, arrays
/// of equal lanes. What it computes is the same on every engine.
/// </summary>
internal sealed partial class RandomModule : Module
{
    public static readonly ClockDomain Main = new("clock", "reset_n");
    public static readonly ClockDomain Other = new("clock_b", "reset_b_n", IsAsynchronous: true);

    private static readonly int[] s_widths = [1, 1, 1, 2, 3, 5, 8, 13, 16, 31, 32, 33, 63, 64, 65, 70, 127, 128, 130, 200];

    private readonly Random _random;
    private readonly int _depth;
    private readonly int _operations;
    private int _crossings;

    /// <summary>Signals so far; those that do not depend on a register without reset or on a memory are in <see cref="_settled"/> too.</summary>
    private readonly List<Signal> _pool = [];
    private readonly List<Signal> _settled = [];
    private readonly List<Register> _registers = [];

    public RandomModule(int seed, int depth = 0, int? operations = null)
        : this(seed, depth, operations, new Random(unchecked((seed * 7919) + depth)))
    {
    }

    private RandomModule(int seed, int depth, int? operations, Random random)
        : base(FormattableString.Invariant($"s{seed}_d{depth}{(operations is { } given ? "_o" + given : "")}"))
    {
        _random = random;
        _depth = depth;
        _operations = operations ?? (_random.Next(10) == 0 ? 40 : 4 + _random.Next(10));
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

        var (children, memories) = (0, 0);
        for (var index = 0; index < _operations; index++)
        {
            switch (_random.Next(24))
            {
                case 0 when _depth < 2 && children < 2:
                    AddChild(children++);
                    break;
                case 1 when memories < 2:
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
                case 5:
                    AddLateWire(index);
                    break;
                case 6 when _random.Next(3) == 0:
                    AddStateMachine(index);
                    break;
                case 7 when _random.Next(2) == 0:
                    AddLanes(index);
                    break;
                case 8 when _random.Next(3) == 0:
                    AddEnumeration(index);
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
            DriveRegister(register);
        foreach (var output in Outputs)
            DriveOutput(output);
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
        Discard(crossing);
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
        switch (_random.Next(26))
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
            case 21: return a.ShiftLeft(Fit(_registers[_random.Next(_registers.Count)], 10 + _random.Next(22)));
            // What a person would not write, and the prettifying pass takes away.
            case 22: return Choose(a[0], Constant(_random.Next(2), 1), Constant(_random.Next(2), 1));
            case 23: return Neutral(a);
            case 24: return a.Width <= 100 ? Concatenate(Concatenate(a, Pick(from, 2)).ZeroExtend(a.Width + 5), Concatenate(Pick(from, 1), b)) : a.AtLeast(b);
            default: return a.Width <= 150 ? a.SignExtend(a.Width + 1).SignExtend(a.Width + 9).ZeroExtend(a.Width + 20) : b.NotEqualTo(a);
        }
    }

    /// <summary>The value itself, in a roundabout way, or nearly.</summary>
    private Signal Neutral(Signal a)
    {
        var (zero, one, ones) = (Constant(0, a.Width), Constant(1, a.Width), Ones(a.Width));
        return _random.Next(8) switch
        {
            0 => a + zero,
            1 => zero | a,
            2 => a ^ zero,
            3 => a & ones,
            4 => one * a,
            5 => a - zero,
            6 => zero - a,
            _ => a ^ ones,
        };
    }
}
