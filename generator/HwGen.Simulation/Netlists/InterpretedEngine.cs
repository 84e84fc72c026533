namespace HwGen.Simulation.Netlists;

/// <summary>
/// Simulates the netlist by the definitions of its nodes, one node at a time with arbitrary precision: the reference of the compiled
/// engine. It is slow, and meant to be obviously right.
/// </summary>
public sealed class InterpretedEngine : ISimulationEngine
{
    /// <inheritdoc/>
    public string Name => "interpreted";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The source has no netlist (see <see cref="NetlistSource"/>), or it has a black box.</exception>
    public ISimulator Start(SimulationSource source, SimulationOptions options)
    {
        source.Check();
        var design = NetlistSource.DesignOf(source);
        return new NetlistSimulator(Name, new InterpretedModel(design, source.Interface, options.Seed), source.Interface, options);
    }
}
