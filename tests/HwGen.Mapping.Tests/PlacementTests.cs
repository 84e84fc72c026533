using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping.Tests;

public class PlacementTests
{
    [Fact]
    public void Two_rows_never_share_a_place_and_every_row_is_inside_the_array()
    {
        var random = new Random(1);
        var loaded = 0;
        for (var i = 0; i < 200; i++)
        {
            var lanes = random.Next(1, 40);
            var configuration = Array(lanes * random.Next(1, 20), random.Next(4, 70), lanes);
            var network = Dense(random, random.Next(1, 200), random.Next(1, 60));
            MappedNetwork mapped;
            try
            {
                mapped = Mapper.Map(network, configuration);
            }
            catch (MappingException)
            {
                continue;
            }

            foreach (var rows in mapped.Program.Stages.SelectMany(s => s.Passes).Select(p => p.Rows).Append(mapped.Program.Rows).Where(r => r.Length > 0))
            {
                loaded += rows.Length;
                rows.Select(r => (r.Group, r.Lane)).Distinct().Count().ShouldBe(rows.Length);
                rows.ShouldAllBe(r => r.Lane < configuration.Lanes && r.Group < configuration.Groups && r.Lane >= 0 && r.Group >= 0);
            }
        }

        loaded.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_layer_on_lanes_enough_reaches_its_schedule_bound_but_for_the_end()
    {
        var mapped = Mapper.Map(Dense(new Random(2), 512, 64), Array(4096, 32, 64));
        var layer = mapped.Layers.Single();
        layer.ScheduleBound.ShouldBe(16);
        // A value a cycle leaves the queue behind the 16 operands, 64 of them, and 8 from the last operand to the last value.
        layer.Cycles.ShouldBe(16 + 64 + 10);
        mapped.IsResident.ShouldBeTrue();
    }

    [Fact]
    public void What_does_not_fit_at_once_is_loaded_again_for_each_image()
    {
        var network = Dense(new Random(3), 512, 64);
        Mapper.Map(network, Array(1024, 32, 64)).IsResident.ShouldBeTrue();
        var mapped = Mapper.Map(network, Array(512, 32, 64));
        mapped.IsResident.ShouldBeFalse();
        mapped.Program.RowLoads.ShouldBe(64 * 16);
        mapped.Program.Stages.Single().Passes.Length.ShouldBe(2);
    }

    [Fact]
    public void A_dense_filter_longer_than_the_array_is_summed_over_parts()
    {
        var mapped = Mapper.Map(Dense(new Random(4), 512, 1), Array(8, 4, 2));
        var passes = mapped.Program.Stages.Single().Passes;
        passes.Length.ShouldBe(16);
        passes[0].Descriptor.Control.HasFlag(ControlBits.KeepAccumulators).ShouldBeFalse();
        passes.Skip(1).ShouldAllBe(p => p.Descriptor.Control.HasFlag(ControlBits.KeepAccumulators));
        passes.SkipLast(1).ShouldAllBe(p => p.Descriptor.Control.HasFlag(ControlBits.HoldAccumulators));
        passes[^1].Descriptor.Control.HasFlag(ControlBits.HoldAccumulators).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, 3, 2, 100, 1)]
    [InlineData(3, 3, 2, 6, 3)]
    [InlineData(3, 3, 2, 4, 6)]
    [InlineData(3, 3, 5, 2, 27)]
    public void Parts_cover_every_segment_of_a_kernel_once(int rows, int columns, int words, int capacity, int parts)
    {
        var split = new KernelPart(0, rows, 0, columns, 0, words).Split(capacity).ToList();
        split.Count.ShouldBe(parts);
        split.ShouldAllBe(p => p.Segments <= capacity);
        var segments = split.SelectMany(p => Enumerable.Range(0, p.Segments).Select(p.Segment)).ToList();
        segments.Count.ShouldBe(rows * columns * words);
        segments.Distinct().Count().ShouldBe(segments.Count);
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused_by_layer_and_reason()
    {
        var weights = WeightTensor.Dense(NumberFormat.TwosComplement(4), 2, 8, (ReadOnlySpan<int>)[.. Enumerable.Repeat(7, 16)]);
        var input = new NetworkInput("pixels", new TensorShape(8, 1, 1), PixelRule.BipolarAt());
        var multiBit = QuantisedNetwork.Create("n", input, [new DenseLayer("wide", "pixels", weights)]);
        Should.Throw<MappingException>(() => Mapper.Map(multiBit, Array(8, 8, 8) with { WeightBits = 2 })).Message.ShouldContain("layer 'wide'");

        var withoutXor = Array(8, 8, 8) with { RowOperations = [RowOperation.And] };
        Should.Throw<MappingException>(() => Mapper.Map(Dense(new Random(6), 8, 2), withoutXor)).Message.ShouldContain("xor");

        var fewWords = Array(64, 8, 8) with { OperandWords = 2 };
        Should.Throw<MappingException>(() => Mapper.Map(Dense(new Random(7), 64, 2), fewWords)).Message.ShouldContain("operandWords");

        var smallFanIn = Array(64, 8, 8) with { LargestFanIn = 1, InputBits = 1, WeightBits = 1 };
        Should.Throw<MappingException>(() => Mapper.Map(Dense(new Random(8), 64, 2), smallFanIn)).Message.ShouldContain("largestFanIn");
    }

    private static ArrayConfiguration Array(int rows, int columns, int lanes) => new("test", rows, columns, lanes, ArrayConfiguration.AllOperations);

    private static QuantisedNetwork Dense(Random random, int inputs, int outputs) => QuantisedNetwork.Create(
        "dense", new NetworkInput("pixels", new TensorShape(inputs, 1, 1), PixelRule.BipolarAt()), [DenseLayer(random, "dense", "pixels", inputs, outputs)]);

    private static DenseLayer DenseLayer(Random random, string name, string input, int inputs, int outputs) =>
        new(name, input, WeightTensor.Dense(NumberFormat.Bipolar, outputs, inputs, (ReadOnlySpan<int>)[.. Enumerable.Range(0, inputs * outputs).Select(_ => random.Next(2) == 0 ? -1 : 1)]));
}
