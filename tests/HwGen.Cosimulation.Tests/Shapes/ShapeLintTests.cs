using HwGen.Cim;
using HwGen.Tools;

namespace HwGen.Cosimulation.Tests.Shapes;

/// <summary>Every tool takes the emitted folder of each shape without a word: Verilator with all warnings and both file lists, Icarus, Yosys. No waivers.</summary>
public class ShapeLintTests
{
    [Theory]
    [MemberData(nameof(Shape.All), MemberType = typeof(Shape))]
    public void Every_tool_reads_each_shape_without_a_warning(Shape shape)
    {
        var core = shape.Generate();
        var folder = Directory.CreateTempSubdirectory("hwgen-shape-").FullName;
        try
        {
            foreach (var (path, text) in CoreFiles.Of(core))
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            var synthesis = File.ReadAllLines(Path.Combine(folder, CoreFiles.SynthesisList));
            foreach (var list in (string[])[CoreFiles.SynthesisList, CoreFiles.SimulationList])
            {
                Silent(folder, "verilator", "--lint-only", "-Wall", "--top-module", core.TopModule, "-f", list);
            }

            Silent(folder, "iverilog", ["-g2005", "-Wall", "-s", core.TopModule, "-o", "core.vvp", "-f", CoreFiles.SynthesisList]);
            Silent(folder, "yosys", "-q", "-p", $"read_verilog {string.Join(' ', synthesis)}; hierarchy -check -top {core.TopModule}; check -assert");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Silent(string folder, string program, params string[] arguments)
    {
        var result = OutsideProgram.Run(new ProgramRequest(program, arguments) { WorkingDirectory = folder, TimeLimit = TimeSpan.FromMinutes(5) });
        (result.Output + result.Error).Split('\n').Where(line => line.Length > 0).ShouldBeEmpty(result.Request.CommandLine);
        result.Succeeded.ShouldBeTrue(result.Request.CommandLine);
    }
}
