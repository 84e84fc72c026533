using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cim.Tests;

/// <summary>One block on one of the three engines; Icarus reads what synthesis reads.</summary>
internal static class UnitSimulator
{
    public static ISimulator Start(Module module, string engine)
    {
        var design = Design.Elaborate(module, "unit_");
        var files = VerilogWriter.Write(design);
        return engine switch
        {
            "compiled" => new CompiledEngine().Start(NetlistSource.Of(design), new SimulationOptions { Seed = 5 }),
            "verilator" => new VerilatorEngine().Start(NetlistSource.Of(design, files), new SimulationOptions { Seed = 5 }),
            _ => new IcarusEngine().Start(NetlistSource.Of(design, files, twins: false), new SimulationOptions { Seed = 5 }),
        };
    }

    /// <summary>Bits as words, the first bit in the lowest place.</summary>
    public static ulong[] Words(bool[] bits)
    {
        var words = new ulong[((bits.Length - 1) / 64) + 1];
        for (var i = 0; i < bits.Length; i++)
        {
            words[i / 64] |= bits[i] ? 1UL << (i % 64) : 0;
        }

        return words;
    }
}
