using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Simulates the netlist in process, compiled to IL: each module once, with an offset for each instance. It starts in a fraction of a second and works on
/// whole words.
/// </summary>
public sealed class CompiledEngine : ISimulationEngine
{
    /// <inheritdoc/>
    public string Name => "compiled";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The source has no netlist (see <see cref="NetlistSource"/>), or it has a black box.</exception>
    public ISimulator Start(SimulationSource source, SimulationOptions options)
    {
        source.Check();
        var design = NetlistSource.DesignOf(source);
        var model = DesignCompiler.Compile(design, source.Interface, options);
        return new NetlistSimulator(Name, model, source.Interface, options);
    }
}
