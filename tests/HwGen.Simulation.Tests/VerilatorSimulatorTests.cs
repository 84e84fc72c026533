using HwGen.Simulation.Verilator;

namespace HwGen.Simulation.Tests;

/// <summary>The contract, held by the Verilator engine.</summary>
public sealed class VerilatorSimulatorTests : TextSimulatorContract
{
    private protected override ISimulationEngine Engine => new VerilatorEngine();
}
