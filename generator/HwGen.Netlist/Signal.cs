using System.Numerics;

namespace HwGen.Netlist;

/// <summary>
/// A value of a fixed width in one module: an expression, a port, a wire or a register.
/// Widths are strict: nothing is cut or extended silently. Signedness belongs to the operator.
/// </summary>
public class Signal
{
    private ModuleGraph? _graph;
    private Elaboration? _elaboration;
    private int _node = -1;

    internal Signal(int width) => Width = width;

    internal Signal(Elaboration elaboration, ModuleGraph graph, int node)
        : this(graph.Nodes[node].Width) => Bind(elaboration, graph, node);

    /// <summary>The width in bits.</summary>
    public int Width { get; }

    /// <summary>The node of the value. An output has none inside its module, an input of an instance none outside: reading one is a mistake.</summary>
    internal int Node => _node >= 0 ? _node : Unreadable();

    internal ModuleGraph Graph => _graph ?? throw Elaboration.Detached();

    internal Elaboration Elaboration => _elaboration ?? throw Elaboration.Detached();

    internal void Bind(Elaboration elaboration, ModuleGraph graph, int node)
    {
        _elaboration = elaboration;
        _graph = graph;
        _node = node;
    }

    /// <summary>Bit <paramref name="bit"/>, 0 the least significant; width 1.</summary>
    public Signal this[int bit] => Bits(bit, 1);

    /// <summary>Bits <paramref name="low"/> to <paramref name="low"/> + <paramref name="width"/> − 1.</summary>
    public Signal Bits(int low, int width)
    {
        if (low < 0 || width < 1 || (long)low + width > Width)
        {
            Elaboration.Report(DiagnosticCodes.SliceRange, Graph, $"bits {low} to {(long)low + width - 1} of a signal of {Width} bits", $"stay within bits 0 to {Width - 1}");
            Elaboration.Forgive(this);
            return Constant(0, Math.Max(width, 1));
        }

        if (width == Width)
        {
            return this;
        }

        var id = Node;
        var node = Graph.Nodes[id];
        return node.Kind switch
        {
            NodeKind.Slice => At(Graph.Operands(id)[0]).Bits(node.Payload + low, width),
            NodeKind.Concatenate or NodeKind.ZeroExtend or NodeKind.SignExtend when Part(id, low, width) is { } part => part,
            NodeKind.Constant => Constant((Graph.ConstantValue(id) >> low) & ((BigInteger.One << width) - 1), width),
            _ => New(NodeKind.Slice, width, low, id),
        };
    }

    /// <summary>The lowest <paramref name="width"/> bits.</summary>
    public Signal Truncate(int width) => Bits(0, width);

    /// <summary>The value with zeros above it, <paramref name="width"/> bits in all; the signal itself when it has that width.</summary>
    public Signal ZeroExtend(int width) => Extend(NodeKind.ZeroExtend, width);

    /// <summary>The value with copies of its sign bit above it, <paramref name="width"/> bits in all; the signal itself when it has that width.</summary>
    public Signal SignExtend(int width) => Extend(NodeKind.SignExtend, width);

    /// <summary>1 when both are equal; width 1.</summary>
    public Signal EqualTo(Signal other) => Compare(NodeKind.Equal, other);

    /// <summary>1 when this has the value; width 1. A value that it can never have is a mistake.</summary>
    public Signal EqualTo(long value) => CompareWith(NodeKind.Equal, value);

    /// <summary>1 when both differ; width 1.</summary>
    public Signal NotEqualTo(Signal other) => ~EqualTo(other);

    /// <inheritdoc cref="NotEqualTo(Signal)"/>
    public Signal NotEqualTo(long value) => ~EqualTo(value);

    /// <summary>1 when this is below the other, both unsigned; width 1.</summary>
    public Signal LessThan(Signal other) => Compare(NodeKind.LessThan, other);

    /// <summary>1 when this is below the value, both unsigned; width 1. A comparison that always has the same result is a mistake.</summary>
    public Signal LessThan(long value) => CompareWith(NodeKind.LessThan, value);

    /// <summary>1 when this is at least the other, both unsigned; width 1.</summary>
    public Signal AtLeast(Signal other) => ~LessThan(other);

    /// <inheritdoc cref="AtLeast(Signal)"/>
    public Signal AtLeast(long value) => ~LessThan(value);

    /// <summary>1 when this is below the other, both two's complement; width 1.</summary>
    public Signal LessThanSigned(Signal other) => Compare(NodeKind.LessThanSigned, other);

    /// <summary>1 when this is at least the other, both two's complement; width 1.</summary>
    public Signal AtLeastSigned(Signal other) => ~LessThanSigned(other);

    /// <summary>Shifted left by a fixed number of bits, zeros enter; the width stays.</summary>
    public Signal ShiftLeft(int amount) => amount == 0
        ? this
        : amount >= Width ? Constant(0) : Concatenate(Bits(0, Width - amount), new Signal(Elaboration, Graph, Graph.AddConstant(0, amount)));

    /// <summary>Shifted left by the unsigned value of <paramref name="amount"/>, zeros enter; the width stays.</summary>
    public Signal ShiftLeft(Signal amount) => AnyWidth(NodeKind.ShiftLeft, amount);

    /// <summary>Shifted right by the unsigned value of <paramref name="amount"/>, zeros enter; the width stays.</summary>
    public Signal ShiftRight(Signal amount) => AnyWidth(NodeKind.ShiftRight, amount);

    /// <summary>Shifted right by the unsigned value of <paramref name="amount"/>, the sign bit enters; the width stays.</summary>
    public Signal ShiftRightSigned(Signal amount) => AnyWidth(NodeKind.ShiftRightSigned, amount);

    /// <summary>1 when all bits are 1; width 1.</summary>
    public Signal AllOnes() => Width == 1 ? this : New(NodeKind.ReduceAnd, 1, 0, Node);

    /// <summary>1 when any bit is 1; width 1.</summary>
    public Signal AnyOne() => Width == 1 ? this : New(NodeKind.ReduceOr, 1, 0, Node);

    /// <summary>The XOR of all bits; width 1.</summary>
    public Signal Parity() => Width == 1 ? this : New(NodeKind.ReduceXor, 1, 0, Node);

    /// <summary>Unsigned sum with one bit more than the wider operand: it cannot overflow.</summary>
    public Signal AddGrow(Signal other)
    {
        var width = Math.Max(Width, other.Width) + 1;
        return ZeroExtend(width) + other.ZeroExtend(width);
    }

    /// <summary>The complement of each bit; the width stays.</summary>
    public static Signal operator ~(Signal value)
    {
        var id = value.Node;
        return value.Graph.Nodes[id].Kind == NodeKind.Not
            ? new Signal(value.Elaboration, value.Graph, value.Graph.Operands(id)[0])
            : value.New(NodeKind.Not, value.Width, 0, id);
    }

    /// <summary>Bitwise AND of equal widths.</summary>
    public static Signal operator &(Signal left, Signal right) => left.Binary(NodeKind.And, right);

    /// <summary>Bitwise OR of equal widths.</summary>
    public static Signal operator |(Signal left, Signal right) => left.Binary(NodeKind.Or, right);

    /// <summary>Bitwise XOR of equal widths.</summary>
    public static Signal operator ^(Signal left, Signal right) => left.Binary(NodeKind.Xor, right);

    /// <summary>Sum modulo 2^width of equal widths.</summary>
    public static Signal operator +(Signal left, Signal right) => left.Binary(NodeKind.Add, right);

    /// <summary>Sum modulo 2^width with a constant that fits the width.</summary>
    public static Signal operator +(Signal left, long right) => left + left.Constant(right);

    /// <summary>Difference modulo 2^width of equal widths.</summary>
    public static Signal operator -(Signal left, Signal right) => left.Binary(NodeKind.Subtract, right);

    /// <summary>Difference modulo 2^width with a constant that fits the width.</summary>
    public static Signal operator -(Signal left, long right) => left - left.Constant(right);

    /// <summary>Product modulo 2^width of equal widths.</summary>
    public static Signal operator *(Signal left, Signal right) => left.Binary(NodeKind.Multiply, right);

    /// <summary>Does not compile: compare in hardware with <see cref="EqualTo(Signal)"/>.</summary>
    [Obsolete("== would compare C# objects: use EqualTo for a comparison in hardware.", error: true)]
    public static bool operator ==(Signal? left, Signal? right) => throw new NotSupportedException();

    /// <summary>Does not compile: compare in hardware with <see cref="NotEqualTo(Signal)"/>.</summary>
    [Obsolete("!= would compare C# objects: use NotEqualTo for a comparison in hardware.", error: true)]
    public static bool operator !=(Signal? left, Signal? right) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    internal Signal Constant(BigInteger value) => Constant(value, Width);

    private Signal Constant(BigInteger value, int width) => new(Elaboration, Graph, Graph.AddConstant(Elaboration.Fit(Graph, value, width), width));

    internal Signal Concatenate(Signal lower) => Concatenate(this, lower);

    private static Signal Concatenate(Signal upper, Signal lower) =>
        new(upper.Elaboration, upper.Graph, upper.Graph.Add(NodeKind.Concatenate, upper.Width + lower.Width, 0, [upper.Node, lower.Node]));

    internal Signal New(NodeKind kind, int width, int payload, params ReadOnlySpan<int> operands) =>
        new(Elaboration, Graph, Graph.Add(kind, width, payload, operands));

    private Signal Binary(NodeKind kind, Signal other, int? width = null)
    {
        if (!Elaboration.IsLocal(Graph, other))
        {
            other = Constant(0);
        }
        else if (other.Width != Width)
        {
            Elaboration.Report(DiagnosticCodes.Width, Graph, $"{kind} of {Width} and {other.Width} bits", "make the widths equal with Truncate, ZeroExtend or SignExtend");
            Elaboration.Forgive(other);
            other = Constant(0);
        }

        return New(kind, width ?? Width, 0, Node, other.Node);
    }

    /// <summary>A comparison; a constant where the ranges of both sides decide it.</summary>
    private Signal Compare(NodeKind kind, Signal other)
    {
        if (Elaboration.IsLocal(Graph, other) && other.Width == Width && ValueRange.Compare(kind, Graph, Node, other.Node) is { } known)
        {
            return Constant(known ? 1 : 0, 1);
        }

        return Binary(kind, other, 1);
    }

    private Signal CompareWith(NodeKind kind, long value)
    {
        var constant = Constant(value);
        if (Graph.Nodes[Node].Kind != NodeKind.Constant && ValueRange.Compare(kind, Graph, Node, constant.Node) is { } known)
        {
            var range = ValueRange.Unsigned(Graph, Node);
            Elaboration.Report(
                DiagnosticCodes.ConstantComparison, Graph,
                FormattableString.Invariant($"{kind} of a signal from {range.Least} to {range.Largest} and the constant {value} is always {(known ? "true" : "false")}"),
                "compare with a value inside the range, or leave the comparison out");
        }

        return Compare(kind, constant);
    }

    /// <summary>A shift; by a constant it is wiring, which no tool takes amiss however large the constant is.</summary>
    private Signal AnyWidth(NodeKind kind, Signal other)
    {
        if (!Elaboration.IsLocal(Graph, other))
        {
            return this;
        }

        if (Graph.Nodes[other.Node].Kind != NodeKind.Constant)
        {
            return New(kind, Width, 0, Node, other.Node);
        }

        var amount = (int)BigInteger.Min(Graph.ConstantValue(other.Node), Width);
        return kind switch
        {
            NodeKind.ShiftLeft => ShiftLeft(amount),
            NodeKind.ShiftRight when amount == Width => Constant(0, Width),
            NodeKind.ShiftRight => Bits(amount, Width - amount).ZeroExtend(Width),
            _ when amount >= Width - 1 => this[Width - 1].SignExtend(Width),
            _ => Bits(amount, Width - amount).SignExtend(Width),
        };
    }

    private Signal Extend(NodeKind kind, int width)
    {
        if (width == Width)
        {
            return this;
        }

        if (width < Width)
        {
            Elaboration.Report(DiagnosticCodes.Width, Graph, $"{kind} of {Width} bits to {width}", "use Truncate to cut bits off");
            Elaboration.Forgive(this);
            return Constant(0, width < 1 ? 1 : width);
        }

        var id = Node;
        if (Graph.Nodes[id].Kind != NodeKind.Constant)
        {
            return New(kind, width, 0, id);
        }

        var value = Graph.ConstantValue(id);
        var isNegative = kind == NodeKind.SignExtend && !(value >> (Width - 1)).IsZero;
        return Constant(isNegative ? value - (BigInteger.One << Width) : value, width);
    }

    private Signal At(int node) => new(Elaboration, Graph, node);

    /// <summary>Bits of a concatenation or extension that lie within one of its parts: bits of that part; null where they do not.</summary>
    private Signal? Part(int id, int low, int width)
    {
        var operands = Graph.Operands(id);
        var start = 0;
        for (var i = operands.Length - 1; i >= 0; i--)
        {
            var end = start + Graph.Nodes[operands[i]].Width;
            if (low >= start && low + width <= end)
            {
                return At(operands[i]).Bits(low - start, width);
            }

            start = end;
        }

        return Graph.Nodes[id].Kind == NodeKind.ZeroExtend && low >= start ? Constant(0, width) : null;
    }

    private int Unreadable()
    {
        var port = this as Port;
        Elaboration.Report(
            DiagnosticCodes.UnreadablePort, Graph, port is Output ? $"the output {port.Name} is read inside its module" : $"the input {port?.Name} of an instance is read outside it",
            "read the signal that drives it");
        return Graph.AddConstant(0, Math.Max(Width, 1));
    }
}
