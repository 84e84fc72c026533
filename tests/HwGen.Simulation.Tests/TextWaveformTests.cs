using HwGen.Simulation.Compiled;

namespace HwGen.Simulation.Tests;

/// <summary>Drawings of recorded values.</summary>
public sealed class TextWaveformTests
{
    [Fact]
    public void Bits_are_levels_and_wider_values_are_written_where_they_change()
    {
        using var simulator = new CompiledEngine().Start(Designs.Counter, new SimulationOptions());
        simulator.Reset();
        simulator.Poke("limit", 2);
        var waveform = new TextWaveform(simulator, "enable", "count", "at_limit");
        waveform.Run(2);
        simulator.Poke("enable", 1);
        waveform.Run(4);
        simulator.Poke("enable", 0);
        waveform.Run(2);
        waveform.ToString().ShouldBe(
            """
            enable    ____########____
            count     00....01020304..
            at_limit  ________##______

            """);
    }

    [Fact]
    public void Nothing_recorded_is_drawn_as_names_alone()
    {
        using var simulator = new CompiledEngine().Start(Designs.Counter, new SimulationOptions());
        new TextWaveform(simulator, "enable", "count").ToString().ShouldBe("enable  \ncount   \n");
        Should.Throw<ArgumentException>(() => new TextWaveform(simulator, "cuont"));
    }
}
