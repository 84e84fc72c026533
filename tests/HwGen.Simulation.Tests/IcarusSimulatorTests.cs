using HwGen.Simulation.Icarus;

namespace HwGen.Simulation.Tests;

/// <summary>The contract, held by the Icarus engine, and what only it does.</summary>
public sealed class IcarusSimulatorTests : TextSimulatorContract
{
    private protected override ISimulationEngine Engine => new IcarusEngine();

    [Fact]
    public void A_register_that_nothing_has_set_reads_as_an_error()
    {
        // As text only: of a netlist, the state at power-up is known.
        using var simulator = Engine.Start(Designs.Counter with { Design = null }, new SimulationOptions());
        var error = Should.Throw<SimulationException>(() => simulator.Peek("count"));
        error.Stop.ShouldBe(SimulationStop.Unknown);
        error.Message.ShouldContain("count has unknown bits: xx");
        simulator.Reset();
        simulator.Peek("count").ShouldBe(0UL);
    }
}
