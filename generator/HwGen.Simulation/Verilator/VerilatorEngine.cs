using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>
/// Simulates the emitted Verilog by Verilator: compiled to C++, built into a shared library and called in process. Builds are
/// kept by the content of the sources, the options and the versions of the tools.
/// </summary>
/// <remarks>A library stays loaded until the process ends: unloading C++ libraries is not safe.</remarks>
public sealed class VerilatorEngine : ISimulationEngine
{
    /// <summary>Makes the engine with its builds in a folder.</summary>
    /// <param name="cacheFolder">Where builds are kept; null: the user's (<see cref="UserFolders.Cache"/>).</param>
    public VerilatorEngine(string? cacheFolder = null) => CacheFolder = cacheFolder ?? UserFolders.Cache;

    /// <summary>Where builds are kept.</summary>
    public string CacheFolder { get; }

    /// <summary>The longest time for one run of Verilator or of the compiler.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Where Verilator and the compiler are looked for: folders parted by colons; null: the PATH.</summary>
    public string? SearchPath { get; init; }

    /// <summary>More options for Verilator, <c>--coverage</c> for example. They are part of the key of a build.</summary>
    public IReadOnlyList<string> VerilatorOptions { get; init; } = [];

    /// <summary>
    /// A folder into which each simulator writes, when it is disposed of, which lines and which bits of the Verilog it has met: a file of its own, in Verilator's form. Null for none. It costs speed, and a
    /// build of its own.
    /// </summary>
    public string? CoverageFolder { get; init; }

    /// <summary>Options for the C++ compiler. They are part of the key of a build.</summary>
    public IReadOnlyList<string> CompilerOptions { get; init; } = ["-O3"];

    /// <inheritdoc/>
    public string Name => "verilator";

    /// <summary>How the last <see cref="Start"/> of this engine got its library.</summary>
    public VerilatorBuildReport? LastBuild { get; private set; }

    /// <summary>Ends a build that runs, and the waiting for one of another process.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal ToolPath Tools => new(SearchPath, TimeLimit, CancellationToken);

    /// <inheritdoc/>
    public ISimulator Start(SimulationSource source, SimulationOptions options)
    {
        source.Check();
        var build = new VerilatorBuild(this, source, options.Tracing);
        LastBuild = build.FindOrMake();
        var library = VerilatorLibrary.Load(LastBuild.LibraryFile);
        return new VerilatorSimulator(library, source.Interface, options, CoverageFolder);
    }
}

/// <summary>How a build went.</summary>
/// <param name="LibraryFile">The shared library.</param>
/// <param name="Built">False when it was found in the cache.</param>
/// <param name="Elapsed">The time to find or build it.</param>
public sealed record VerilatorBuildReport(string LibraryFile, bool Built, TimeSpan Elapsed);
