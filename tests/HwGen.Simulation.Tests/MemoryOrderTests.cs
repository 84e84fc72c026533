using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;
using HwGen.Simulation.Verilator;

namespace HwGen.Simulation.Tests;

public class MemoryOrderTests
{
    /// <summary>A memory that two ports write in one cycle.</summary>
    private sealed class TwoWriters : Module
    {
        public Output Word { get; } = new(8);

        public Input Address { get; } = new(2);

        public Input Earlier { get; } = new(8);

        public Input Later { get; } = new(8);

        protected override void Build()
        {
            Memory(out var words, 4, 8);
            words.Write(Constant(1, 1), Address, Earlier);
            words.Write(Constant(1, 1), Address, Later);
            Word.Drive(words.Read(Address));
        }
    }

    [Theory]
    [InlineData("interpreted")]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void Of_two_writes_of_one_word_in_one_cycle_the_later_port_wins(string engine)
    {
        var design = Design.Elaborate(new TwoWriters());
        ISimulationEngine simulation = engine switch
        {
            "interpreted" => new InterpretedEngine(),
            "compiled" => new CompiledEngine(),
            "verilator" => new VerilatorEngine(),
            _ => new IcarusEngine(),
        };
        using var simulator = simulation.Start(NetlistSource.Of(design), new SimulationOptions());
        for (var address = 0UL; address < 4; address++)
        {
            simulator.Poke("address", address);
            simulator.Poke("earlier", 0x11);
            simulator.Poke("later", 0x20 + address);
            simulator.Step();
            simulator.Peek("word").ShouldBe(0x20 + address);
        }
    }
}
