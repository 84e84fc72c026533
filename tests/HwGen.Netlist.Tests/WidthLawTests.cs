using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Tests;

/// <summary>The checker of the width laws finds a break of each kind's law; the language itself can make none.</summary>
public class WidthLawTests
{
    [Fact]
    public void EveryKindsLawIsHeld()
    {
        var broken = new Dictionary<NodeKind, Action<ModuleGraph, int, int>>
        {
            [NodeKind.Constant] = (g, _, _) => g.Add(NodeKind.Constant, 2, g.Nodes[g.AddConstant(9, 4)].Payload, []),
            [NodeKind.Input] = (g, _, _) => g.Add(NodeKind.Input, 5, 0, []),
            [NodeKind.Register] = (g, _, _) => g.Add(NodeKind.Register, 5, 0, []),
            [NodeKind.Wire] = (g, _, _) => g.Add(NodeKind.Wire, 5, 0, []),
            [NodeKind.InstanceOutput] = (g, _, _) => g.Add(NodeKind.InstanceOutput, 9, 0, []),
            [NodeKind.MemoryRead] = (g, a, _) => g.Add(NodeKind.MemoryRead, 7, 0, [a]),
            [NodeKind.Concatenate] = (g, a, b) => g.Add(NodeKind.Concatenate, 7, 0, [a, b]),
            [NodeKind.Slice] = (g, a, _) => g.Add(NodeKind.Slice, 3, 2, [a]),
            [NodeKind.ZeroExtend] = (g, a, _) => g.Add(NodeKind.ZeroExtend, 4, 0, [a]),
            [NodeKind.SignExtend] = (g, a, _) => g.Add(NodeKind.SignExtend, 3, 0, [a]),
            [NodeKind.PopCount] = (g, a, _) => g.Add(NodeKind.PopCount, 4, 0, [a]),
            [NodeKind.Select] = (g, a, b) => g.Add(NodeKind.Select, 2, 0, [b, b, a]),
        };
        foreach (var kind in new[] { NodeKind.Not, NodeKind.ReduceAnd, NodeKind.ReduceOr, NodeKind.ReduceXor })
        {
            broken[kind] = (g, a, _) => g.Add(kind, 5, 0, [a]);
        }

        foreach (var kind in new[]
        {
            NodeKind.And, NodeKind.Or, NodeKind.Xor, NodeKind.Add, NodeKind.Subtract, NodeKind.Multiply, NodeKind.Equal, NodeKind.LessThan,
            NodeKind.LessThanSigned,
        })
        {
            broken[kind] = (g, a, b) => g.Add(kind, 4, 0, [a, b]);
        }

        foreach (var kind in new[] { NodeKind.ShiftLeft, NodeKind.ShiftRight, NodeKind.ShiftRightSigned })
        {
            broken[kind] = (g, a, b) => g.Add(kind, 2, 0, [a, b]);
        }

        Enum.GetValues<NodeKind>().Except(broken.Keys).ShouldBeEmpty();
        foreach (var (kind, plant) in broken)
        {
            var graph = Sound(out var a, out var b);
            WidthLaws.Hold(graph);
            plant(graph, a, b);
            Should.Throw<InvalidOperationException>(() => WidthLaws.Hold(graph), kind.ToString()).Message.ShouldContain($"{kind} of ");
        }
    }

    [Fact]
    public void SinksAreHeldToo()
    {
        var graph = Sound(out var a, out _);
        graph.PortList[^1].Node = a;
        Should.Throw<InvalidOperationException>(() => WidthLaws.Hold(graph)).Message.ShouldContain("sketch_sound.y does not get a node of its width");
    }

    /// <summary>A graph with an input of four bits, one of two, and something of everything that nodes refer to.</summary>
    private static ModuleGraph Sound(out int a, out int b)
    {
        var graph = Design.Elaborate(new Sketch("sound", [("a", 4), ("b", 2)], [("y", 8)], m =>
        {
            var register = m.Register("r", 4);
            register.Drive(m.In("a"));
            var memory = m.Memory("words", 16, 8);
            memory.Write(m.In("b")[0], m.In("a"), m.In("a").ZeroExtend(8));
            var counter = m.Instance("counter", new RowCounter(4));
            counter.Stored.Drive(m.Wire("w", register));
            counter.Operand.Drive(m.In("a"));
            counter.Operation.Drive(m.In("b"));
            m.Out("y").Drive(memory.Read(m.In("a")) ^ counter.Count.ZeroExtend(8));
        })).Top;
        (a, b) = (graph.Ports[0].Node, graph.Ports[1].Node);
        return graph;
    }
}
