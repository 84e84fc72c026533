using System.Numerics;

namespace HwGen.Netlist.Tests;

/// <summary>A random combinational module, and what it computes, from the definitions of the node kinds in whole numbers.</summary>
internal sealed class RandomExpression
{
    private readonly Random _random;
    private readonly bool _constants;
    private readonly (int Node, int Width)? _probe;
    private Func<IReadOnlyDictionary<string, BigInteger>, BigInteger> _value = _ => 0;

    public RandomExpression(Random random, int number, bool constants = true, (int Node, int Width)? probe = null)
    {
        _random = random;
        _constants = constants;
        _probe = probe;
        Width = Widest(random);
        var inputs = Enumerable.Range(0, 4).Select(i => (Name: FormattableString.Invariant($"i{i}"), Width: i == 0 ? 1 : Widest(random))).ToArray();
        Module = new Sketch(FormattableString.Invariant($"n{number}"), inputs, [("y", Width), .. probe is { } one ? [("probe", one.Width)] : Array.Empty<(string, int)>()], Build);
    }

    /// <summary>A width: often small, where the corner cases are.</summary>
    private static int Widest(Random random) => random.Next(4) switch { 0 => random.Next(1, 4), 1 => random.Next(1, 80), _ => random.Next(1, 17) };

    public Sketch Module { get; }

    public int Width { get; }

    public BigInteger Expected(IReadOnlyDictionary<string, BigInteger> inputs) => _value(inputs);

    public static BigInteger Value(Random random, int width)
    {
        var value = BigInteger.Zero;
        for (var bit = 0; bit < width; bit++)
        {
            value = (value << 1) | random.Next(2);
        }

        // All ones and zero are where signs and carries go wrong.
        return random.Next(8) switch { 0 => 0, 1 => (BigInteger.One << width) - 1, _ => value };
    }

    private void Build(Sketch module)
    {
        var made = Make(module, Width, 6);
        _value = made.Value;
        module.Out("y").Drive(made.Signal);
        foreach (var input in module.Inputs)
        {
            module.Discard(input);
        }

        if (_probe is { } probe)
        {
            module.Out("probe").Drive(new Signal(module.Inputs[0].Elaboration, module.Inputs[0].Graph, probe.Node));
        }
    }

    private sealed record Made(Signal Signal, Func<IReadOnlyDictionary<string, BigInteger>, BigInteger> Value);

    private Made Make(Sketch m, int width, int depth)
    {
        if (depth == 0 || _random.Next(12) == 0)
        {
            return Leaf(m, width);
        }

        var mask = (BigInteger.One << width) - 1;
        switch (_random.Next(width == 1 ? 22 : 15))
        {
            case 0: return Unary(a => ~a, a => ~a & mask);
            case 1: return Binary((a, b) => a & b, (a, b) => a & b);
            case 2: return Binary((a, b) => a | b, (a, b) => a | b);
            case 3: return Binary((a, b) => a ^ b, (a, b) => a ^ b);
            case 4: return Binary((a, b) => a + b, (a, b) => (a + b) & mask);
            case 5: return Binary((a, b) => a - b, (a, b) => (a - b) & mask);
            case 6: return Binary((a, b) => a * b, (a, b) => (a * b) & mask);
            case 7: return Shift((a, n) => a.ShiftLeft(n), (a, n) => n >= width ? 0 : (a << (int)n) & mask);
            case 8: return Shift((a, n) => a.ShiftRight(n), (a, n) => n >= width ? 0 : a >> (int)n);
            case 9: return Shift((a, n) => a.ShiftRightSigned(n), (a, n) => (Signed(a, width) >> (int)BigInteger.Min(n, width)) & mask);
            case 10: return Extend(isSigned: false);
            case 11: return Extend(isSigned: true);
            case 12: return Slice();
            case 13: return Select();
            case 14: return _random.Next(2) == 0 ? Concatenation() : Named();
            case 15: return Compare((a, b) => a.EqualTo(b), (a, b, _) => a == b);
            case 16: return Compare((a, b) => a.LessThan(b), (a, b, _) => a < b);
            case 17: return Compare((a, b) => a.LessThanSigned(b), (a, b, w) => Signed(a, w) < Signed(b, w));
            case 18: return Reduce(a => a.AllOnes(), (a, w) => a == (BigInteger.One << w) - 1);
            case 19: return Reduce(a => a.AnyOne(), (a, _) => !a.IsZero);
            case 20: return Reduce(a => a.Parity(), (a, _) => Ones(a) % 2 == 1);
            default: return Compare((a, b) => a.NotEqualTo(b), (a, b, _) => a != b);
        }

        Made Unary(Func<Signal, Signal> signal, Func<BigInteger, BigInteger> value)
        {
            var a = Make(m, width, depth - 1);
            return new(signal(a.Signal), v => value(a.Value(v)));
        }

        Made Binary(Func<Signal, Signal, Signal> signal, Func<BigInteger, BigInteger, BigInteger> value)
        {
            var (a, b) = (Make(m, width, depth - 1), Make(m, width, depth - 1));
            return new(signal(a.Signal, b.Signal), v => value(a.Value(v), b.Value(v)));
        }

        Made Shift(Func<Signal, Signal, Signal> signal, Func<BigInteger, BigInteger, BigInteger> value)
        {
            var (a, n) = (Make(m, width, depth - 1), Make(m, _random.Next(1, 9), depth - 1));
            return new(signal(a.Signal, n.Signal), v => value(a.Value(v), n.Value(v)));
        }

        Made Extend(bool isSigned)
        {
            var inner = _random.Next(1, width + 1);
            var a = Make(m, inner, depth - 1);
            return isSigned
                ? new(a.Signal.SignExtend(width), v => Signed(a.Value(v), inner) & mask)
                : new(a.Signal.ZeroExtend(width), a.Value);
        }

        Made Slice()
        {
            var (low, above) = (_random.Next(6), _random.Next(6));
            var a = Make(m, low + width + above, depth - 1);
            return new(a.Signal.Bits(low, width), v => (a.Value(v) >> low) & mask);
        }

        Made Concatenation()
        {
            if (width < 2)
            {
                return Named();
            }

            var low = _random.Next(1, width);
            var (a, b) = (Make(m, width - low, depth - 1), Make(m, low, depth - 1));
            return new(m.Concatenate(a.Signal, b.Signal), v => (a.Value(v) << low) | b.Value(v));
        }

        Made Named()
        {
            if (width <= 7)
            {
                var size = _random.Next(1 << (width - 1), 1 << width);
                var counted = Make(m, size, depth - 1);
                return new(m.PopCount(counted.Signal), v => Ones(counted.Value(v)));
            }

            var a = Make(m, width, depth - 1);
            var wire = m.Wire(FormattableString.Invariant($"named_{_wires++}"), a.Signal);
            m.Discard(wire);
            return new(wire, a.Value);
        }

        Made Select()
        {
            var selectorWidth = _random.Next(1, 4);
            var selector = Make(m, selectorWidth, depth - 1);
            var options = Enumerable.Range(0, _random.Next(2, (1 << selectorWidth) + 1)).Select(_ => Make(m, width, depth - 2 < 0 ? 0 : depth - 2)).ToArray();
            return new(m.Select(selector.Signal, [.. options.Select(o => o.Signal)]), v => options[(int)BigInteger.Min(selector.Value(v), options.Length - 1)].Value(v));
        }

        Made Compare(Func<Signal, Signal, Signal> signal, Func<BigInteger, BigInteger, int, bool> value)
        {
            var inner = Widest(_random);
            var (a, b) = (Make(m, inner, depth - 1), Make(m, inner, depth - 1));
            return new(signal(a.Signal, b.Signal), v => value(a.Value(v), b.Value(v), inner) ? 1 : 0);
        }

        Made Reduce(Func<Signal, Signal> signal, Func<BigInteger, int, bool> value)
        {
            var inner = Widest(_random);
            var a = Make(m, inner, depth - 1);
            return new(signal(a.Signal), v => value(a.Value(v), inner) ? 1 : 0);
        }
    }

    private int _wires;

    private Made Leaf(Sketch m, int width)
    {
        if (_constants && _random.Next(5) == 0)
        {
            var constant = Value(_random, width);
            return new(m.Constant(constant, width), _ => constant);
        }

        var input = m.Inputs[_random.Next(m.Inputs.Count)];
        if (input.Width >= width)
        {
            var low = _random.Next(input.Width - width + 1);
            return new(input.Bits(low, width), v => (v[input.Name] >> low) & ((BigInteger.One << width) - 1));
        }

        return new(input.ZeroExtend(width), v => v[input.Name]);
    }

    private static BigInteger Signed(BigInteger value, int width) => (value >> (width - 1)).IsZero ? value : value - (BigInteger.One << width);

    private static int Ones(BigInteger value)
    {
        var ones = 0;
        for (; !value.IsZero; value >>= 1)
        {
            ones += (int)(value & 1);
        }

        return ones;
    }
}
