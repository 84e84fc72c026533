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
