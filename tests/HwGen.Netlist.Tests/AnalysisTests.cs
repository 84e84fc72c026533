using HwGen.Netlist.Analysis;
using HwGen.Netlist.Diagrams;
using HwGen.Netlist.Tests.Tools;

namespace HwGen.Netlist.Tests;

/// <summary>What the analyses count, and that Graphviz draws the diagrams.</summary>
public class AnalysisTests
{
    [Fact]
    public void AnAnalysisCountsAndFindsTheLongestPath() => ModuleAnalysis.Of(Design.Elaborate(new RowCounter(8)).Top).ToString().ShouldBe("""
        row_counter_c8
        what                  bits   count
        And                      8       2
        Not                      8       2
        Or                       8       1
        PopCount                 4       1
        Register                 4       1
        Select                   8       1

        longest path: 5 operators
        level  signal
            0  stored
            1  (And of 8 bits)
            2  (Not of 8 bits)
            2  not_both
            3  (Not of 8 bits)
            4  (Select of 8 bits)
            4  bits
            5  (PopCount of 4 bits)

        readers  signal
              3  not_both
              2  stored
              2  operand
              2  either
              1  operation
              1  (And of 8 bits)
              1  (Not of 8 bits)
              1  (Or of 8 bits)
              1  (Not of 8 bits)
              1  (And of 8 bits)

        """);

    /// <summary>Two passers and an instance that is written once and stands twice: everything counts as often as it stands, and the path goes through the ports.</summary>
    [Fact]
    public void AnAnalysisOfADesignCountsEveryInstanceAndFollowsThePathThroughThem()
    {
        var design = Design.Elaborate(new Sketch("pair", [("a", 8), ("b", 8)], [("y", 8)], m =>
        {
            var first = m.Instance("first", new Doubler(2));
            var second = m.Instance("second", new Doubler(2));
            first.Value.Drive(m.In("a") ^ m.In("b"));
            second.Value.Drive(~first.Result);
            m.Out("y").Drive(second.Result & m.In("b"));
        }));
        DesignAnalysis.Of(design).ToString().ShouldBe("""
            sketch_pair: 4 modules, 6 instances
            what                  bits     count
            Add                      8         6
            And                      8         1
            Not                      8         1
            Register                 8         6
            Xor                      8         1

            longest path: 9 operators
            level  signal
                0  a
                1  (Xor of 8 bits)
                1  first.value
                2  first.(Add of 8 bits)
                2  first.sum
                2  first.inner.value
                3  first.inner.(Add of 8 bits)
                3  first.inner.sum
                3  first.inner.inner.value
                4  first.inner.inner.(Add of 8 bits)
                4  first.inner.inner.sum
                4  first.inner.inner.result
                4  first.inner.result
                4  first.result
                5  (Not of 8 bits)
                5  second.value
                6  second.(Add of 8 bits)
                6  second.sum
                6  second.inner.value
                7  second.inner.(Add of 8 bits)
                7  second.inner.sum
                7  second.inner.inner.value
                8  second.inner.inner.(Add of 8 bits)
                8  second.inner.inner.sum
                8  second.inner.inner.result
                8  second.inner.result
                8  second.result
                9  (And of 8 bits)

            """);
    }

    /// <summary>A chain that is deeper than any stack, and the levels of both analyses where there are no instances.</summary>
    [Fact]
    public void ADesignOfOneModuleHasThePathOfTheModule()
    {
        var design = Design.Elaborate(new Sketch("deep", [("a", 8), ("b", 8)], [("y", 8)], m =>
        {
            Signal value = m.In("a");
            for (var step = 0; step < 50_000; step++)
            {
                value = (value + m.In("b")) ^ m.In("a");
            }

            m.Out("y").Drive(value);
        }));
        var (whole, module) = (DesignAnalysis.Of(design), ModuleAnalysis.Of(design.Top));
        whole.Depth.ShouldBe(100_000);
        whole.LongestPath.ShouldBe(module.LongestPath);
        whole.Counts.Select(count => (count.What, count.Width, count.Count)).ShouldBe(module.Counts.Select(count => (count.What, count.Width, count.Count)));
        DesignAnalysis.Of(Design.Elaborate(new Board())).Depth.ShouldBe(0);
    }

    /// <summary>Adds its value to a register, as many times as it has doublers in it.</summary>
    private sealed class Doubler(int levels) : Module($"l{levels}")
    {
        public Input Value { get; } = new(8);

        public Output Result { get; } = new(8);

        protected override void Build()
        {
            Register(out var held, 8);
            Wire(out var sum, Value + held);
            if (levels == 0)
            {
                held.Drive(sum);
                Result.Drive(sum);
                return;
            }

            Instance(out var inner, new Doubler(levels - 1));
            inner.Value.Drive(sum);
            held.Drive(inner.Result);
            Result.Drive(inner.Result);
        }
    }

    [Fact]
    public void TheConeOfAnOutputIsWhatCanReachIt()
    {
        var memories = Design.Elaborate(new Memories());
        var cone = ConeOfInfluence.Of(memories, "square");
        cone.Inputs.ShouldBe(["address"]);
        cone.State.ShouldBe(["squares"]);
        cone = ConeOfInfluence.Of(memories, "later");
        cone.Inputs.ShouldBe(["address", "enables", "word"]);
        cone.State.ShouldBe(["new_word_address", "words"]);
        cone = ConeOfInfluence.Of(Design.Elaborate(new Sketch("cone", [("a", 8), ("b", 8)], [("y", 4)], m =>
        {
            var counter = m.Instance("counter", new RowCounter(8));
            counter.Stored.Drive(m.In("a"));
            counter.Operand.Drive(m.In("a"));
            counter.Operation.Drive(0);
            m.Out("y").Drive(counter.Count);
            m.Discard(m.In("b"));
        })), "y");
        cone.Inputs.ShouldBe(["a"]);
        cone.State.ShouldBe(["counter.count"]);
        Should.Throw<ArgumentException>(() => ConeOfInfluence.Of(memories, "nothing")).Message.ShouldContain("it has earlier, later, square, lanes, lanes_before, lanes_after");
    }

    [Fact]
    public void DiagramsAreDrawn()
    {
        var design = Design.Elaborate(new Board());
        using var folder = new TemporaryFolder();
        foreach (var (name, text) in new[]
        {
            ("hierarchy", Graphviz.Hierarchy(design)), ("memories", Graphviz.Module(Design.Elaborate(new Memories()).Top)), ("board", Graphviz.Module(design.Top)),
        })
        {
            text.Count(c => c == '{').ShouldBe(text.Count(c => c == '}'));
            folder.Write(name + ".dot", text);
        }

        Graphviz.Hierarchy(design).ShouldContain("\"board\" -> \"clock_buffer_8_fast\";");
        Graphviz.Module(design.Top).ShouldContain("n0 -> i0;");
        Graphviz.Module(Design.Elaborate(new Memories()).Top).ShouldContain("shape=cylinder, label=\"words\\n16 × 16\"");
    }
}
