using System.Diagnostics;
using System.Text.RegularExpressions;
using HwGen.Architecture.Configuration;
using HwGen.Netlist.Diagrams;

namespace HwGen.Cim.Tests;

/// <summary>The drawing of the modules in docs/ is of the modules that there are. <c>HWGEN_WRITE_DOCS=1</c> draws it anew, with Graphviz.</summary>
public class HierarchyTests
{
    [Fact]
    public void The_drawing_shows_the_modules_of_a_core_with_a_bus()
    {
        var configuration = new ArrayConfiguration("chip", 64, 32, 8, ArrayConfiguration.AllOperations) { Bus = BusKind.Axi, Keys = KeyStoreKind.Dense };
        var design = CoreGenerator.Generate(configuration).Design;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(folder.FullName, "docs", "hierarchy.svg");
        if (Environment.GetEnvironmentVariable("HWGEN_WRITE_DOCS") == "1")
        {
            var text = Path.GetTempFileName();
            File.WriteAllText(text, Graphviz.Hierarchy(design).Replace("chip_", string.Empty, StringComparison.Ordinal));
            using var dot = Process.Start("dot", ["-Tsvg", "-Grankdir=LR", "-o", path, text]);
            dot.WaitForExit();
            dot.ExitCode.ShouldBe(0);
        }

        var svg = File.ReadAllText(path);
        var boxes = Regex.Matches(svg, @"<title>([\w]+)</title>").Select(m => m.Groups[1].Value).Where(title => title != "hierarchy").Order(StringComparer.Ordinal);
        boxes.ShouldBe(design.Modules.Select(m => m.Name.Replace("chip_", string.Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var arrows = Regex.Matches(svg, @"<title>(\w+)&#45;&gt;(\w+)</title>").Count;
        arrows.ShouldBe(design.Modules.Sum(m => m.Instances.Select(i => i.Module.Name).Distinct().Count()));
    }
}
