using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Cim;
using HwGen.Golden;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;
using Xunit.Abstractions;

namespace HwGen.Cosimulation.Tests;

/// <summary>Networks on cores with a bus: layer by layer against golden, and as one program that the core runs by itself; the host is late at random.</summary>
public class BusNetworkTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_layer_of_random_networks_equals_golden_over_the_bus()
    {
        var (networks, compared) = (0, 0L);
        for (var seed = 0; seed < 6; seed++)
        {
            var configuration = Array(seed);
            using var simulator = Start(configuration, "compiled", seed);
            for (var i = 0; i < 6; i++)
            {
                var random = new Random((seed * 100) + i);
                var network = RandomNetworks.Network(random);
                if (Map(network, configuration) is not { } program)
                {
                    continue;
                }

                networks++;
                var report = new NetworkCosimulation(network, program, new BusDriver(simulator, configuration, i == 0 ? seed : null)).Run(RandomNetworks.Images(random, network, 1));
                report.FirstMismatches.ShouldBeEmpty();
                report.CounterMismatches.ShouldBeEmpty();
                report.IsEqual.ShouldBeTrue();
                compared += report.Compared;
            }
        }

        networks.ShouldBeGreaterThan(20);
        compared.ShouldBeGreaterThan(networks * 5);
        output.WriteLine(FormattableString.Invariant($"{networks} networks over the bus: {compared} values compared, 0 differ"));
    }

    internal static ArrayConfiguration Array(int seed)
    {
        var random = new Random(seed);
        var array = RandomNetworks.Array(random);
        while (array.TotalLanes > 48)
        {
            array = RandomNetworks.Array(random);
        }

        return array with { Storage = array.Storage == StorageKind.Rram ? StorageKind.FlipFlop : array.Storage, SpareRows = 0, Bus = BusKind.Axi, ProgramWords = 1024, Keys = array.Keys == KeyStoreKind.Sparse ? KeyStoreKind.None : array.Keys };
    }

    internal static Architecture.Program.CoreProgram? Map(QuantisedNetwork network, ArrayConfiguration configuration)
    {
        try
        {
            return Mapper.Map(network, configuration).Program;
        }
        catch (MappingException)
        {
            return null;
        }
    }

    internal static ISimulator Start(ArrayConfiguration configuration, string engine, int seed)
    {
        var core = CoreGenerator.Generate(configuration);
        var options = new SimulationOptions { Seed = seed + 1 };
        return engine switch
        {
            "compiled" => new CompiledEngine().Start(NetlistSource.Of(core.Design), options),
            "verilator" => new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(NetlistSource.Of(core.Design, core.Files), options),
            _ => new IcarusEngine().Start(NetlistSource.Of(core.Design, core.Files, twins: false), options),
        };
    }
}
