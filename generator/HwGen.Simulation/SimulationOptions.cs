namespace HwGen.Simulation;

/// <summary>How a simulator starts.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// Chooses the values at power-up of registers and memories. Equal seeds give equal values on all engines; where a design is given as text only, on one engine, and Icarus
    /// then leaves such bits unknown.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether <see cref="ISimulator.StartTrace"/> may be called. It costs speed on some engines, and a build of its own.</summary>
    public bool Tracing { get; init; }
}

/// <summary>Makes simulators of designs that are given as Verilog.</summary>
public interface ISimulationEngine
{
    /// <summary>The engine's name, as <see cref="ISimulator.Engine"/>.</summary>
    string Name { get; }

    /// <summary>Builds (or finds built) the design and starts one model of it, its inputs 0.</summary>
    /// <exception cref="ArgumentException">The description is wrong.</exception>
    /// <exception cref="HwGen.Tools.ToolException">A tool is missing, or refused the design; the message has its log.</exception>
    ISimulator Start(SimulationSource source, SimulationOptions options);
}
