using HwGen.Netlist;
using HwGen.Simulation.Compiled;

namespace HwGen.Simulation.Tests;

public sealed class DumpTextTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"hwgen-dump-{Guid.NewGuid():N}.vcd");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_last_cycles_are_drawn_as_the_rising_edges_find_them()
    {
        using (var simulator = new CompiledEngine().Start(NetlistSource.Of(Design.Elaborate(new Counter())), new SimulationOptions { Tracing = true }))
        {
            simulator.Reset();
            simulator.Poke("limit", 13);
            simulator.StartTrace(_path);
            simulator.Step(9);
            simulator.Poke("enable", 1);
            simulator.Step(15);
            simulator.StopTrace();
        }

        // Edges 20 to 24 find 10 to 14; what never changes is left out.
        DumpText.Draw(ValueChangeDump.Read(_path), "counter", "clock", 5).ShouldBe(
            """
            count     a b c d e 
            at_limit  ______##__

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_dump_that_is_cut_is_an_error()
    {
        File.WriteAllText(_path, "$scope module a $end\n$var wire 1");
        Should.Throw<FormatException>(() => ValueChangeDump.Read(_path)).Message.ShouldContain("in the middle");
    }
}
