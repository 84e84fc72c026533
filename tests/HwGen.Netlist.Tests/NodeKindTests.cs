using System.Globalization;
using System.Numerics;
using System.Text;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>Every node kind, alone and nested at random, printed and read back by Icarus: its values are those computed here from the definitions.</summary>
public class NodeKindTests
{
    private const int Modules = 240;
    private const int Vectors = 8;

    [Theory]
    [InlineData(SourceRole.Simulation, "2005")]
    [InlineData(SourceRole.Synthesis, "2012")]
    public void TextComputesWhatTheNodesMean(SourceRole leftOut, string generation)
    {
        var random = new Random(20240607);
        using var folder = new TemporaryFolder();
        var files = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        var bench = new StringBuilder("module bench;\n");
        var body = new StringBuilder();
        var kinds = new SortedDictionary<NodeKind, int>();
        for (var number = 0; number < Modules; number++)
        {
            var circuit = new RandomExpression(random, number);
            var design = Design.Elaborate(circuit.Module);
            foreach (var file in VerilogWriter.Write(design))
            {
                files[file.FileName] = file;
            }

            foreach (var node in design.Top.Nodes)
            {
                kinds[node.Kind] = kinds.GetValueOrDefault(node.Kind) + 1;
            }

            Bench(bench, body, circuit, design.Top.Name, number, random);
        }

        bench.Append("integer compared = 0;\ninitial begin\n").Append(body).Append("$display(\"compared %0d\", compared);\nend\nendmodule\n");
        folder.Write("bench.v", bench.ToString());
        OutsideProgram.Run(folder.Path, "iverilog", ["-g" + generation, "-Wall", "-o", "bench.vvp", "bench.v", .. folder.Write(files.Values, leftOut)])
            .ShouldNotContain("warning", Case.Insensitive);
        OutsideProgram.Run(folder.Path, "vvp", "bench.vvp").Trim().ShouldBe(FormattableString.Invariant($"compared {Modules * Vectors}"));

        NodeKind[] elsewhere = [NodeKind.Register, NodeKind.InstanceOutput, NodeKind.MemoryRead];
        Enum.GetValues<NodeKind>().Except(kinds.Keys).Except(elsewhere).ShouldBeEmpty();
    }

    private static void Bench(StringBuilder bench, StringBuilder body, RandomExpression circuit, string module, int number, Random random)
    {
        var inputs = circuit.Module.Inputs;
        var text = FormattableString.Invariant($"wire [{circuit.Width - 1}:0] y{number};\n");
        foreach (var input in inputs)
        {
            text += FormattableString.Invariant($"reg [{input.Width - 1}:0] {input.Name}_{number};\n");
        }

        var connections = string.Join(", ", inputs.Select(i => FormattableString.Invariant($".{i.Name}({i.Name}_{number})")));
        bench.Append(text).Append(FormattableString.Invariant($"{module} u{number} (.y(y{number}), {connections});\n"));
        for (var vector = 0; vector < Vectors; vector++)
        {
            var values = inputs.ToDictionary(i => i.Name, i => RandomExpression.Value(random, i.Width));
            foreach (var input in inputs)
            {
                body.Append(FormattableString.Invariant($"{input.Name}_{number} = {input.Width}'h{Hexadecimal(values[input.Name])};\n"));
            }

            var expected = circuit.Expected(values);
            body.Append(FormattableString.Invariant(
                $"#1 compared = compared + 1; if (y{number} !== {circuit.Width}'h{Hexadecimal(expected)}) $display(\"{module}: %h, expected {Hexadecimal(expected)}\", y{number});\n"));
        }
    }

    private static string Hexadecimal(BigInteger value) => value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0').PadLeft(1, '0');
}
