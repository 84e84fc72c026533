using System.Text.RegularExpressions;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The examples of docs/dsl.md compile, elaborate, are clean, and print the Verilog that the page shows.</summary>
public class TutorialTests
{
    [Fact]
    public void EveryExampleIsHardware()
    {
        var page = Repository.Read("docs", "dsl.md");
        var examples = Compiler.Load(string.Join('\n', Blocks(page, "csharp")));
        var modules = examples.GetTypes().Where(t => t.IsSubclassOf(typeof(Module)) && !t.IsSubclassOf(typeof(BlackBox))).ToList();
        modules.Count.ShouldBe(11);
        var texts = new List<string>();
        foreach (var type in modules)
        {
            var design = Design.Elaborate((Module)Activator.CreateInstance(type)!);
            var files = VerilogWriter.Write(design);
            texts.AddRange(files.Select(f => f.Text));
            if (design.Modules.Any(m => m.BlackBox is not null))
            {
                continue;
            }

            using var folder = new TemporaryFolder();
            OutsideProgram.Run(folder.Path, "verilator", ["--lint-only", "-Wall", "--top-module", design.Top.Name, .. folder.Write(files, SourceRole.Synthesis)]).ShouldBeEmpty();
        }

        var shown = Blocks(page, "verilog").ToList();
        shown.Count.ShouldBe(3);
        foreach (var verilog in shown)
        {
            texts.ShouldContain(verilog);
        }
    }

    private static IEnumerable<string> Blocks(string page, string language) => Regex.Matches(page, $"\n```{language}\n(.*?\n)```\n", RegexOptions.Singleline).Select(m => m.Groups[1].Value);
}
