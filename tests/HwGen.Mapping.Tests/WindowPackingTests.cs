using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping.Tests;

/// <summary>Windows of feature maps that are packed densely: which layers, and what it saves. The cycles are those of docs/mapping.md.</summary>
public class WindowPackingTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Three binary convolutions, whole and with about a third of the filters of each pruned, on 64 lanes of 32 columns.</summary>
    [Theory]
    [InlineData(32, 64, 16, 7162, 1754)]
    [InlineData(22, 45, 11, 7162, 1565)]
    public void Pruned_channels_save_cycles_where_windows_are_packed(int first, int second, int third, long channel, long dense)
    {
        var network = Binary(first, second, third);
        var array = new ArrayConfiguration("test", 4096, 32, 64, ArrayConfiguration.AllOperations);
        var (one, other) = (Mapper.Map(network, array, packing: InputPacking.Channel), Mapper.Map(network, array with { WindowWords = 128 }));
        foreach (var (mapped, name) in new[] { (one, "channel"), (other, "dense") })
        {
            output.WriteLine(FormattableString.Invariant($"{first}/{second}/{third} {name}: {mapped.Cycles} cycles, {string.Join(", ", mapped.Layers.Select((layer, i) => FormattableString.Invariant($"{layer.Layer} {layer.Cycles} ({layer.Rows} rows{(Packs(mapped, i) ? ", packed" : string.Empty)})")))}"));
        }

        (one.Cycles, other.Cycles).ShouldBe((channel, dense));
        foreach (var (mapped, i) in from mapped in (MappedNetwork[])[one, other] from i in Enumerable.Range(0, one.Layers.Count) select (mapped, i))
        {
            mapped.Layers[i].ScheduleBound.ShouldBeLessThanOrEqualTo(mapped.Layers[i].EvaluationCycles);
        }
    }

    [Fact]
    public void A_window_takes_as_many_operands_and_rows_as_its_bits_fill()
    {
        // 22 channels: 198 bits of a window of 3 × 3 in words of 32.
        var mapped = Mapper.Map(Binary(22, 45, 11), new ArrayConfiguration("test", 4096, 32, 64, ArrayConfiguration.AllOperations) { WindowWords = 128 });
        var layer = mapped.Program.Stages[1].Passes.ShouldHaveSingleItem().Descriptor;
        layer.PacksWindows.ShouldBeTrue();
        (layer.OperandsPerRound, layer[DescriptorField.LastWordColumns]).ShouldBe((7, 198 - (6 * 32)));
        (layer[DescriptorField.WindowRows], layer[DescriptorField.WindowColumns], layer[DescriptorField.StepColumns], layer[DescriptorField.PixelWords], layer[DescriptorField.PixelColumns]).ShouldBe((3, 4, 2, 1, 22));
        ((layer[DescriptorField.PositionWords] * 32) + layer[DescriptorField.PositionBits]).ShouldBe(3 * 22);
        mapped.Layers[1].Rows.ShouldBe(45 * 7);
        mapped.Layers[1].PaddingOperands.ShouldBe(0);

        // 2 · 4 columns of 66 bits behind up to 31 others: 18 words.
        layer[DescriptorField.RingWords].ShouldBe(18);
    }

    [Fact]
    public void What_windows_cannot_be_packed_for_is_packed_by_channel()
    {
        bool IsPacked(NumberFormat format, Padding padding, Distance dilation, int words = 256, int channels = 3, int columns = 32)
        {
            var network = Convolution(channels, format, padding, dilation);
            var mapped = Mapper.Map(network, new ArrayConfiguration("test", 1024, columns, 16, ArrayConfiguration.AllOperations) { WindowWords = words }, packing: InputPacking.Fewest);
            return mapped.Packing == InputPacking.Channel && Packs(mapped, 0);
        }

        var (one, two) = (Distance.One, new Distance(2, 2));
        IsPacked(NumberFormat.Unsigned(2), Padding.Same(1), one).ShouldBeTrue("zeros lie outside");
        IsPacked(NumberFormat.Bipolar, Padding.None, one).ShouldBeTrue("nothing lies outside");
        IsPacked(NumberFormat.Bipolar, Padding.Same(1), one).ShouldBeFalse("what lies outside is neither 1 nor -1");
        IsPacked(NumberFormat.Unsigned(2), Padding.None, new Distance(2, 1)).ShouldBeTrue("columns are neighbours");
        IsPacked(NumberFormat.Unsigned(2), Padding.None, two).ShouldBeFalse("columns are not neighbours");
        IsPacked(NumberFormat.Unsigned(8), Padding.Same(1), one, words: 16).ShouldBeFalse("eight planes of windows find no room");
        IsPacked(NumberFormat.Unsigned(2), Padding.Same(1), one, words: 0).ShouldBeFalse("there is no window memory");
        IsPacked(NumberFormat.Unsigned(2), Padding.Same(1), one, channels: 32).ShouldBeFalse("words are full");
    }

    private static bool Packs(MappedNetwork mapped, int stage) => mapped.Program.Stages[stage].Passes.Any(pass => pass.Descriptor.PacksWindows);

    private static QuantisedNetwork Binary(int first, int second, int third)
    {
        var random = new Random(11);
        var layers = new List<Layer>();
        var (from, channels) = ("pixels", 1);
        foreach (var (filters, pools) in new[] { (first, true), (second, true), (third, false) })
        {
            var name = FormattableString.Invariant($"conv{layers.Count}");
            layers.Add(new ConvolutionLayer(name, from, Weights(random, filters, channels)));
            layers.Add(Thresholds(name + "-bits", name, filters));
            from = name + "-bits";
            if (pools)
            {
                layers.Add(new MaxPoolLayer(name + "-pool", from, 2, 2));
                from = name + "-pool";
            }

            channels = filters;
        }

        return QuantisedNetwork.Create("binary", new NetworkInput("pixels", new TensorShape(1, 28, 28), PixelRule.BipolarAt(128)), layers);
    }

    private static QuantisedNetwork Convolution(int channels, NumberFormat format, Padding padding, Distance dilation)
    {
        // The input is read by two, so that the host cannot write the windows of one.
        var random = new Random(7);
        int[] table = [.. Enumerable.Range(0, 256).Select(pixel => format.Kind == NumberKind.Bipolar ? (2 * (pixel >> 7)) - 1 : pixel >> (8 - format.Bits))];
        var input = new NetworkInput("pixels", new TensorShape(channels, 12, 12), new PixelRule("test", format, [.. table]));
        return QuantisedNetwork.Create("n", input,
        [
            new ConvolutionLayer("sums", "pixels", Weights(random, 16, channels)) { Padding = padding, Dilation = dilation }, Thresholds("bits", "sums", 16),
            new ConvolutionLayer("others", "pixels", Weights(random, 16, channels)) { Padding = padding, Dilation = dilation }, Thresholds("more", "others", 16),
            new ConcatenateLayer("both", ["bits", "more"]),
        ]);
    }

    private static WeightTensor Weights(Random random, int filters, int channels) =>
        new(NumberFormat.Bipolar, filters, channels, 3, 3, [.. Enumerable.Range(0, filters * channels * 9).Select(_ => (2 * random.Next(2)) - 1)]);

    private static ThresholdLayer Thresholds(string name, string from, int filters) => new(name, from, [.. Enumerable.Range(0, filters).Select(i => (long)(i % 5))], [.. Enumerable.Repeat(false, filters)]);
}
