using HwGen.Simulation.Netlists;
using HwGen.Templates;
using HwGen.Tools;

namespace HwGen.Simulation.Icarus;

/// <summary>
/// Simulates the emitted Verilog by Icarus Verilog, in a process of its own that is driven over pipes: slow, and a second reader
/// of the text. It knows unknown bits: in a design that is given as text only, a register that nothing has set yet reads as an error.
/// </summary>
public sealed class IcarusEngine : ISimulationEngine
{
    private const string ProgramName = "bench.vvp";
    private const string BenchName = "hwgen_bench";
    private const string BenchTemplate = "simulation/icarus_bench.v.hbs";

    /// <summary>Makes the engine with its builds in a folder.</summary>
    /// <param name="cacheFolder">The folder of all caches; null: the user's (<see cref="UserFolders.Cache"/>).</param>
    public IcarusEngine(string? cacheFolder = null) => CacheFolder = cacheFolder ?? UserFolders.Cache;

    /// <summary>The folder of all caches.</summary>
    public string CacheFolder { get; }

    /// <summary>The longest time for the compilation, and for the answer to one call.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where <c>iverilog</c> and <c>vvp</c> are looked for: folders parted by colons; null: the PATH.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Ends a build that runs, and the waiting for one of another process.</summary>
    public CancellationToken CancellationToken { get; init; }

    private ToolPath Tools => new(SearchPath, TimeLimit, CancellationToken);

    /// <inheritdoc/>
    public string Name => "icarus";

    /// <inheritdoc/>
    public ISimulator Start(SimulationSource source, SimulationOptions options)
    {
        source.Check();
        var bench = Bench(source);
        using var content = new ContentKey();
        content.Add("kind", "icarus 1").Add("icarus", Tools.Version("iverilog")).Add("bench", bench);
        foreach (var file in source.Files)
            content.Add(file.Name, file.Text);
        var powerUp = source.Design is { } design ? PowerUpText.Of(design, $"{BenchName}.{source.Interface.Top}") : null;
        if (powerUp is not null)
            content.Add("values at power-up", powerUp);
        var cache = new BuildCache("icarus", CacheFolder);
        var (entry, _) = CheckedEntry.FindOrMake(cache, content.ToHex(), [ProgramName], folder => Make(folder, source, bench, powerUp), CancellationToken);
        return new IcarusSimulator(Path.Combine(entry, ProgramName), source.Interface, options, Tools);
    }

    private static string Bench(SimulationSource source)
    {
        var description = source.Interface;
        var ports = description.Ports.Select((port, index) => new
        {
            index,
            name = port.Name,
            high = port.Width - 1,
            kind = port.Direction == PortDirection.Input ? "reg " : "wire",
            isInput = port.Direction == PortDirection.Input,
            isClock = description.Clocks.Contains(port.Name, StringComparer.Ordinal),
        }).ToArray();
        var memories = description.Memories.Select((memory, index) => new { index, path = description.Top + "." + memory.Path }).ToArray();
        var widest = description.Ports.Select(port => port.Width).Concat(description.Memories.Select(memory => memory.Width)).Append(64).Max();
        return TextTemplates.Render(BenchTemplate, new
        {
            top = description.Top,
            widestHigh = widest - 1,
            ports,
            inputs = ports.Where(port => port.isInput).ToArray(),
            clocks = ports.Where(port => port.isClock).ToArray(),
            memories,
            powerUp = source.Design is null ? null : PowerUpText.ModuleName,
        });
    }

    private void Make(string folder, SimulationSource source, string bench, string? powerUp)
    {
        // In a folder of their own: a source may have the name of the bench.
        var sources = Directory.CreateDirectory(Path.Combine(folder, "rtl")).FullName;
        foreach (var file in source.Files)
            File.WriteAllText(Path.Combine(sources, file.Name), file.Text);
        File.WriteAllText(Path.Combine(folder, "bench.v"), bench);
        if (powerUp is not null)
            File.WriteAllText(Path.Combine(folder, PowerUpText.FileName), powerUp);
        Tools.RunIn(folder, "iverilog",
        [
            // A design without SystemVerilog files is read as Verilog-2005, so that what is not is found.
            source.Files.Any(file => file.Name.EndsWith(".sv", StringComparison.Ordinal)) ? "-g2012" : "-g2005", "-s", BenchName, .. powerUp is null ? Array.Empty<string>() : ["-s", PowerUpText.ModuleName], "-Irtl", "-o", ProgramName,
            .. source.Files.Where(file => !file.Name.EndsWith(".vh", StringComparison.Ordinal)).Select(file => "rtl/" + file.Name), .. powerUp is null ? Array.Empty<string>() : [PowerUpText.FileName], "bench.v",
        ]);
    }
}
