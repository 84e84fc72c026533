using HwGen.Architecture.Configuration;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;

namespace HwGen.Cosimulation.Tests;

/// <summary>A random network on an array, and its run on a simulated core: every value, cycle and row activation is what golden and the mapper say.</summary>
internal sealed record NetworkCase(ArrayConfiguration Configuration, QuantisedNetwork Network, MappedNetwork Mapping, ImageSet Images)
{
    /// <summary>What stands in messages for the network.</summary>
    public string Description => FormattableString.Invariant(
        $"{Configuration}: {string.Join(", ", Network.Layers.Select(layer => FormattableString.Invariant($"{layer.Name} {layer.Kind}({string.Join(' ', layer.Inputs)}) {Network[layer.Name].Shape} {Network[layer.Name].Format}")))}");

    /// <summary>Draws a network.</summary>
    /// <param name="configuration">The core.</param>
    /// <param name="random">What it is drawn from.</param>
    /// <param name="images">How many images are run.</param>
    /// <param name="draw">Draws the network, which is mapped as it takes the fewest cycles; null for one of any layers, mapped in one way or the other.</param>
    /// <exception cref="MappingException">It does not fit the array: too few words, too many planes; refused by name, not mapped wrongly.</exception>
    public static NetworkCase Draw(ArrayConfiguration configuration, Random random, int images, Func<Random, QuantisedNetwork>? draw = null)
    {
        var network = draw is null ? RandomNetworks.Network(random) : draw(random);
        var mapping = Mapper.Map(network, configuration, batch: random.Next(1, 3), packing: draw is null ? (InputPacking)random.Next(2) : InputPacking.Fewest);
        return new NetworkCase(configuration, network, mapping, RandomNetworks.Images(random, network, images));
    }

    /// <summary>Runs the network on a core.</summary>
    public CosimulationReport Check(ISimulator simulator, string what) => Check(new NetworkCosimulation(Network, Mapping.Program, simulator), what);

    /// <summary>Runs the network on a core that has a host.</summary>
    public CosimulationReport Check(ICoreModel core, string what) => Check(new NetworkCosimulation(Network, Mapping.Program, core), what);

    /// <summary>Runs the network by the interpreter of programs.</summary>
    public CosimulationReport Interpret(string what) => Check(new NetworkCosimulation(Network, Mapping.Program, new InterpretedCore(Configuration)), "interpreter, " + what);

    private CosimulationReport Check(NetworkCosimulation cosimulation, string what)
    {
        var report = cosimulation.Run(Images);
        report.FirstMismatches.ShouldBeEmpty(what);
        report.CounterMismatches.ShouldBeEmpty(what);
        report.IsEqual.ShouldBeTrue(what);
        return report;
    }
}
