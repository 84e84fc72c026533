using HwGen.Netlist.Json;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>Yosys reads the JSON netlist, and proves it equal to the Verilog of the same design.</summary>
public class YosysJsonTests
{
    [Fact]
    public void RandomExpressionsAreEqual()
    {
        var random = new Random(11);
        using var folder = new TemporaryFolder();
        var script = new List<string>();
        var files = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        var kinds = new HashSet<NodeKind>();
        var proofs = 0;
        for (var number = 0; number < 400 && proofs < 40; number++)
        {
            var design = Design.Elaborate(new RandomExpression(random, number).Module);

            // Proofs of products are a topic of their own.
            if (design.Top.Nodes.Any(n => n.Kind == NodeKind.Multiply && n.Width > 4) || design.Top.Nodes.Sum(n => n.Width) > 600)
            {
                continue;
            }

            proofs++;
            kinds.UnionWith(design.Top.Nodes.Select(n => n.Kind));
            script.AddRange(Equivalence(folder, design, $"n{number}"));
        }

        kinds.Count.ShouldBeGreaterThan(18);
        folder.Write("script.ys", string.Join('\n', script));
        Count(OutsideProgram.Run(folder.Path, "yosys", "-s", "script.ys"), "SAT proof finished - no model found: SUCCESS!").ShouldBe(proofs);
    }

    [Fact]
    public void ModulesWithStateAreEqual()
    {
        using var folder = new TemporaryFolder();
        string[] script = [.. Equivalence(folder, Design.Elaborate(new Runner()), "runner"), .. Equivalence(folder, Design.Elaborate(new Passer()), "passer")];
        folder.Write("script.ys", string.Join('\n', script));
        Count(OutsideProgram.Run(folder.Path, "yosys", "-s", "script.ys"), "Equivalence successfully proven!").ShouldBe(2);
    }

    [Fact]
    public void MemoriesInstancesAndBlackBoxesAreRead()
    {
        using var folder = new TemporaryFolder();
        foreach (var top in new Module[] { new Memories(), new TwoClocks(), new RowCounter(9), new Board() })
        {
            folder.Write("design.json", YosysJson.Write(Design.Elaborate(top)));

            // Yosys 0.23 reads the default parameters of a black box, and then checks against a list that it left empty.
            var check = top is Board ? string.Empty : "-check ";
            OutsideProgram.Run(folder.Path, "yosys", "-q", "-p", $"read_json design.json; hierarchy {check} -auto-top; check -assert; memory_map; opt_clean").ShouldBeEmpty();
        }
    }

    private static IEnumerable<string> Equivalence(TemporaryFolder folder, Design design, string name)
    {
        var verilog = folder.Write(VerilogWriter.Write(design), SourceRole.Simulation);
        folder.Write(name + ".json", YosysJson.Write(design));
        return
        [
            "design -reset", $"read_json {name}.json", $"prep -flatten -top {design.Top.Name}", $"rename {design.Top.Name} gold", "design -stash gold", "design -reset",
            $"read_verilog {string.Join(' ', verilog)}", $"prep -flatten -top {design.Top.Name}", $"rename {design.Top.Name} gate",
            "design -stash gate", "design -copy-from gold gold", "design -copy-from gate gate",
            .. design.Top.Registers.Count == 0
                ? (string[])["miter -equiv -flatten -make_outputs gold gate miter", "sat -verify -prove trigger 0 miter"]
                : ["equiv_make gold gate equiv", "hierarchy -top equiv", "equiv_simple", "equiv_induct", "equiv_status -assert"],
        ];
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
