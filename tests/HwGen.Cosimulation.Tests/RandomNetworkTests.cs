using System.Numerics;
using System.Text.RegularExpressions;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Random networks on random arrays: golden ≡ interpreter ≡ hardware and predicted ≡ counted cycles and row activations, with random power-up values.
/// <c>HWGEN_FULL=1</c> draws 5,000, and 500 on Verilator.
/// </summary>
public partial class RandomNetworkTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int NetworksOfAnArray = 25, ImagesOfANetwork = 3;

    private static bool IsFull => Environment.GetEnvironmentVariable("HWGEN_FULL") == "1";

    /// <summary>The first array and how many: 14, or in parts that can be run one by one 200, which with 25 networks each are 5,000.</summary>
    public static TheoryData<int, int> Arrays => IsFull ? Parts(8, 25) : Parts(1, 14);

    /// <summary>Arrays for Verilator.</summary>
    public static TheoryData<int, int> VerilatorArrays => IsFull ? Parts(2, 10) : Parts(1, 3);

    private static TheoryData<int, int> Parts(int parts, int arrays)
    {
        var data = new TheoryData<int, int>();
        for (var part = 0; part < parts; part++)
        {
            data.Add(part * arrays, arrays);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Every_layer_of_random_networks_on_random_arrays_equals_golden(int firstArray, int arrays) => OnTheCompiledEngine(firstArray, arrays);

    [Theory]
    [MemberData(nameof(VerilatorArrays))]
    public void Some_of_them_equal_golden_on_the_emitted_Verilog_too(int firstArray, int arrays) => OnVerilator(1000 + firstArray, arrays);

    [Fact]
    public void An_image_is_not_put_aside_while_the_core_holds_the_greatest_value_so_far()
    {
        // Filters longer than the array: each takes passes that only sum, between those that make values of an argmax.
        var random = new Random(1);
        var input = new NetworkInput("pixels", TensorShape.Flat(40), PixelRule.Unsigned8);
        var weights = WeightTensor.Dense(NumberFormat.TwosComplement(4), 12, 40, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 480).Select(_ => random.Next(-8, 8))]);
        var network = QuantisedNetwork.Create("greatest", input, [new DenseLayer("sums", "pixels", weights), new ArgmaxLayer("greatest", "sums"), new RequantiseLayer("twice", "greatest", [2], [0], NumberFormat.Unsigned(8))]);
        var array = new ArrayConfiguration("short", 32, 4, 4, ArrayConfiguration.AllOperations);
        var mapping = Mapper.Map(network, array, batch: 3);
        mapping.Program.Stages.Sum(stage => stage.Passes.Count(pass => pass.Descriptor.Control.HasFlag(ControlBits.HoldAccumulators))).ShouldBeGreaterThan(3);
        var report = new NetworkCosimulation(network, mapping.Program, new InterpretedCore(array)).Run(RandomNetworks.Images(random, network, 6));
        report.FirstMismatches.ShouldBeEmpty();
        report.IsEqual.ShouldBeTrue();
    }

    private void OnTheCompiledEngine(int firstArray, int arrays)
    {
        var tally = new Tally();
        for (var seed = firstArray; seed < firstArray + arrays; seed++)
        {
            var configuration = RandomNetworks.Array(new Random(seed));
            var core = CoreGenerator.Generate(configuration);
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = seed + 1 });
            for (var i = 0; i < NetworksOfAnArray; i++)
            {
                // What the networks before left behind is there: no network may depend on it.
                tally.Run(configuration, simulator, new Random((seed * 1000) + i), FormattableString.Invariant($"seed {seed}, network {i}"));
            }
        }

        output.WriteLine(tally.ToString());

        // The draw must reach what it is for.
        tally.Networks.ShouldBe(arrays * NetworksOfAnArray);
        tally.Mapped.ShouldBeGreaterThan(tally.Networks * 3 / 4);
        tally.Compared.ShouldBeGreaterThan(tally.Networks * 10);
        foreach (var (feature, count) in tally.Features)
        {
            count.ShouldBeGreaterThan(0, feature);
        }
    }

    private void OnVerilator(int firstArray, int arrays)
    {
        var tally = new Tally();
        for (var seed = firstArray; seed < firstArray + arrays; seed++)
        {
            var random = new Random(seed);
            var configuration = RandomNetworks.Array(random);
            while (configuration.Lanes > 32)
            {
                configuration = RandomNetworks.Array(random);
            }

            var core = CoreGenerator.Generate(configuration);
            // Few cycles are run: a quick compilation is worth more than a quick model.
            using var simulator = new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(NetlistSource.Of(core.Design, core.Files), new SimulationOptions { Seed = seed });
            for (var i = 0; i < NetworksOfAnArray; i++)
            {
                tally.Run(configuration, simulator, new Random((seed * 1000) + i), FormattableString.Invariant($"seed {seed}, network {i}"));
            }
        }

        output.WriteLine(tally.ToString());
        tally.Mapped.ShouldBeGreaterThan(tally.Networks * 3 / 4);
        tally.Compared.ShouldBeGreaterThan(tally.Networks * 10);
    }

    /// <summary>What the networks of a run reached.</summary>
    internal sealed partial class Tally
    {
        private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);

        public int Networks { get; private set; }

        public int Mapped { get; private set; }

        public long Compared { get; private set; }

        public SortedDictionary<string, int> Features { get; } = new(StringComparer.Ordinal);

        public void Run(ArrayConfiguration configuration, ISimulator simulator, Random random, string what, Func<Random, QuantisedNetwork>? draw = null) =>
            Run(configuration, () => CoreModels.Of(simulator, configuration), random, what, draw);

        /// <summary>Runs a network on a core; it is asked for when a network fits.</summary>
        public void Run(ArrayConfiguration configuration, Func<ICoreModel> core, Random random, string what, Func<Random, QuantisedNetwork>? draw = null)
        {
            Networks++;
            NetworkCase drawn;
            try
            {
                // Three images: a batch of two, and one alone.
                drawn = NetworkCase.Draw(configuration, random, ImagesOfANetwork, draw);
            }
            catch (MappingException e)
            {
                var reason = Numbers().Replace(e.Message[(e.Message.IndexOf(':', StringComparison.Ordinal) + 2)..], "#");
                _refusals[reason] = _refusals.GetValueOrDefault(reason) + 1;
                return;
            }

            Mapped++;
            Count(drawn.Network, drawn.Mapping);
            var details = $"{what}, {drawn.Description}";
            var interpreted = drawn.Interpret(details);
            var report = drawn.Check(core(), details);
            report.Compared.ShouldBe(interpreted.Compared);
            report.Counted.ShouldBe(interpreted.Counted with { ZeroOperands = 0 });
            Features["with skipped operands"] = Features.GetValueOrDefault("with skipped operands") + (report.Counted.SkippedOperands > 0 ? 1 : 0);
            Compared += report.Compared;
        }

        public override string ToString() => FormattableString.Invariant(
            $"{Networks} networks, {Mapped} mapped, {Compared} values compared, 0 differ; {string.Join(", ", Features.Select(f => FormattableString.Invariant($"{f.Value} {f.Key}")))}; refused: {string.Join("; ", _refusals.OrderByDescending(r => r.Value).Select(r => FormattableString.Invariant($"{r.Value} × {r.Key}")))}");

        private void Count(QuantisedNetwork network, MappedNetwork mapping)
        {
            var passes = mapping.Program.Stages.SelectMany(s => s.Passes).Select(p => p.Descriptor).ToList();
            void Reach(string feature, bool reached) => Features[feature] = Features.GetValueOrDefault(feature) + (reached ? 1 : 0);
            Reach("reloaded", !mapping.IsResident);
            Reach("without constant channels", mapping.Program.Stages.Any(stage => !stage.Constants.IsEmpty));
            Reach("in batches", mapping.Program.Batch > 1);
            Reach("with an input packed densely", mapping.Packing == InputPacking.Dense);
            Reach("with weight planes side by side", passes.Any(p => p.FilterLanes > 1));
            Reach("on several macros", mapping.Program.Configuration.Macros > 1);
            Reach("on several macros, folded", mapping.Program.Configuration.Macros > 1 && passes.Any(p => p[DescriptorField.Folds] > 0));
            if (mapping.Program.Configuration.PacksWindows)
            {
                Reach("with windows packed densely", passes.Any(p => p.PacksWindows));
                Reach("with windows packed densely, pooled", passes.Any(p => p.PacksWindows && p[DescriptorField.PoolWidth] > 1));
            }

            Reach("folded", passes.Any(p => p[DescriptorField.Folds] > 0));
            Reach("preloaded", passes.Any(p => p[DescriptorField.PreloadCycles] > 0));
            Reach("with a plane of zeros left out between others", passes.Any(p => !BitOperations.IsPow2((p[DescriptorField.WeightPlanes] >> BitOperations.TrailingZeroCount(p[DescriptorField.WeightPlanes])) + 1)));
            Reach("with weight planes", passes.Any(p => p.WeightPlanes > 1));
            foreach (var bit in (ControlBits[])
                [
                    ControlBits.HoldAccumulators, ControlBits.AddSums, ControlBits.LevelOutput, ControlBits.SearchLevels, ControlBits.Requantise, ControlBits.Relu, ControlBits.Saturate, ControlBits.SkipOutside,
                    ControlBits.RepeatRows, ControlBits.Unpooled, ControlBits.Argmax, ControlBits.KeepGreatest, ControlBits.DirectionBeforePool, ControlBits.JoinAtOnce,
                ])
            {
                Reach(FormattableString.Invariant($"{bit}"), passes.Any(p => p.Control.HasFlag(bit)));
            }

            foreach (var kind in (string[])["convolution", "dense", "max pool", "sum pool", "threshold", "requantise", "relu", "add", "concatenate", "flatten", "argmax"])
            {
                Reach(kind, network.Layers.Any(layer => layer.Kind == kind));
            }

            Reach("grouped", network.Layers.Any(layer => layer is ConvolutionLayer { Groups: > 1 }));
        }

        [GeneratedRegex(@"-?\d[\d.]*|'[^']*'|\d+…-?\d+")]
        private static partial Regex Numbers();
    }
}
