using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Interpreter;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Cosimulation.Tests;

/// <summary>Operands that count nothing: what a core that skips them counts, worked out by hand, and what goes wrong where it skips what counts.</summary>
public class SkippingTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_small = new("skips", 8, 4, 2, ArrayConfiguration.AllOperations, OperandWords: 16, ResultWords: 8, InitialWords: 4, LargestFanIn: 64, InputBits: 2, WeightBits: 3, LevelWords: 8, MultiplierBits: 0)
    {
        OperandSkipping = true,
    };

    // Weights of the two kernel columns, four channels each: three planes.
    private static readonly int[][] s_weights = [[5, 1, 7, 3], [6, 2, 4, 7]];

    /// <summary>
    /// Two pixels of four channels and two planes: (0, 2, 2, 0), whose plane 0 is zero, and (1, 0, 0, 0), whose plane 1 is. A kernel of two columns at three positions, a column of padding on both sides; the rows of
    /// the one filter lie in turn in both lanes. Of the 3 · 2 · 2 · 3 operands the third plane of each that counts nothing is skipped: at the borders both planes outside and one inside, in the middle two.
    /// </summary>
    [Theory]
    [InlineData("compiled", 0, true, 9 + 10 + 9, 28, 8)]
    [InlineData("verilator", 0, true, 9 + 10 + 9, 28, 8)]
    [InlineData("icarus", 0, true, 9 + 10 + 9, 28, 8)]

    // Rounds of at least 10 and 12 cycles: the first ends with its last operand.
    [InlineData("compiled", 10, true, 9 + 10 + 10, 28, 8)]
    [InlineData("compiled", 12, true, 9 + 12 + 12, 28, 8)]

    // Where zeros count, only what lies outside is skipped.
    [InlineData("compiled", 0, false, 10 + 12 + 10, 32, 4)]
    [InlineData("icarus", 11, false, 10 + 12 + 11, 32, 4)]
    public void Cycles_row_activations_and_skipped_operands_by_hand(string engine, int roundCycles, bool skipsZeros, int cycles, int operands, int skipped)
    {
        var descriptor = Descriptor(roundCycles, skipsZeros);
        ImmutableArray<RowImage> rows = [.. Enumerable.Range(0, 6).Select(row => new RowImage(row / 2, row % 2, RowOperation.And, [Plane(s_weights[row / 3], row % 3)]))];
        ImmutableArray<InitialImage> initials = [new InitialImage(0, 0, 0, false), new InitialImage(0, 1, 0, false)];
        var interpreter = new ProgramInterpreter(s_small);
        using var core = new CoreDriver(BusNetworkTests.Start(s_small, engine, 3), s_small);
        ulong[] pixels = [0b0000, 0b0110, 0b0001, 0b0000];
        interpreter.Load(rows, initials, []);
        interpreter.WriteOperands(0, pixels);
        core.Load(rows, initials, []);
        core.WriteOperands(0, pixels);

        // 36 operands if none is skipped; the end takes 20 cycles.
        descriptor.OperandsPerRound.ShouldBe(12);
        long[] sums = [2 * (s_weights[1][1] + s_weights[1][2]), (2 * (s_weights[0][1] + s_weights[0][2])) + s_weights[1][0], s_weights[0][0]];
        for (var run = 0; run < 2; run++)
        {
            core.Run(descriptor).ShouldBe(new CoreCounters(cycles + 20, operands, skipped));
            core.ReadResults(0, 3).ShouldBe(sums);
        }

        var counted = interpreter.Run(descriptor);
        (counted.Cycles, counted.Operands, counted.RowActivations, counted.SkippedOperands).ShouldBe((cycles + 20, operands, operands, skipped));
        counted.ZeroOperands.ShouldBe(8 * 3);
        interpreter.ReadResults(0, 3).ShouldBe(sums);
    }

    /// <summary>Ordinary runs take six arrays; <c>HWGEN_FULL=1</c> takes a hundred.</summary>
    [Fact]
    public void Random_networks_of_many_weight_planes_equal_golden_and_their_counters_the_prediction()
    {
        const int NetworksOfAnArray = 6, MostDraws = 200;
        var (tally, drawn) = (new RandomNetworkTests.Tally(), 0);
        for (var seed = 5000; seed < (Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 5100 : 5006); seed++)
        {
            var configuration = RandomNetworks.Array(new Random(seed)) with { OperandSkipping = true };
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = seed });
            for (var (i, taken) = (0, 0); taken < NetworksOfAnArray && i < MostDraws; i++, drawn++)
            {
                if (HasPlanesToSkip(RandomNetworks.Network(new Random((seed * 1000) + i)), configuration))
                {
                    tally.Run(configuration, simulator, new Random((seed * 1000) + i), FormattableString.Invariant($"seed {seed}, network {i}"));
                    taken++;
                }
            }
        }

        output.WriteLine(FormattableString.Invariant($"of {drawn} networks: {tally}"));
        tally.Features["with skipped operands"].ShouldBeGreaterThan(tally.Networks / 3);
        tally.Compared.ShouldBeGreaterThan(tally.Networks * 10);
    }

    private static bool HasPlanesToSkip(QuantisedNetwork network, ArrayConfiguration configuration)
    {
        try
        {
            return Mapper.Map(network, configuration).Program.Stages.Any(stage => stage.Passes.Any(pass => pass.Descriptor.WeightPlanes > 2));
        }
        catch (MappingException)
        {
            return false;
        }
    }

    [Fact]
    public void A_core_that_skips_computes_what_one_that_does_not_in_fewer_cycles()
    {
        var random = new Random(5);
        var network = Pointwise(random, PixelRule.Unsigned8);
        var images = Dark(random, network);
        var (skipping, other) = (Run(network, Core(skips: true), images, d => d), Run(network, Core(skips: false), images, d => d));
        skipping.IsEqual.ShouldBeTrue();
        other.IsEqual.ShouldBeTrue();
        skipping.Logits.ShouldBe(other.Logits);
        skipping.Counted.SkippedOperands.ShouldBeGreaterThan(500);
        other.Counted.SkippedOperands.ShouldBe(0);
        (skipping.Counted.RowActivations + (skipping.Counted.SkippedOperands * 20)).ShouldBe(other.Counted.RowActivations);
        skipping.Counted.Cycles.ShouldBeLessThan(other.Counted.Cycles);
    }

    [Fact]
    public void Zeros_that_count_are_missed_when_they_are_skipped()
    {
        // Inputs of ±1: a zero stands for -1, and rows are XORs.
        var random = new Random(6);
        var network = Pointwise(random, PixelRule.BipolarAt(1));
        var images = Dark(random, network);
        Run(network, Core(skips: true), images, d => d).IsEqual.ShouldBeTrue();
        Run(network, Core(skips: true), images, d => With(d, DescriptorField.Control, (int)(d.Control | ControlBits.SkipZeroOperands))).Mismatches.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Values_are_lost_where_rounds_are_shorter_than_they_take()
    {
        // 20 values take 20 cycles, and the 8 planes of their word are written while the next ones come; a round takes 32, and 16 where all planes of a pixel are zero.
        var random = new Random(7);
        var network = Pointwise(random, PixelRule.Unsigned8);
        var images = Dark(random, network);
        Run(network, Core(skips: true), images, d =>
        {
            (d.OperandsPerRound, d[DescriptorField.RoundCycles]).ShouldBe((32, 20));
            return d;
        }).IsEqual.ShouldBeTrue();
        Run(network, Core(skips: true), images, d => With(d, DescriptorField.RoundCycles, 0)).Mismatches.ShouldBeGreaterThan(0);
    }

    private static CosimulationReport Run(QuantisedNetwork network, ArrayConfiguration configuration, ImageSet images, Func<LayerDescriptor, LayerDescriptor> change)
    {
        var program = Mapper.Map(network, configuration).Program;
        program = program with
        {
            Stages = [.. program.Stages.Select(stage => stage with { Passes = [.. stage.Passes.Select(pass => pass with { Descriptor = change(pass.Descriptor) })] })],
        };
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = 2 });
        return new NetworkCosimulation(network, program, simulator).Run(images);
    }

    private static ArrayConfiguration Core(bool skips) => new("core", 96, 32, 24, ArrayConfiguration.AllOperations) { OperandSkipping = skips };

    /// <summary>A convolution of 1 × 1 with 20 filters of four bits, and values of eight.</summary>
    private static QuantisedNetwork Pointwise(Random random, PixelRule rule)
    {
        var weights = new WeightTensor(NumberFormat.TwosComplement(4), 20, 1, 1, 1, [.. Enumerable.Range(0, 20).Select(i => i < 2 ? -8 + (15 * i) : random.Next(-8, 8))]);
        return QuantisedNetwork.Create("pointwise", new NetworkInput("pixels", new TensorShape(1, 5, 5), rule),
            [new ConvolutionLayer("sums", "pixels", weights), new RequantiseLayer("values", "sums", [1], [3], NumberFormat.TwosComplement(8))]);
    }

    /// <summary>Images of zeros, but for a few pixels.</summary>
    private static ImageSet Dark(Random random, QuantisedNetwork network)
    {
        var pixels = new byte[4 * network.Input.Shape.Count];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(random.Next(4) == 0 ? random.Next(1, 256) : 0);
        }

        return new ImageSet("dark", network.Input.Shape, pixels, new byte[4]);
    }

    private static LayerDescriptor With(LayerDescriptor descriptor, DescriptorField field, int value) => new(descriptor.Values.SetItem((int)field, value));

    private static ulong Plane(int[] weights, int plane) => weights.Select((weight, channel) => ((ulong)(weight >> plane) & 1) << channel).Aggregate((all, bit) => all | bit);

    private static LayerDescriptor Descriptor(int roundCycles, bool skipsZeros) => LayerDescriptor.Create(s_small, new Dictionary<DescriptorField, int>
    {
        [DescriptorField.OperandBase] = s_small.OperandWords - 2,
        [DescriptorField.KernelColumnStep] = 2,
        [DescriptorField.OutputColumnStep] = 2,
        [DescriptorField.Planes] = 2,
        [DescriptorField.WeightPlanes] = 0b111,
        [DescriptorField.ChannelWords] = 1,
        [DescriptorField.LastWordColumns] = 4,
        [DescriptorField.KernelWidth] = 2,
        [DescriptorField.KernelHeight] = 1,
        [DescriptorField.DilationX] = 1,
        [DescriptorField.OutputStrideX] = 1,
        [DescriptorField.FirstX] = -1,
        [DescriptorField.InputWidth] = 2,
        [DescriptorField.InputHeight] = 1,
        [DescriptorField.PoolWidth] = 1,
        [DescriptorField.PoolHeight] = 1,
        [DescriptorField.OutputWidth] = 3,
        [DescriptorField.OutputHeight] = 1,
        [DescriptorField.Tiles] = 1,
        [DescriptorField.TileFilters] = 1,
        [DescriptorField.LastTileFilters] = 1,
        [DescriptorField.SectorLanes] = 1,
        [DescriptorField.Folds] = 1,
        [DescriptorField.SegmentGroups] = 1,
        [DescriptorField.SegmentLanes] = 1,
        [DescriptorField.OutputStep] = 1,
        [DescriptorField.DrainCycles] = 1,
        [DescriptorField.OutputPlanes] = 1,
        [DescriptorField.RoundCycles] = roundCycles,
        [DescriptorField.FinishCycles] = 20,
        [DescriptorField.Control] = (int)(ControlBits.RawOutput | ControlBits.ValueOutput | (skipsZeros ? ControlBits.SkipZeroOperands : ControlBits.None)),
    });
}
