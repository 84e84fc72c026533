using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cim.Tests;

/// <summary>Each block of the similarity unit against its golden definition; the blocks stand in one module, and one text of vectors runs on three engines.</summary>
public class SimilarityBlockTests
{
    private const int Filters = 21, Lanes = 8;

    private static readonly ArrayConfiguration s_configuration = new("unit", 64, 8, Lanes, ArrayConfiguration.AllOperations, WeightBits: 3)
    {
        Similarity = new SimilarityConfiguration(Filters, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances),
    };

    [Theory]
    [InlineData("compiled", 60)]
    [InlineData("verilator", 60)]
    [InlineData("icarus", 6)]
    public void Every_block_follows_its_definition(string engine, int rounds)
    {
        var vectors = new SimilarityBlockVectors(s_configuration);
        var design = Design.Elaborate(vectors.Blocks(), "unit_");
        var source = NetlistSource.Of(design, VerilogWriter.Write(design), twins: engine != "icarus");
        using var simulator = engine switch
        {
            "compiled" => new CompiledEngine().Start(source, new SimulationOptions { Seed = 5 }),
            "verilator" => new VerilatorEngine().Start(source, new SimulationOptions { Seed = 5 }),
            _ => new IcarusEngine().Start(source, new SimulationOptions { Seed = 5 }),
        };
        vectors.Run(simulator, rounds).ShouldBeGreaterThan(rounds * 60);
    }
}
