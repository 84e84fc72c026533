namespace HwGen.Simulation.Tests;

/// <summary>What engines that run Verilog text must do besides: the design may call system tasks.</summary>
public abstract class TextSimulatorContract : SimulatorContract
{
    [Theory]
    [InlineData(1UL, SimulationStop.Finish)]
    [InlineData(2UL, SimulationStop.Stop)]
    public void A_design_that_ends_itself_is_an_error_of_the_call(ulong how, SimulationStop stop)
    {
        using var simulator = Start(Designs.Ending);
        simulator.Step(7);
        simulator.Poke("how", how);
        var error = Should.Throw<SimulationException>(() => simulator.Step(5));
        error.Stop.ShouldBe(stop);
        error.Message.ShouldContain("ending");
        Should.Throw<SimulationException>(() => simulator.Step()).Stop.ShouldBe(stop);
        simulator.TakeOutput().Contains("finishing at 7").ShouldBe(how == 1);
        using var other = Start(Designs.Ending);
        other.Step(2);
        other.Peek("count").ShouldBe(2UL);
    }
}
