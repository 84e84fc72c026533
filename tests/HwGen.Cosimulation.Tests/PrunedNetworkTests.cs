using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Cosimulation.Tests;

/// <summary>Networks with filters of zeros: those that nobody needs take no rows, and every value is right, also the constant ones.</summary>
public class PrunedNetworkTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_array = new("pruned", 512, 16, 8, ArrayConfiguration.AllOperations, OperandWords: 4096, ResultWords: 512, InitialWords: 128, LevelWords: 1024, MultiplierBits: 20);

    [Fact]
    public void Networks_with_filters_of_zeros_equal_golden_in_every_channel()
    {
        var core = CoreGenerator.Generate(s_array);
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = 1 });
        int mapped = 0, compacted = 0, filters = 0, narrower = 0;
        long compared = 0;
        for (var seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            var network = Network(random);
            MappedNetwork mapping;
            try
            {
                mapping = Mapper.Map(network, s_array, batch: random.Next(1, 3));
            }
            catch (MappingException)
            {
                continue;
            }

            mapped++;
            var images = RandomNetworks.Images(random, network, 2);
            var what = FormattableString.Invariant($"seed {seed}: {string.Join(", ", network.Layers.Select(layer => FormattableString.Invariant($"{layer.Name} {layer.Kind}({string.Join(' ', layer.Inputs)}) {network[layer.Name].Shape}")))}");
            var interpreted = new NetworkCosimulation(network, mapping.Program, new InterpretedCore(s_array)).Run(images);
            interpreted.FirstMismatches.ShouldBeEmpty("interpreter, " + what);
            interpreted.IsEqual.ShouldBeTrue("interpreter, " + what);
            var report = new NetworkCosimulation(network, mapping.Program, simulator).Run(images);
            report.FirstMismatches.ShouldBeEmpty(what);
            report.CounterMismatches.ShouldBeEmpty(what);
            report.IsEqual.ShouldBeTrue(what);

            // The whole map is compared, channels that are nowhere in the core included.
            report.Compared.ShouldBe(2 * mapping.Program.Stages.Sum(stage => network[stage.Name].Shape.Count));
            compared += report.Compared;
            compacted += mapping.Program.Stages.Any(stage => !stage.Constants.IsEmpty) ? 1 : 0;
            filters += mapping.Layers.Sum(layer => layer.ConstantFilters);
            narrower += mapping.Program.Stages.Any(stage => stage.Output is { } map && map.Planes < FeatureTensorPlanes(network[stage.Name])) ? 1 : 0;

            // The files say it too, and belong to the network.
            ProgramCheck.Run(mapping.Program, network, "program.json");
        }

        output.WriteLine(FormattableString.Invariant($"{mapped} networks, {compacted} with channels left out, {filters} filters in all, {narrower} with maps of fewer planes, {compared} values compared"));
        mapped.ShouldBeGreaterThan(100);
        compacted.ShouldBeGreaterThan(60);
    }

    [Fact]
    public void A_wrong_constant_of_a_program_is_found()
    {
        var seed = Enumerable.Range(0, 100).First(seed => Mapper.Map(Network(new Random(seed)), s_array).Program.Stages.Any(stage => !stage.Constants.IsEmpty));
        var network = Network(new Random(seed));
        var program = Mapper.Map(network, s_array).Program;
        var at = program.Stages.ToList().FindIndex(stage => !stage.Constants.IsEmpty);
        var constant = program.Stages[at].Constants[0];
        var wrong = program with { Stages = program.Stages.SetItem(at, program.Stages[at] with { Constants = program.Stages[at].Constants.SetItem(0, constant with { Value = constant.Value + 1 }) }) };
        var report = new NetworkCosimulation(network, wrong, new InterpretedCore(s_array)).Run(RandomNetworks.Images(new Random(1), network, 1));
        report.Mismatches.ShouldBe(network[program.Stages[at].Name].Shape.Count / (program.Stages[at].Channels.Length + program.Stages[at].Constants.Length));
        report.FirstMismatches[0].ShouldBe(report.FirstMismatches[0] with { Layer = program.Stages[at].Name, Channel = constant.Channel, Expected = constant.Value, Actual = constant.Value + 1 });
    }

    private static int FeatureTensorPlanes(FeatureMap map) => map.Format.Kind == NumberKind.Bipolar ? 1 : NumberFormat.Smallest(map.Range).Bits;

    /// <summary>Weighted layers with functions and pools between them, a residual sum and a join now and then; a third of the filters are zeros.</summary>
    private static QuantisedNetwork Network(Random random)
    {
        var input = new NetworkInput("pixels", new TensorShape(random.Next(1, 4), 6, 6), random.Next(2) == 0 ? PixelRule.Unsigned8 : PixelRule.BipolarAt());
        var layers = new List<Layer>();
        var previous = "pixels";
        FeatureMap Map(string name) => name == "pixels" ? new FeatureMap(input.Shape, input.Rule.Format, input.Rule.Range) : QuantisedNetwork.Create("part", input, layers)[name];
        string Add(Layer layer)
        {
            layers.Add(layer);
            return previous = layer.Name;
        }

        var blocks = random.Next(1, 4);
        for (var block = 0; block < blocks; block++)
        {
            var map = Map(previous);
            var filters = random.Next(3, 21);
            if (block > 0 && random.Next(5) == 0)
            {
                filters = map.Shape.Channels;
                Add(new ConvolutionLayer(FormattableString.Invariant($"depthwise{block}"), previous, Weights(random, filters, 1, 3)) { Groups = filters, Padding = Padding.Same(random.Next(2)), Biases = Biases(random, filters) });
            }
            else
            {
                Add(new ConvolutionLayer(FormattableString.Invariant($"convolution{block}"), previous, Weights(random, filters, map.Shape.Channels, random.Next(1, 4))) { Padding = Padding.Same(random.Next(2)), Biases = Biases(random, filters) });
            }

            var before = previous;
            var function = Function(random, FormattableString.Invariant($"function{block}"), before, Map(before));
            Add(function);
            switch (random.Next(5))
            {
                case 0 when Map(previous).Shape.Height > 1:
                    Add(new MaxPoolLayer(FormattableString.Invariant($"pool{block}"), previous, 2, 2));
                    break;
                case 1:
                    Add(new ConcatenateLayer(FormattableString.Invariant($"join{block}"), [previous, previous]));
                    break;
                case 2 when function is RequantiseLayer:
                    Add(new AddLayer(FormattableString.Invariant($"sum{block}"), previous, previous, NumberFormat.TwosComplement(5)));
                    break;
                default:
                    break;
            }
        }

        if (random.Next(2) == 0)
        {
            Add(new FlattenLayer("flat", previous));
        }

        var inputs = (int)Map(previous).Shape.Count;
        Add(new DenseLayer("hidden", previous, Weights(random, 12, inputs, 1)) { Biases = Biases(random, 12) });
        Add(Function(random, "bits", previous, Map(previous)));
        Add(new DenseLayer("logits", previous, Weights(random, 5, 12, 1)) { Biases = Biases(random, 5) });
        return QuantisedNetwork.Create("pruned", input, layers);
    }

    private static Layer Function(Random random, string name, string input, FeatureMap map)
    {
        var channels = map.Shape.Channels;
        if (random.Next(2) == 0)
        {
            return new ThresholdLayer(name, input, [.. Enumerable.Range(0, channels).Select(_ => Math.Clamp(random.Next(-20, 21), map.Range.Minimum, map.Range.Maximum + 1))], [.. Enumerable.Range(0, channels).Select(_ => random.Next(3) == 0)])
            {
                Output = random.Next(2) == 0 ? NumberFormat.Bipolar : NumberFormat.Unsigned(1),
            };
        }

        return new RequantiseLayer(name, input, [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(1, 60))], [6], random.Next(2) == 0 ? NumberFormat.Unsigned(4) : NumberFormat.TwosComplement(4)) { ZeroPoint = random.Next(3) == 0 ? 1 : 0 };
    }

    private static ImmutableArray<long> Biases(Random random, int filters) => random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, filters).Select(_ => random.NextInt64(-20, 21))];

    private static WeightTensor Weights(Random random, int filters, int channels, int kernel)
    {
        var format = random.Next(3) switch { 0 => NumberFormat.Ternary, 1 => NumberFormat.TwosComplement(3), _ => NumberFormat.Unsigned(2) };
        var zeros = Enumerable.Range(0, filters).Select(_ => random.Next(3) == 0).ToArray();
        return new WeightTensor(format, filters, channels, kernel, kernel, [.. Enumerable.Range(0, filters * channels * kernel * kernel).Select(i =>
            zeros[i / (channels * kernel * kernel)] ? 0 : (int)random.NextInt64(format.Range.Minimum, format.Range.Maximum + 1))]);
    }
}
