namespace HwGen.Networks.Tests;

public class InferenceTests
{
    [Fact]
    public void Shapes_formats_and_ranges_follow_the_layers()
    {
        QuantisedNetwork network = Samples.Binary();
        network["conv1"].ShouldBe(new FeatureMap(new TensorShape(4, 6, 6), NumberFormat.TwosComplement(5), new ValueRange(-9, 9)));
        network["pool1"].Shape.ShouldBe(new TensorShape(4, 3, 3));
        network["sign1"].ShouldBe(new FeatureMap(new TensorShape(4, 3, 3), NumberFormat.Bipolar, new ValueRange(-1, 1)));
        network["dense"].ShouldBe(new FeatureMap(TensorShape.Flat(3), NumberFormat.TwosComplement(7), new ValueRange(-41, 41)));
        network.Output.ShouldBe("dense");
    }

    [Fact]
    public void The_range_of_an_accumulator_is_reached_and_never_passed()
    {
        // 4-bit weights on pixels: the extremes are the sums of the positive and of the negative weights times 255.
        var dense = new DenseLayer("d", "image", WeightTensor.Dense(NumberFormat.TwosComplement(4), 2, 4, (ReadOnlySpan<int>)[1, -2, 7, 0, -8, -8, 3, 1])) { Biases = [10, 0] };
        NetworkInput input = new("image", new TensorShape(1, 2, 2), PixelRule.Unsigned8);
        QuantisedNetwork.Create("n", input, [dense])["d"].Range.ShouldBe(new ValueRange(-16 * 255, 10 + (8 * 255)));
        AccumulatorRange.OfFilter(dense, 0, input.Rule.Range, padded: false).ShouldBe(new ValueRange(10 - (2 * 255), 10 + (8 * 255)));
    }

    [Fact]
    public void Padding_widens_a_range_that_excludes_zero()
    {
        var rule = PixelRule.Unsigned8 with { Name = "from 5", Table = [.. Enumerable.Range(0, 256).Select(pixel => Math.Max(5, pixel))] };
        var convolution = new ConvolutionLayer("c", "image", WeightTensor.Convolution(NumberFormat.Unsigned(1), 1, 1, 2, 2, (ReadOnlySpan<int>)[1, 1, 1, 1]));
        QuantisedNetwork.Create("n", Samples.Image(rule: rule), [convolution])["c"].Range.ShouldBe(new ValueRange(20, 1020));
        QuantisedNetwork.Create("n", Samples.Image(rule: rule), [convolution with { Padding = Padding.Same(1) }])["c"].Range.ShouldBe(new ValueRange(0, 1020));
    }

    [Theory]
    [InlineData(28, 3, 1, 1, 1, 28)]
    [InlineData(28, 5, 1, 2, 1, 28)]
    [InlineData(7, 3, 2, 0, 1, 3)]
    [InlineData(8, 3, 2, 0, 1, 3)]
    [InlineData(8, 3, 1, 0, 2, 4)]
    [InlineData(4, 3, 1, 0, 2, 0)]
    public void A_window_makes_this_many_outputs(int size, int kernel, int stride, int padding, int dilation, int expected) =>
        new Window(kernel, kernel, new Distance(stride, stride), Padding.Same(padding), new Distance(dilation, dilation)).OutputWidth(size).ShouldBe(expected);

    public static TheoryData<Layer, string> Broken() => new()
    {
        { new ConvolutionLayer("x", "nowhere", Samples.Signs(1, 1, 3)), "reads 'nowhere', which no earlier layer makes" },
        { new ConvolutionLayer("x", "x", Samples.Signs(1, 1, 3)), "reads 'x', which no earlier layer makes" },
        { new ConvolutionLayer("image", "image", Samples.Signs(1, 1, 3)), "the name 'image' is used twice" },
        { new ConvolutionLayer("a b", "image", Samples.Signs(1, 1, 3)), "named 'a b'" },
        { new ConvolutionLayer("x", "image", Samples.Signs(1, 2, 3)), "has weights for 2 channels a group: its input has 1 channels" },
        { new ConvolutionLayer("x", "image", Samples.Signs(1, 1, 7)), "kernel of 7×7 that does not fit into 1×6×6" },
        { new ConvolutionLayer("x", "image", Samples.Signs(1, 1, 3)) { Groups = 2 }, "has 2 groups" },
        { new ConvolutionLayer("x", "image", Samples.Signs(1, 1, 3)) { Stride = new Distance(0, 1) }, "stride and dilation of 1 to" },
        { new ConvolutionLayer("x", "image", Samples.Signs(1, 1, 3)) { Padding = Padding.Same(-1) }, "padding of 0 to" },
        { new ConvolutionLayer("x", "image", Samples.Signs(2, 1, 3)) { Biases = [1] }, "has 1 biases for 2 filters" },
        { new DenseLayer("x", "image", Samples.Signs(1, 35, 1)), "has weights for 35 inputs: its input 1×6×6 has 36" },
        { new DenseLayer("x", "image", WeightTensor.Dense(NumberFormat.Bipolar, 1, 36, new int[36])), "has the weight 0 at place 0, which ±1 cannot write" },
        { new DenseLayer("x", "image", WeightTensor.Dense(NumberFormat.Bipolar, 1, 36, new int[35])), "has 35 weights for the shape 1×36×1×1" },
        { new DenseLayer("x", "image", WeightTensor.Dense(new NumberFormat(NumberKind.Bipolar, 3), 1, 36, new int[36])), "does not exist" },
        { new MaxPoolLayer("x", "image", 2, 2) { Padding = Padding.Same(2) }, "a window would hold no value" },
        { new MaxPoolLayer("x", "image", 7, 7), "does not fit" },
        { new ThresholdLayer("x", "image", [0, 0], [false, false]), "has 2 directions for 1 channels" },
        { new ThresholdLayer("x", "image", [3], [false]), "the threshold 3 in channel 0: -1 (always reached) to 2 (never) are allowed" },
        { new ThresholdLayer("x", "image", [1, 0], [false]) { Output = NumberFormat.Unsigned(2) }, "do not ascend" },
        { new ThresholdLayer("x", "image", [0, 1], [false]), "±1 takes one" },
        { new ThresholdLayer("x", "image", [0, 1], [false]) { Output = NumberFormat.Unsigned(1) }, "makes the values 0…2, which u1 cannot write" },
        { new RequantiseLayer("x", "image", [1, 1], [0], NumberFormat.Unsigned(4)), "needs 1 or 1 multipliers" },
        { new RequantiseLayer("x", "image", [1], [63], NumberFormat.Unsigned(4)), "shifts of 0 to 62" },
        { new RequantiseLayer("x", "image", [1], [0], NumberFormat.Unsigned(4)) { Saturation = new ValueRange(0, 16) }, "saturates to 0…16, which u4 cannot write" },
        { new ConcatenateLayer("x", ["image"]), "two or more" },
        { new AddLayer("x", "image", "image", NumberFormat.Bipolar), "use a threshold" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_told_with_the_layer(Layer layer, string message)
    {
        var error = Should.Throw<InvalidNetworkException>(() => QuantisedNetwork.Create("n", Samples.Image(), [layer]));
        error.Problems.ShouldHaveSingleItem().ShouldContain(message);
        error.Message.ShouldContain("network 'n'");
    }

    [Fact]
    public void All_problems_are_told_and_what_follows_from_them_is_not()
    {
        var error = Should.Throw<InvalidNetworkException>(() => QuantisedNetwork.Create("n", Samples.Image(),
        [
            new ConvolutionLayer("first", "image", Samples.Signs(1, 3, 3)),
            new ReluLayer("after", "first"),
            new MaxPoolLayer("second", "image", 9, 9),
        ]));
        error.Problems.Count.ShouldBe(2);
    }

    [Fact]
    public void A_sum_beyond_61_bits_is_refused()
    {
        var layers = new List<Layer>();
        string previous = "image";
        for (int i = 0; i < 3; i++)
        {
            layers.Add(new DenseLayer(Invariant($"d{i}"), previous, WeightTensor.Dense(NumberFormat.TwosComplement(32), 1, i == 0 ? 36 : 1, (ReadOnlySpan<int>)[.. Enumerable.Repeat(int.MaxValue, i == 0 ? 36 : 1)])));
            previous = Invariant($"d{i}");
        }
        Should.Throw<InvalidNetworkException>(() => QuantisedNetwork.Create("n", Samples.Image(), layers)).Message.ShouldContain("'d1' (dense) reaches beyond ±2^61");
    }

    [Fact]
    public void The_layer_table_shows_every_layer_and_the_totals()
    {
        QuantisedNetwork network = Samples.Binary();
        LayerTableRow row = LayerTable.Of(network)[0];
        row.MultiplyAccumulates.ShouldBe(4 * 9 * 36);
        row.WeightBits.ShouldBe(36);
        string text = LayerTable.ToText(network);
        text.Split('\n').Length.ShouldBe(1 + 1 + 4 + 1 + 1);
        text.ShouldContain("conv1");
        text.ShouldContain("4×6×6");
        text.ShouldContain("-9…9");
        text.ShouldContain("1,404");
    }
}
