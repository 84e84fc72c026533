using HwGen.Simulation.Compiled;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Tests;

/// <summary>The contract, held by the compiled engine.</summary>
public sealed class CompiledSimulatorTests : SimulatorContract
{
    private protected override ISimulationEngine Engine => new CompiledEngine();
}

/// <summary>The contract, held by the interpreter.</summary>
public sealed class InterpretedSimulatorTests : SimulatorContract
{
    private protected override ISimulationEngine Engine => new InterpretedEngine();
}
