using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping.Tests;

/// <summary>What a network costs, counted by hand.</summary>
public class CostTests
{
    [Fact]
    public void A_resident_dense_layer_costs_what_is_counted_by_hand()
    {
        // 10 filters of 40 products in 3 input planes and 2 weight planes, rows of 16 columns: 3 words, 6 rows a filter.
        var mapped = Map(Array(1024, 16, 4), filters: 10);
        var layer = mapped.Layers.ShouldHaveSingleItem();
        layer.MultiplyAccumulates.ShouldBe(10 * 40);
        layer.Rows.ShouldBe(10 * 3 * 2);
        layer.RowActivations.ShouldBe(10 * 3 * 3 * 2);
        layer.CellOperations.ShouldBe(10 * 40 * 3 * 2);

        // Five tiles of 2 filters, whose 2 planes lie side by side; an operand for each word and input plane. Sums leave while the next tile counts; room is left for the 4 behind the last, and 8 cycles to the last value.
        layer.EvaluationCycles.ShouldBe(5 * 3 * 3);
        layer.ScheduleBound.ShouldBe(5 * 3 * 3);
        layer.Cycles.ShouldBe(layer.EvaluationCycles + 4 + 10);
        layer.Utilisation.ShouldBe(10 * 40 * 3 * 2 / (layer.Cycles * 4.0 * 16), 1e-12);
        layer.Memory.CellBits.ShouldBe(60 * 16);
        layer.Memory.ThresholdBits.ShouldBe(10 * 2 * (mapped.Program.Configuration.AccumulatorBits + 1));
        layer.Memory.OutputBits.ShouldBe(10 * mapped.Program.Configuration.AccumulatorBits);
        layer.RowLoads.ShouldBe(0);

        // The host writes 3 words in 3 planes, a descriptor and the start, and reads 10 results.
        var fields = DescriptorLayout.FieldsOf(mapped.Program.Configuration).Count();
        var rate = Throughput.Of(mapped, 200);
        rate.TransferCycles.ShouldBe(9 + 10 + fields + 1);
        rate.ImagesPerSecond.ShouldBe(200e6 / (layer.Cycles + rate.TransferCycles), 1e-6);

        // To describe so small a layer takes longer than to compute it.
        (rate.Layer, rate.Part, rate.PartCycles).ShouldBe(("dense", CyclePart.Reload, fields + 1L));
    }

    [Fact]
    public void Reloading_is_the_bottleneck_where_it_takes_most()
    {
        var mapped = Map(Array(64, 16, 4), filters: 12, batch: 1);
        mapped.IsResident.ShouldBeFalse();
        var layer = mapped.Layers.ShouldHaveSingleItem();
        layer.RowLoads.ShouldBe(12 * 6);
        var passes = mapped.Program.Stages[0].Passes;
        layer.TransferCycles.ShouldBe((12 * 6) + 12 + (passes.Length * (DescriptorLayout.FieldsOf(mapped.Program.Configuration).Count() + 1)));
        var rate = Throughput.Of(mapped, 100);
        (rate.Layer, rate.Part, rate.PartCycles).ShouldBe(("dense", CyclePart.Reload, layer.TransferCycles));
        rate.PartShare.ShouldBe((double)layer.TransferCycles / (layer.Cycles + layer.TransferCycles + 9 + 12), 1e-12);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(6, 6)]
    [InlineData(7, 6)]
    [InlineData(15, 8)]
    [InlineData(16, 10)]
    [InlineData(255, 16)]
    public void A_number_of_levels_takes_two_cycles_a_halving_where_that_is_less_than_one_a_level(int levels, int cycles)
    {
        var input = new NetworkInput("pixels", new TensorShape(8, 1, 1), new PixelRule("byte", NumberFormat.Unsigned(8), [.. Enumerable.Range(0, 256)]));
        var weights = WeightTensor.Dense(NumberFormat.Bipolar, 4, 8, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 32).Select(i => (2 * (i % 2)) - 1)]);
        var thresholds = new ThresholdLayer("levels", "dense", [.. Enumerable.Range(0, 4 * levels).Select(i => (long)(i % levels))], [false, false, false, false])
        {
            Output = NumberFormat.Unsigned(8),
        };
        var mapped = Mapper.Map(QuantisedNetwork.Create("n", input, [new DenseLayer("dense", "pixels", weights), thresholds]), Array(64, 16, 4) with { LevelWords = 2048 });

        // 8 operands, 4 filters; values fill one word of as many planes as they need, and each leaves for itself.
        var planes = mapped.Program.Stages[0].Output!.Planes;
        mapped.Layers.Single().Cycles.ShouldBe(8 + (4 * cycles) + planes + planes + 10);
    }

    [Fact]
    public void Weight_planes_lie_side_by_side_where_lanes_would_idle()
    {
        // 8 filters of 8 planes on 64 lanes: the schedule bound of 4 words in 8 planes, once for each of 36 positions; 85 % of the array at work and more.
        var random = new Random(11);
        var input = new NetworkInput("pixels", new TensorShape(32, 8, 8), new PixelRule("byte", NumberFormat.Unsigned(8), [.. Enumerable.Range(0, 256)]));
        var weights = WeightTensor.Convolution(NumberFormat.TwosComplement(8), 8, 32, 3, 3, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 8 * 32 * 9).Select(_ => random.Next(-128, 128))]);
        var network = QuantisedNetwork.Create("n", input, [new ConvolutionLayer("sums", "pixels", weights)]);
        var mapped = Mapper.Map(network, Array(1024, 32, 64) with { LargestFanIn = 512, ResultWords = 512, OperandWords = 1024 }, packing: InputPacking.Channel);
        var layer = mapped.Layers.ShouldHaveSingleItem();
        mapped.Program.Stages[0].Passes[0].Descriptor.FilterLanes.ShouldBe(8);
        layer.ScheduleBound.ShouldBe(36 * 9 * 8);
        layer.EvaluationCycles.ShouldBe(layer.ScheduleBound);
        layer.Utilisation.ShouldBeGreaterThan(0.95);
        layer.Rows.ShouldBe(8 * 8 * 9);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 5 }, 0b101)]
    [InlineData(new[] { -8, 1, 0 }, 0b1001)]
    [InlineData(new[] { 0, 4, -4 }, 0b1100)]
    [InlineData(new[] { 16, 2, 18 }, 0b10010)]
    [InlineData(new[] { 0, 5, -5 }, 0b1111)]
    [InlineData(new[] { 0, 0, 0 }, 0b1)]
    public void A_plane_of_zeros_takes_no_row_wherever_it_is(int[] values, int planes)
    {
        // One word a filter, all lanes in use: a row, and an operand of each input plane, for each weight plane that holds a one.
        var input = new NetworkInput("pixels", TensorShape.Flat(16), new PixelRule("byte", NumberFormat.Unsigned(8), [.. Enumerable.Range(0, 256)]));
        var weights = WeightTensor.Dense(NumberFormat.TwosComplement(8), 16, 16, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 256).Select(i => values[i % values.Length])]);
        var mapped = Mapper.Map(QuantisedNetwork.Create("n", input, [new DenseLayer("sums", "pixels", weights)]), Array(128, 16, 16));
        var descriptor = mapped.Program.Stages.Single().Passes.Single().Descriptor;
        descriptor[DescriptorField.WeightPlanes].ShouldBe(planes);
        descriptor.FilterLanes.ShouldBe(1);
        var count = System.Numerics.BitOperations.PopCount((uint)planes);
        mapped.Layers.Single().Rows.ShouldBe(16 * count);
        mapped.Layers.Single().EvaluationCycles.ShouldBe(8 * count);
    }

    [Fact]
    public void The_mapper_chooses_between_a_reload_an_image_and_a_batch_a_pass_by_their_cycles()
    {
        // 48 filters of 4 rows, 10 of 3, on 64 rows: the bits of the first layer go to the operand memory, so that an image can be put aside between its passes.
        var random = new Random(4);
        WeightTensor Signs(int outputs, int inputs) => WeightTensor.Dense(NumberFormat.Bipolar, outputs, inputs, (ReadOnlySpan<int>)[.. Enumerable.Range(0, outputs * inputs).Select(_ => random.Next(2) == 0 ? -1 : 1)]);
        var network = QuantisedNetwork.Create("n", new NetworkInput("pixels", TensorShape.Flat(64), PixelRule.BipolarAt()),
        [
            new DenseLayer("first", "pixels", Signs(48, 64)), new ThresholdLayer("bits", "first", [.. new long[48]], [.. new bool[48]]), new DenseLayer("logits", "bits", Signs(10, 48)),
        ]);
        var array = Array(64, 16, 4);
        var alone = Mapper.Map(network, array, batch: 1);
        alone.Program.Batch.ShouldBe(1);
        alone.Program.Stages.Select(stage => stage.Passes.Length).ShouldBe([3, 1]);
        var passes = alone.Program.Stages.SelectMany(stage => stage.Passes).ToList();

        // Loads are shared, descriptors and starts are each image's own; the 4 words of the input and those of the bits (3) are saved and written back before every pass but the first, the bits alone before the last.
        var fields = DescriptorLayout.FieldsOf(array).Count();
        long Cycles(int batch) => passes.Sum(pass => ((pass.Loads + batch - 1) / batch) + fields + 1) + (batch > 1 ? 2 * (7 + 7 + 3) : 0);
        alone.Reloads[0].TransferCycles.Sum().ShouldBe(Cycles(1));

        var chosen = Mapper.Map(network, array);
        chosen.Program.Batch.ShouldBeInRange(4, Mapper.LargestChosenBatch);
        chosen.Reloads.Select(reload => reload.Batch).ShouldBe([1, chosen.Program.Batch]);
        chosen.Reloads[1].TransferCycles.Sum().ShouldBe(Cycles(chosen.Program.Batch));
        chosen.Layers.Sum(layer => layer.TransferCycles).ShouldBe(Cycles(chosen.Program.Batch));
        chosen.Reloads[1].ImageCycles.ShouldBeLessThan(chosen.Reloads[0].ImageCycles);

        // Nearly as good as the largest, and half of it is not.
        var largest = chosen.Cycles + Cycles(Mapper.LargestChosenBatch);
        (20 * (chosen.Cycles + Cycles(chosen.Program.Batch))).ShouldBeLessThanOrEqualTo(21 * largest);
        (20 * (chosen.Cycles + Cycles(chosen.Program.Batch / 2))).ShouldBeGreaterThan(21 * largest);

        // Said is said; one image is no batch; what is resident has no choice.
        Mapper.Map(network, array, batch: 3).Program.Batch.ShouldBe(3);
        Mapper.Map(network, array, images: 1).Program.Batch.ShouldBe(1);
        Mapper.Map(network, array, images: 3).Program.Batch.ShouldBeInRange(2, 3);
        var resident = Mapper.Map(network, Array(1024, 16, 4), batch: 3);
        (resident.Program.Batch, resident.Reloads.Count).ShouldBe((1, 0));
    }

    [Fact]
    public void A_batch_is_not_taken_where_putting_images_aside_costs_more_than_rows()
    {
        // A map of 64 × 64 pixels is put aside for a few rows.
        var random = new Random(5);
        var input = new NetworkInput("pixels", new TensorShape(1, 64, 64), PixelRule.BipolarAt());
        var weights = WeightTensor.Convolution(NumberFormat.Bipolar, 8, 1, 3, 3, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 72).Select(_ => random.Next(2) == 0 ? -1 : 1)]);
        var network = QuantisedNetwork.Create("n", input, [new ConvolutionLayer("conv", "pixels", weights), new ThresholdLayer("bits", "conv", [.. new long[8]], [.. new bool[8]])]);
        var mapped = Mapper.Map(network, Array(32, 16, 4) with { OperandWords = 1 << 14 }, packing: InputPacking.Channel);
        mapped.IsResident.ShouldBeFalse();
        mapped.Program.Batch.ShouldBe(1);
        mapped.Reloads[0].ImageCycles.ShouldBeLessThan(mapped.Reloads[1].ImageCycles);
    }

    [Fact]
    public void Operands_in_the_padding_are_counted_by_hand()
    {
        // 16 windows of 9 places; along each axis 2 + 3 + 3 + 2 of them lie inside. Two tiles, three input planes, one weight plane.
        var input = new NetworkInput("pixels", new TensorShape(1, 4, 4), new PixelRule("three bits", NumberFormat.Unsigned(3), [.. Enumerable.Range(0, 256).Select(pixel => pixel >> 5)]));
        var weights = WeightTensor.Convolution(NumberFormat.Bipolar, 8, 1, 3, 3, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 72).Select(i => (i % 3 == 0 ? -1 : 1))]);
        var network = QuantisedNetwork.Create("n", input, [new ConvolutionLayer("conv", "pixels", weights) { Padding = Padding.Same(1) }]);
        Mapper.Map(network, Array(1024, 16, 4), packing: InputPacking.Channel).Layers.Single().PaddingOperands.ShouldBe(((16 * 9) - (10 * 10)) * 2 * 3);
    }

    private static ArrayConfiguration Array(int rows, int columns, int lanes) =>
        new("test", rows, columns, lanes, ArrayConfiguration.AllOperations) { InitialWords = 64 };

    private static MappedNetwork Map(ArrayConfiguration configuration, int filters, int? batch = null)
    {
        // Both ends of two bits occur, so that the weights take two planes.
        var weights = WeightTensor.Dense(NumberFormat.TwosComplement(2), filters, 40, (ReadOnlySpan<int>)[.. Enumerable.Range(0, filters * 40).Select(i => (i % 4) - 2)]);
        var input = new NetworkInput("pixels", new TensorShape(40, 1, 1), new PixelRule("three bits", NumberFormat.Unsigned(3), [.. Enumerable.Range(0, 256).Select(pixel => pixel >> 5)]));
        return Mapper.Map(QuantisedNetwork.Create("n", input, [new DenseLayer("dense", "pixels", weights)]), configuration, batch);
    }
}
