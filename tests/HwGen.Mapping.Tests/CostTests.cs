using HwGen.Architecture.Configuration;
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

        // Tiles of 4, 4 and 2 filters; an operand for each word and pair of planes. Values leave while the next tile counts; room is left for 4 behind the last, and 8 cycles to the last value.
        layer.EvaluationCycles.ShouldBe(3 * 3 * 3 * 2);
        layer.Cycles.ShouldBe(layer.EvaluationCycles + 4 + 8);
        layer.Utilisation.ShouldBe(10 * 40 * 3 * 2 / (layer.Cycles * 4.0 * 16), 1e-12);
        layer.Memory.CellBits.ShouldBe(60 * 16);
        layer.Memory.ThresholdBits.ShouldBe(10 * (mapped.Program.Configuration.AccumulatorBits + 1));
        layer.Memory.OutputBits.ShouldBe(10 * mapped.Program.Configuration.AccumulatorBits);
        layer.RowLoads.ShouldBe(0);

        // The host writes 3 words in 3 planes, a descriptor and the start, and reads 10 results.
        var fields = mapped.Program.Stages[0].Passes[0].Descriptor.Values.Length;
        var rate = Throughput.Of(mapped, 200);
        rate.TransferCycles.ShouldBe(9 + 10 + fields + 1);
        rate.ImagesPerSecond.ShouldBe(200e6 / (layer.Cycles + rate.TransferCycles), 1e-6);

        // To describe so small a layer takes longer than to compute it.
        (rate.Layer, rate.Part, rate.PartCycles).ShouldBe(("dense", CyclePart.Reload, fields + 1L));
    }

    [Fact]
    public void Reloading_is_the_bottleneck_where_it_takes_most()
    {
        var mapped = Map(Array(64, 16, 4), filters: 12);
        mapped.IsResident.ShouldBeFalse();
        var layer = mapped.Layers.ShouldHaveSingleItem();
        layer.RowLoads.ShouldBe(12 * 6);
        var passes = mapped.Program.Stages[0].Passes;
        layer.TransferCycles.ShouldBe((12 * 6) + 12 + (passes.Length * (passes[0].Descriptor.Values.Length + 1)));
        var rate = Throughput.Of(mapped, 100);
        (rate.Layer, rate.Part, rate.PartCycles).ShouldBe(("dense", CyclePart.Reload, layer.TransferCycles));
        rate.PartShare.ShouldBe((double)layer.TransferCycles / (layer.Cycles + layer.TransferCycles + 9 + 12), 1e-12);
    }

    private static ArrayConfiguration Array(int rows, int columns, int lanes) =>
        new("test", rows, columns, lanes, ArrayConfiguration.AllOperations) { InitialWords = 64 };

    private static MappedNetwork Map(ArrayConfiguration configuration, int filters)
    {
        // Both ends of two bits occur, so that the weights take two planes.
        var weights = WeightTensor.Dense(NumberFormat.TwosComplement(2), filters, 40, (ReadOnlySpan<int>)[.. Enumerable.Range(0, filters * 40).Select(i => (i % 4) - 2)]);
        var input = new NetworkInput("pixels", new TensorShape(40, 1, 1), new PixelRule("three bits", NumberFormat.Unsigned(3), [.. Enumerable.Range(0, 256).Select(pixel => pixel >> 5)]));
        return Mapper.Map(QuantisedNetwork.Create("n", input, [new DenseLayer("dense", "pixels", weights)]), configuration);
    }
}
