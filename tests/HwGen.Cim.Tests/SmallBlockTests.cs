using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Simulation;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>Small blocks by themselves, on three engines.</summary>
public class SmallBlockTests(ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_configuration =
        new("unit", 24, 13, 4, ArrayConfiguration.AllOperations, OperandWords: 128, ResultWords: 32, InitialWords: 16, LargestFanIn: 64, InputBits: 5, WeightBits: 4, LevelWords: 32, MultiplierBits: 0) { Macros = 3, WindowWords = 64 };

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void Values_are_added_pair_by_pair(string engine) => Run(new SumTree(11, 6), engine, simulator => SmallBlockVectors.Sums(simulator, 11, 6), 150);

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void The_lowest_counts_are_those_that_sorting_finds(string engine) => Run(new LowestCounts(13), engine, simulator => SmallBlockVectors.LowestCounts(simulator, 13), 1000);

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void Macros_are_joined_filter_by_filter(string engine) => Run(new MacroJoin(s_configuration), engine, simulator => SmallBlockVectors.Joins(simulator, s_configuration), 1000);

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void A_window_memory_keeps_what_its_ports_say(string engine) => Run(new WindowMemory(s_configuration), engine, simulator => SmallBlockVectors.Windows(simulator, s_configuration), 1000);

    [Theory]
    [InlineData("compiled", 200)]
    [InlineData("verilator", 200)]
    [InlineData("icarus", 20)]
    public void Values_are_packed_plane_by_plane(string engine, int layers) => Run(new PlanePacker(s_configuration), engine, simulator => new PlanePackerVectors(simulator, s_configuration).Run(layers), 10 * layers);

    [Theory]
    [InlineData("compiled", 200)]
    [InlineData("verilator", 200)]
    [InlineData("icarus", 20)]
    public void Bits_of_tiles_are_pooled_and_packed(string engine, int layers) => Run(new ResultUnit(s_configuration), engine, simulator => new ResultUnitVectors(simulator, s_configuration).Run(layers), 10 * layers);

    [Theory]
    [InlineData("compiled", 300)]
    [InlineData("verilator", 300)]
    [InlineData("icarus", 30)]
    public void Sums_are_moved_bounded_and_pooled(string engine, int outputs) => Run(new ValueUnit(s_configuration), engine, simulator => new ValueUnitVectors(simulator, s_configuration).Run(outputs), 10 * outputs);

    private void Run(Module block, string engine, Func<ISimulator, int> vectors, int least)
    {
        using var simulator = UnitSimulator.Start(block, engine);
        var compared = vectors(simulator);
        output.WriteLine(FormattableString.Invariant($"{engine}: {compared} values compared, 0 differ"));
        compared.ShouldBeGreaterThan(least);
    }
}
