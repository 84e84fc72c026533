using HwGen.Architecture.Configuration;
using HwGen.Networks;

namespace HwGen.Mapping.Tests;

/// <summary>Dense packing of the input: what a first convolution costs.</summary>
public class PackingTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void A_3_by_3_convolution_over_one_channel_takes_one_operand_a_position_and_plane(int columns)
    {
        var network = Convolution(channels: 1, size: 12, kernel: 3, filters: 8, NumberFormat.Unsigned(8), Padding.Same(1));
        var dense = Mapper.Map(network, Array(columns));
        dense.Packing.ShouldBe(InputPacking.Dense);
        var layer = dense.Layers.ShouldHaveSingleItem();
        layer.EvaluationCycles.ShouldBe(12 * 12 * 8);
        layer.ScheduleBound.ShouldBe(12 * 12 * 8);
        layer.Rows.ShouldBe(8);

        var channel = Mapper.Map(network, Array(columns), packing: InputPacking.Channel);
        channel.Layers.Single().EvaluationCycles.ShouldBe(9 * 12 * 12 * 8);
        channel.ImageCycles.ShouldBe(dense.OtherPackingCycles!.Value);
        dense.ImageCycles.ShouldBeLessThan(channel.ImageCycles);
        layer.CellOperations.ShouldBe(channel.Layers.Single().CellOperations);
    }

    [Fact]
    public void Bipolar_inputs_take_a_second_plane_where_windows_reach_outside_and_only_there()
    {
        foreach (var (padding, planes, outputs) in new[] { (Padding.Same(1), 2, 12 * 12), (Padding.None, 1, 10 * 10) })
        {
            var mapped = Mapper.Map(Convolution(1, 12, 3, 8, NumberFormat.Bipolar, padding), Array(16), packing: InputPacking.Dense);
            mapped.Program.Input.Planes.ShouldBe(planes);
            mapped.Program.Input.IsSigned.ShouldBe(planes == 2);
            mapped.Layers.Single().EvaluationCycles.ShouldBe(planes * outputs);
            mapped.Layers.Single().CellOperations.ShouldBe(9 * 8 * outputs, "the second plane is not work that the network asks for");
        }
    }

    [Fact]
    public void A_kernel_takes_as_many_operands_as_its_values_fill()
    {
        // 5 × 5 × 3 = 75 values in words of 32 bits.
        var mapped = Mapper.Map(Convolution(3, 16, 5, 8, NumberFormat.Unsigned(4), Padding.None), Array(32), packing: InputPacking.Dense);
        mapped.Layers.Single().ScheduleBound.ShouldBe(12 * 12 * 4 * 3);
        mapped.Layers.Single().EvaluationCycles.ShouldBe(12 * 12 * 4 * 3);
    }

    [Fact]
    public void Where_windows_find_no_room_pixels_are_written()
    {
        var network = Convolution(1, 12, 5, 8, NumberFormat.Unsigned(8), Padding.Same(2));
        var small = Array(8) with { OperandWords = 2048 };
        Mapper.Map(network, small).Packing.ShouldBe(InputPacking.Channel);
        Should.Throw<MappingException>(() => Mapper.Map(network, small, packing: InputPacking.Dense)).Message.ShouldContain("operandWords");
        Mapper.Map(network, small with { OperandWords = 8192 }).Packing.ShouldBe(InputPacking.Dense);
    }

    [Fact]
    public void Windows_that_cannot_be_packed_are_refused_only_when_asked_for()
    {
        var pixels = new PixelRule("bit", NumberFormat.Unsigned(1), [.. Enumerable.Range(0, 256).Select(pixel => pixel >> 7)]);
        var weights = WeightTensor.Dense(NumberFormat.Bipolar, 4, 16, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 64).Select(i => i % 3 == 0 ? 1 : -1)]);
        var network = QuantisedNetwork.Create("n", new NetworkInput("pixels", new TensorShape(16, 1, 1), pixels), [new DenseLayer("dense", "pixels", weights)]);
        Mapper.Map(network, Array(16)).Packing.ShouldBe(InputPacking.Channel);
        Should.Throw<MappingException>(() => Mapper.Map(network, Array(16), packing: InputPacking.Dense)).Message.ShouldContain("'pixels'");
    }

    private static ArrayConfiguration Array(int columns) =>
        new("test", 1024, columns, 16, ArrayConfiguration.AllOperations) { InitialWords = 64, OperandWords = 16384, ResultWords = 2048 };

    private static QuantisedNetwork Convolution(int channels, int size, int kernel, int filters, NumberFormat format, Padding padding)
    {
        var random = new Random(7);
        int[] values = [.. Enumerable.Range(0, filters * channels * kernel * kernel).Select(_ => (2 * random.Next(2)) - 1)];
        var weights = new WeightTensor(NumberFormat.Bipolar, filters, channels, kernel, kernel, [.. values]);
        int[] table = [.. Enumerable.Range(0, 256).Select(pixel => format.Kind == NumberKind.Bipolar ? (2 * (pixel >> 7)) - 1 : pixel >> (8 - format.Bits))];
        var input = new NetworkInput("pixels", new TensorShape(channels, size, size), new PixelRule("test", format, [.. table]));
        var thresholds = new ThresholdLayer("bits", "sums", [.. Enumerable.Range(0, filters).Select(i => (long)i)], [.. Enumerable.Repeat(false, filters)]);
        return QuantisedNetwork.Create("n", input, [new ConvolutionLayer("sums", "pixels", weights) { Padding = padding }, thresholds]);
    }
}
