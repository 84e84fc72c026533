using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Cosimulation.Tests;

/// <summary>Random descriptors on random arrays: the core does what the interpreter of programs says.</summary>
public class RandomLayerTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Descriptors_that_no_mapper_writes_mean_what_the_interpreter_says()
    {
        var compared = 0L;
        var cores = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 200 : 8;
        for (var seed = 0; seed < cores; seed++)
        {
            var configuration = RandomNetworks.Array(new Random(seed)) with { OperandWords = 512, ResultWords = 256, OperandSkipping = false };
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = seed + 1 });
            var noisy = new NoisySimulator(simulator, seed);
            compared += RandomLayers.Check(new CoreDriver(noisy, configuration), configuration, seed, 30, () => HostVectors.Reset(noisy));
        }

        output.WriteLine(FormattableString.Invariant($"{cores} cores, {compared} words compared, 0 differ"));
        compared.ShouldBeGreaterThan(cores * 10_000);
    }

    [Fact]
    public void Layers_of_windows_that_are_packed_densely_mean_what_the_interpreter_says()
    {
        var (compared, packed) = (0L, 0);
        var cores = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 200 : 8;
        for (var seed = 0; seed < cores; seed++)
        {
            var configuration = RandomNetworks.Array(new Random(seed + 300)) with { OperandWords = 512, ResultWords = 256, OperandSkipping = false, WindowWords = 64 << (seed % 3) };
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = seed + 1 });
            var noisy = new NoisySimulator(simulator, seed);
            compared += RandomLayers.Check(new CoreDriver(noisy, configuration), configuration, seed, 40, () => HostVectors.Reset(noisy), drawn: layer => packed += layer.PacksWindows ? 1 : 0);
        }

        output.WriteLine(FormattableString.Invariant($"{cores} cores, {packed} layers of windows packed densely, {compared} words compared, 0 differ"));
        packed.ShouldBeGreaterThan(cores * 8);
        compared.ShouldBeGreaterThan(cores * 10_000);
    }

    [Fact]
    public void The_longest_loops_and_waits_are_as_long_as_they_say()
    {
        var configuration = new ArrayConfiguration("waits", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0);
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = 2 });
        RandomLayers.CheckWaits(new CoreDriver(simulator, configuration), configuration, 3).ShouldBe(3 * 32);
        RandomLayers.CheckLoops(new CoreDriver(simulator, configuration), configuration).ShouldBe(14);
        RandomLayers.CheckFieldsBehindReset(simulator, configuration).ShouldBe(24);

        var packs = configuration with { WindowWords = 16 };
        using var other = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(packs).Design), new SimulationOptions { Seed = 2 });
        RandomLayers.CheckLoops(new CoreDriver(other, packs), packs).ShouldBe(14 + 8);
    }
}
