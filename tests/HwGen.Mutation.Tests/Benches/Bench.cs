using System.Collections.Concurrent;
using HwGen.Mutation.Tests.Equivalents;
using HwGen.Mutation.Tests.Faults;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>A design and the vectors that tell whether it is right.</summary>
internal sealed class Bench
{
    private readonly Func<Design> _elaborate;
    private readonly IReadOnlyList<Func<ISimulator, long>> _vectors;
    private readonly Lazy<Design> _design;
    private readonly Lazy<SimulationSource> _source;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _texts;
    private readonly Lazy<(long Compared, long Cycles)> _sound;
    private readonly ConcurrentDictionary<(string Module, bool Boxed), Lazy<AndInverterGraph?>> _circuits = new();

    /// <param name="name">A word for reports.</param>
    /// <param name="isCore">Whether it is a whole core: faults are drawn from cores.</param>
    /// <param name="elaborate">Makes the design; its modules begin with <c>unit_</c>.</param>
    /// <param name="vectors">Each is run on a simulator of its own, gives how many values it compared, and throws at the first that differs.</param>
    public Bench(string name, bool isCore, Func<Design> elaborate, params IReadOnlyList<Func<ISimulator, long>> vectors)
    {
        (Name, IsCore, _elaborate, _vectors) = (name, isCore, elaborate, vectors);
        _sound = new Lazy<(long, long)>(Check);
        _design = new Lazy<Design>(() => _elaborate());
        _source = new Lazy<SimulationSource>(() => NetlistSource.Of(Design));
        _texts = new Lazy<IReadOnlyDictionary<string, string>>(() => VerilogWriter.Write(Design)
            .Where(file => file.Role.IsForSimulation(twins: true)).ToDictionary(file => Path.GetFileNameWithoutExtension(file.FileName), file => file.Text));
    }

    public string Name { get; }

    public bool IsCore { get; }

    public Design Design => _design.Value;

    /// <summary>The text of each module: modules of one text are one block.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts.Value;

    /// <summary>The design with a fault in a module.</summary>
    public Design With(string module, NodeFault? fault)
    {
        var design = Design;
        return design.Rewrite((graph, modules) =>
        {
            if (graph.Name == module)
            {
                return new FaultyGraph(graph, modules, fault).Run();
            }

            return graph.Instances.All(i => ReferenceEquals(modules[i.Module], i.Module)) ? graph : new FaultyGraph(graph, modules, null).Run();
        });
    }

    /// <summary>Whether it is proved that a fault changes nothing at the outputs of its module, whatever the inputs.</summary>
    /// <param name="module">The faulty module.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="timeLimit">The time for each tool.</param>
    public bool IsEquivalent(string module, NodeFault fault, TimeSpan timeLimit)
    {
        AndInverterGraph? Sound(bool boxed) => _circuits.GetOrAdd((module, boxed), _ => new Lazy<AndInverterGraph?>(() => EquivalentFault.Circuit(Design, module, boxed, timeLimit))).Value;
        return EquivalentFault.IsProved(Sound, With(module, fault), module, fault.MovesWords, timeLimit);
    }

    /// <summary>How many values the vectors compare on the sound design, where all of them pass.</summary>
    public long Compared => _sound.Value.Compared;

    /// <summary>Runs the vectors on a faulty design.</summary>
    /// <returns>What caught the fault; null when nothing did.</returns>
    public string? Catch(Design faulty) => Catch(() => Start(faulty));

    /// <summary>Runs the vectors on simulators of a faulty design.</summary>
    /// <returns>What caught the fault; null when nothing did.</returns>
    public string? Catch(Func<ISimulator> start)
    {
        var limit = (3 * _sound.Value.Cycles) + 100_000;
        foreach (var vectors in _vectors)
        {
            try
            {
                using var simulator = new BoundedSimulator(start(), limit);
                vectors(simulator);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Without the sources at hand, what was expected stands behind a line about them.
                var said = string.Join(' ', e.Message.Split('\n').Where(line => !line.Contains("Shouldly uses your source code", StringComparison.Ordinal)).Select(line => line.Trim()).Where(line => line.Length > 0));
                return said.Length == 0 ? e.GetType().Name : said[..Math.Min(said.Length, 200)];
            }
        }

        return null;
    }

    /// <summary>Runs the vectors on other simulators of the sound design, a simulator each.</summary>
    /// <returns>How many values were compared.</returns>
    public long Run(Func<SimulationSource, ISimulator> start)
    {
        var compared = 0L;
        foreach (var vectors in _vectors)
        {
            using var simulator = start(_source.Value);
            compared += vectors(simulator);
        }

        return compared;
    }

    private (long Compared, long Cycles) Check()
    {
        var (compared, cycles) = (0L, 0L);
        foreach (var vectors in _vectors)
        {
            using var simulator = new BoundedSimulator(Start(Design), long.MaxValue);
            compared += vectors(simulator);
            cycles = Math.Max(cycles, simulator.Cycles);
        }

        return compared > 0 ? (compared, cycles) : throw new InvalidOperationException($"{Name} compares nothing");
    }

    private ISimulator Start(Design design) => new CompiledEngine().Start(_source.Value with { Design = design }, new SimulationOptions { Seed = 5 });
}
