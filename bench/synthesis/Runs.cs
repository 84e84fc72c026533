using System.Diagnostics;
using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Synthesis;

namespace HwGen.SynthesisBench;

/// <summary>Synthesizes designs one after the other, in folders below one of its own.</summary>
internal sealed class Runs(string folder)
{
    private int _count;

    public SynthesisSource Source(Module top, PopcountStructure popcounts)
    {
        var design = Design.Elaborate(top);
        return Write(VerilogWriter.Write(design, new VerilogOptions(Popcounts: popcounts)), design.Top.Name);
    }

    /// <summary>A generated core, or one module of it, by the beginning of its name behind the prefix.</summary>
    public SynthesisSource Core(string configuration, PopcountStructure popcounts, string? module = null)
    {
        var core = CoreGenerator.Generate(ConfigurationReader.Read(configuration, "bench"));
        var files = VerilogWriter.Write(core.Design, new VerilogOptions(Popcounts: popcounts));
        var top = module is null ? core.TopModule : core.Design.Modules.Select(m => m.Name).First(name => name.StartsWith($"{core.Configuration.Name}_{module}", StringComparison.Ordinal));
        return Write(files, top);
    }

    public SynthesisResult Result(SynthesisSource source, SynthesisOptions options) => Synthesizer.RunAsync(source, options, Next("run")).GetAwaiter().GetResult();

    public Figure Figure(string design, string structure, SynthesisSource source, SynthesisOptions options)
    {
        var watch = Stopwatch.StartNew();
        var result = Synthesizer.RunAsync(source, options, Next("run")).GetAwaiter().GetResult();
        var figure = HwGen.Synthesis.Figure.Of(design, structure, result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{design,-34} {structure,-26} cells {figure.Cells,7} area {figure.Area,11:N0} delay {figure.Delay,8:0.000} logic cells {figure.LogicCells,6} memories {figure.Memories,3}  [{watch.Elapsed.TotalSeconds:0} s]"));
        return figure;
    }

    public string Next(string name) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{_count++:000}_{name}"));

    private SynthesisSource Write(IReadOnlyList<SourceFile> files, string top)
    {
        var place = Directory.CreateDirectory(Next("source")).FullName;
        var paths = new List<string>();
        foreach (var file in files.Where(file => file.Role.IsForSynthesis()))
        {
            paths.Add(Path.Combine(place, file.FileName));
            File.WriteAllText(paths[^1], file.Text);
        }
        return new SynthesisSource(paths, top);
    }
}
