using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Cosimulation.Bench;
using HwGen.Netlist.Verilog;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>The folder <c>bench/</c> of a co-simulation: the Verilog as it was simulated, benches, vectors and a Makefile.</summary>
internal static class BenchFiles
{
    /// <summary>Writes the folder.</summary>
    /// <param name="core">The core that was generated.</param>
    /// <param name="folder">The folder whose Verilog was simulated in its place; null for none.</param>
    /// <param name="ports">The ports of the core.</param>
    /// <param name="network">The network.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="images">The images that the vectors have.</param>
    /// <param name="output">Where results go.</param>
    public static void Write(
        GeneratedCore core, string? folder, SimulationInterface ports, QuantisedNetwork network, CoreProgram program, ImageSet images, OutputFolder output)
    {
        // The benches drive the ports of a core without a bus.
        if (core.Configuration.HasBus)
            return;
        var verilog = (folder is null ? Simulated(core) : Edited(folder)).ToList();
        foreach (var (path, text) in verilog.Append(IcarusList(core, verilog)).Concat(BenchFolder.Files(ports, network, program, images)))
            File.WriteAllText(output.PathOf("bench/" + path), text);
    }

    /// <summary>What Icarus reads: what synthesis reads, with behavioural models in place of the stubs of black boxes.</summary>
    private static (string Path, string Text) IcarusList(GeneratedCore core, IEnumerable<(string Path, string Text)> files)
    {
        var stubs = core.Files.Where(file => file.Role == SourceRole.Stub).Select(file => "rtl/" + file.FileName).ToHashSet(StringComparer.Ordinal);
        var list = files.First(file => file.Path == CoreFiles.SynthesisList).Text.Split('\n');
        return (BenchFolder.IcarusList, string.Join('\n', list.Select(path => stubs.Contains(path) ? "sim/" + path["rtl/".Length..] : path)));
    }

    /// <summary>What the two lists name, and the lists.</summary>
    private static IEnumerable<(string Path, string Text)> Simulated(GeneratedCore core)
    {
        var files = CoreFiles.Of(core);
        var lists = files.Where(file => file.Path is CoreFiles.SynthesisList or CoreFiles.SimulationList).ToList();
        var named = lists.SelectMany(list => list.Text.Split('\n')).ToHashSet(StringComparer.Ordinal);
        return files.Where(file => named.Contains(file.Path)).Concat(lists);
    }

    /// <summary>The lists of a folder, rewritten, and the files that they name.</summary>
    private static IReadOnlyList<(string Path, string Text)> Edited(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])[CoreFiles.SynthesisList, CoreFiles.SimulationList])
        {
            var list = FileList.ReadPaths(Path.Combine(folder, name));
            foreach (var file in list)
                files[file.Path] = file.Text;
            files[name] = string.Concat(list.Select(file => file.Path + "\n"));
        }
        return [.. files.Select(file => (file.Key, file.Value))];
    }
}
