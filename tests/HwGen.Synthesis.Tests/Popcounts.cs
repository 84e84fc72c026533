using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

/// <summary>A popcount alone, behind ports.</summary>
internal sealed class Counter(int width) : Module(FormattableString.Invariant($"w{width}"))
{
    public Output Count { get; } = new(Widths.Count(width));

    public Input Bits { get; } = new(width);

    protected override void Build() => Count.Drive(PopCount(Bits));
}

/// <summary>Writes popcounts for synthesis.</summary>
internal static class Popcounts
{
    public static SynthesisSource Write(string folder, int width, PopcountStructure structure)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var file in VerilogWriter.Write(Design.Elaborate(new Counter(width)), new VerilogOptions(Popcounts: structure)).Where(file => file.Role != SourceRole.Simulation))
        {
            files.Add(Path.Combine(folder, file.FileName));
            File.WriteAllText(files[^1], file.Text);
        }
        return new SynthesisSource(files, FormattableString.Invariant($"counter_w{width}"));
    }
}

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hwgen-synthesis-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
