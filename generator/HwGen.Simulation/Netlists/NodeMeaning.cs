using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <summary>What each operator of the netlist computes: the sentences of <see cref="NodeKind"/> in arithmetic.</summary>
internal static class NodeMeaning
{
    /// <summary>The value of a node without state.</summary>
    /// <param name="kind">The operator.</param>
    /// <param name="width">Bits of the result.</param>
    /// <param name="payload">The lowest bit of a Slice.</param>
    /// <param name="a">The operands' values, unsigned.</param>
    /// <param name="w">The operands' widths.</param>
    public static BigInteger Of(NodeKind kind, int width, int payload, BigInteger[] a, int[] w)
    {
        switch (kind)
        {
            case NodeKind.Not: return Ones(width) - a[0];
            case NodeKind.And: return a[0] & a[1];
            case NodeKind.Or: return a[0] | a[1];
            case NodeKind.Xor: return a[0] ^ a[1];
            case NodeKind.Add: return (a[0] + a[1]) & Ones(width);
            case NodeKind.Subtract: return (a[0] - a[1]) & Ones(width);
            case NodeKind.Multiply: return (a[0] * a[1]) & Ones(width);
            case NodeKind.Equal: return a[0] == a[1] ? 1 : 0;
            case NodeKind.LessThan: return a[0] < a[1] ? 1 : 0;
            case NodeKind.LessThanSigned: return Signed(a[0], w[0]) < Signed(a[1], w[1]) ? 1 : 0;
            case NodeKind.ShiftLeft: return a[1] >= width ? 0 : (a[0] << (int)a[1]) & Ones(width);
            case NodeKind.ShiftRight: return a[1] >= width ? 0 : a[0] >> (int)a[1];
            case NodeKind.ShiftRightSigned: return (Signed(a[0], w[0]) >> (int)BigInteger.Min(a[1], width)) & Ones(width);
            case NodeKind.Slice: return (a[0] >> payload) & Ones(width);
            case NodeKind.ZeroExtend: return a[0];
            case NodeKind.SignExtend: return Signed(a[0], w[0]) & Ones(width);
            case NodeKind.ReduceAnd: return a[0] == Ones(w[0]) ? 1 : 0;
            case NodeKind.ReduceOr: return a[0] != 0 ? 1 : 0;
            case NodeKind.ReduceXor: return CountOnes(a[0], w[0]) & 1;
            case NodeKind.PopCount: return CountOnes(a[0], w[0]);
            case NodeKind.Select: return a[1 + (int)BigInteger.Min(a[0], a.Length - 2)];
            case NodeKind.Concatenate:
                var value = BigInteger.Zero;
                for (var part = 0; part < a.Length; part++)
                    value = (value << w[part]) | a[part];
                return value;
            default:
                throw new InvalidOperationException($"{kind} is no operator");
        }
    }

    private static BigInteger Ones(int width) => (BigInteger.One << width) - 1;

    private static BigInteger Signed(BigInteger value, int width) => value >> (width - 1) == 1 ? value - (BigInteger.One << width) : value;

    private static BigInteger CountOnes(BigInteger value, int width)
    {
        var count = 0;
        for (var bit = 0; bit < width; bit++)
            count += (value >> bit) % 2 == 1 ? 1 : 0;
        return count;
    }
}
