using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Random networks on random arrays: golden ≡ interpreter ≡ hardware and predicted ≡ counted cycles and row activations, with random power-up values.
/// <c>HWGEN_FULL=1</c> draws many more.
/// </summary>
public class RandomNetworkTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Every_layer_of_random_networks_on_random_arrays_equals_golden()
    {
        var count = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 2000 : 60;
        long compared = 0;
        int mapped = 0, reloaded = 0, inParts = 0, folded = 0, preloaded = 0, levelled = 0, planes = 0;
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var configuration = RandomNetworks.Array(random);
            var network = RandomNetworks.Network(random);
            MappedNetwork mapping;
            try
            {
                mapping = Mapper.Map(network, configuration);
            }
            catch (MappingException)
            {
                // A filter of several positions that does not fit, or too few words: refused by name, not mapped wrongly.
                continue;
            }

            mapped++;
            reloaded += mapping.IsResident ? 0 : 1;
            var passes = mapping.Program.Stages.SelectMany(s => s.Passes).ToList();
            inParts += passes.Any(p => p.Descriptor.Control.HasFlag(Architecture.Program.ControlBits.HoldAccumulators)) ? 1 : 0;
            folded += passes.Any(p => p.Descriptor[Architecture.Program.DescriptorField.Folds] > 0) ? 1 : 0;
            preloaded += passes.Any(p => p.Descriptor[Architecture.Program.DescriptorField.PreloadCycles] > 0) ? 1 : 0;
            levelled += passes.Any(p => p.Descriptor.Control.HasFlag(Architecture.Program.ControlBits.LevelOutput)) ? 1 : 0;
            planes += passes.Any(p => p.Descriptor[Architecture.Program.DescriptorField.WeightPlanes] > 1) ? 1 : 0;
            var core = CoreGenerator.Generate(configuration);
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = seed + 1 });
            var images = RandomNetworks.Images(random, network, 2);
            var interpreted = new NetworkCosimulation(network, mapping.Program, new InterpretedCore(configuration)).Run(images);
            interpreted.FirstMismatches.ShouldBeEmpty($"interpreter, seed {seed}, {configuration}");
            interpreted.IsEqual.ShouldBeTrue($"interpreter, seed {seed}");
            var report = new NetworkCosimulation(network, mapping.Program, simulator).Run(images);
            report.FirstMismatches.ShouldBeEmpty($"seed {seed}, {configuration}");
            report.CounterMismatches.ShouldBeEmpty($"seed {seed}, {configuration}");
            report.IsEqual.ShouldBeTrue($"seed {seed}");
            report.Compared.ShouldBe(interpreted.Compared);
            report.Counted.RowActivations.ShouldBe(interpreted.Counted.RowActivations);
            compared += report.Compared;
        }

        output.WriteLine(FormattableString.Invariant($"{mapped} of {count} networks mapped: {compared} values compared; {reloaded} reloaded, {inParts} in parts, {folded} folded, {preloaded} preloaded, {levelled} with levels, {planes} with weight planes"));

        // The draw must reach what it is for.
        mapped.ShouldBeGreaterThan(count / 3);
        compared.ShouldBeGreaterThan(count * 10);
        foreach (var reached in new[] { reloaded, inParts, folded, preloaded, levelled, planes })
        {
            reached.ShouldBeGreaterThan(0);
        }
    }
}
