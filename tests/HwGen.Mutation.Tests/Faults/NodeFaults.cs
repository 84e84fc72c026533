using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Mutation.Tests.Faults;

/// <summary>The faults that a node of each kind can have.</summary>
internal static class NodeFaults
{
    /// <summary>All faults of a node, in a fixed order; which bit or which reader is meant is drawn.</summary>
    /// <param name="graph">The module.</param>
    /// <param name="node">The node.</param>
    /// <param name="readers">The live nodes that have it as an operand.</param>
    /// <param name="random">Where bits and readers come from.</param>
    public static List<NodeFault> Of(ModuleGraph graph, int node, IReadOnlyList<int> readers, Random random)
    {
        var faults = new List<NodeFault>();
        var info = graph.Nodes[node];
        var (width, operands) = (info.Width, graph.Operands(node).ToArray());
        int WidthOf(int i) => graph.Nodes[operands[i]].Width;
        switch (info.Kind)
        {
            case NodeKind.Constant:
                // A number stands once in the graph however often it is written: one of its readers has the wrong one.
                var reader = readers.Count == 0 ? -1 : readers[random.Next(readers.Count)];
                var bit = random.Next(width);
                Add($"bit {bit} changed", g => g.Constant(g.ConstantOf(node) ^ (BigInteger.One << bit), width), reader);
                if (width > 1)
                {
                    Add("one more", g => g.Constant(g.ConstantOf(node) + 1, width), reader);
                    Add("one less", g => g.Constant(g.ConstantOf(node) - 1 + (BigInteger.One << width), width), reader);
                }

                return faults;
            case NodeKind.Not:
                Add("not inverted", g => g.Operands[0]);
                break;
            case NodeKind.And or NodeKind.Or or NodeKind.Xor:
                foreach (var other in (NodeKind[])[NodeKind.And, NodeKind.Or, NodeKind.Xor])
                {
                    Binary(other);
                }

                Operand(1, "inverted", (g, o) => g.Inverted(o));
                Operand(0, "inverted", (g, o) => g.Inverted(o));
                Operand(0, "stuck at 0", (g, o) => g.Constant(0, WidthOf(0)));
                Operand(1, "stuck at 0", (g, o) => g.Constant(0, WidthOf(1)));
                Operand(0, "stuck at 1", (g, o) => g.Constant(-1, WidthOf(0)));
                Operand(1, "stuck at 1", (g, o) => g.Constant(-1, WidthOf(1)));
                break;
            case NodeKind.Add or NodeKind.Subtract:
                Binary(info.Kind == NodeKind.Add ? NodeKind.Subtract : NodeKind.Add);
                Operand(0, "stuck at 0", (g, o) => g.Constant(0, width));
                Operand(1, "stuck at 0", (g, o) => g.Constant(0, width));
                Add("one more", g => g.Make(NodeKind.Add, width, g.Sound, g.Constant(1, width)));
                if (info.Kind == NodeKind.Subtract)
                {
                    Add("operands swapped", g => g.Make(NodeKind.Subtract, width, g.Operands[1], g.Operands[0]));
                }

                break;
            case NodeKind.Multiply:
                Binary(NodeKind.Add);
                Operand(0, "one more", (g, o) => g.Make(NodeKind.Add, width, o, g.Constant(1, width)));
                break;
            case NodeKind.Equal:
                Add("inverted", g => g.Inverted(g.Sound));
                Binary(NodeKind.LessThan);
                OperandBit(random.Next(2));
                break;
            case NodeKind.LessThan or NodeKind.LessThanSigned:
                Add("operands swapped", g => g.Make(info.Kind, 1, g.Operands[1], g.Operands[0]));
                Add("or equal", g => g.Inverted(g.Make(info.Kind, 1, g.Operands[1], g.Operands[0])));
                Add("inverted", g => g.Inverted(g.Sound));
                Binary(info.Kind == NodeKind.LessThan ? NodeKind.LessThanSigned : NodeKind.LessThan);
                break;
            case NodeKind.ShiftLeft or NodeKind.ShiftRight or NodeKind.ShiftRightSigned:
                foreach (var other in (NodeKind[])[NodeKind.ShiftLeft, NodeKind.ShiftRight, NodeKind.ShiftRightSigned])
                {
                    Binary(other);
                }

                OperandBit(1);
                break;
            case NodeKind.Concatenate:
                var first = random.Next(operands.Length - 1);
                Add($"parts {first} and {first + 1} swapped", g =>
                {
                    int[] parts = [.. g.Operands];
                    (parts[first], parts[first + 1]) = (parts[first + 1], parts[first]);
                    return g.Make(info.Kind, width, parts);
                });
                OperandBit(random.Next(operands.Length));
                break;
            case NodeKind.Slice:
                if (info.Payload + width < WidthOf(0))
                {
                    Add("a bit too high", g => g.MakeWith(NodeKind.Slice, width, info.Payload + 1, g.Operands[0]));
                }

                if (info.Payload > 0)
                {
                    Add("a bit too low", g => g.MakeWith(NodeKind.Slice, width, info.Payload - 1, g.Operands[0]));
                }

                break;
            case NodeKind.ZeroExtend or NodeKind.SignExtend:
                Add("the other extension", g => g.Make(info.Kind == NodeKind.ZeroExtend ? NodeKind.SignExtend : NodeKind.ZeroExtend, width, g.Operands[0]));
                OperandBit(0);
                break;
            case NodeKind.ReduceAnd or NodeKind.ReduceOr or NodeKind.ReduceXor:
                foreach (var other in (NodeKind[])[NodeKind.ReduceAnd, NodeKind.ReduceOr, NodeKind.ReduceXor])
                {
                    Unary(other);
                }

                OperandBit(0);
                break;
            case NodeKind.PopCount:
                OperandBit(0);
                Add("one more", g => g.Make(NodeKind.Add, width, g.Sound, g.Constant(1, width)));
                break;
            case NodeKind.Select:
                var arm = 1 + random.Next(operands.Length - 2);
                Add($"arms {arm - 1} and {arm} swapped", g =>
                {
                    int[] arms = [.. g.Operands];
                    (arms[arm], arms[arm + 1]) = (arms[arm + 1], arms[arm]);
                    return g.Make(info.Kind, width, arms);
                });
                OperandBit(0);
                OperandBit(1 + random.Next(operands.Length - 1));
                break;
            case NodeKind.MemoryRead:
                OperandBit(0);
                break;
            case NodeKind.Register:
                faults.AddRange(RegisterFaults.Of(graph.Registers[info.Payload], random));
                break;
        }

        // What every node can have.
        var place = random.Next(width);
        var which = width == 1 ? "" : $"bit {place} ";
        foreach (var kind in (BitFault[])[BitFault.Inverted, BitFault.StuckAt0, BitFault.StuckAt1])
        {
            Add(which + Words(kind), g => g.WithBit(g.Sound, place, kind));
        }

        return faults;

        void Add(string what, Func<FaultyGraph, int> make, int reader = -1) => faults.Add(new NodeFault(node, what) { Make = make, Reader = reader });

        void Binary(NodeKind other)
        {
            if (other != info.Kind)
            {
                Add($"{other} instead", g => g.Make(other, width, g.Operands[0], g.Operands[1]));
            }
        }

        void Unary(NodeKind other)
        {
            if (other != info.Kind)
            {
                Add($"{other} instead", g => g.Make(other, width, g.Operands[0]));
            }
        }

        void Operand(int index, string what, Func<FaultyGraph, int, int> change) => Add($"operand {index} {what}", g =>
        {
            int[] changed = [.. g.Operands];
            changed[index] = change(g, changed[index]);
            return g.MakeWith(info.Kind, width, info.Payload, changed);
        });

        void OperandBit(int index)
        {
            var bit = random.Next(WidthOf(index));
            foreach (var kind in (BitFault[])[BitFault.Inverted, BitFault.StuckAt0, BitFault.StuckAt1])
            {
                Operand(index, $"bit {bit} {Words(kind)}", (g, o) => g.WithBit(o, bit, kind));
            }
        }
    }

    public static string Words(BitFault kind) => kind switch
    {
        BitFault.Inverted => "inverted",
        BitFault.StuckAt0 => "stuck at 0",
        _ => "stuck at 1",
    };
}
