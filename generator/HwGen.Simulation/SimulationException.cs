using HwGen.Tools;

namespace HwGen.Simulation;

/// <summary>Why a simulation cannot go on.</summary>
public enum SimulationStop
{
    /// <summary>The design called <c>$finish</c>.</summary>
    Finish,

    /// <summary>The design called <c>$stop</c>, or an assertion or <c>$error</c> failed.</summary>
    Stop,

    /// <summary>The design called <c>$fatal</c>, or the engine found its own state impossible.</summary>
    Fatal,

    /// <summary>A value was read that has unknown bits.</summary>
    Unknown,

    /// <summary>The engine did not answer within its time limit, or its process ended.</summary>
    EngineLost,
}

/// <summary>The simulation came to an end that the test did not ask for.</summary>
/// <param name="stop">What ended it.</param>
/// <param name="message">What, and where in the design.</param>
public sealed class SimulationException(SimulationStop stop, string message) : RunException(message)
{
    /// <summary>What ended it.</summary>
    public SimulationStop Stop { get; } = stop;

    /// <inheritdoc/>
    public override ExitCode ExitCode => Stop == SimulationStop.EngineLost ? ExitCode.ToolFailed : ExitCode.Differs;
}
