using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>One small file an operator: the imported network against the source run as it stands.</summary>
public class OperatorTests
{
    private static readonly System.Random s_random = new(3);

    internal static int[] Codes(int count, int low, int high) => [.. Enumerable.Range(0, count).Select(i => low + (int)((i * 2654435761L + 12345) % (high - low + 1)))];

    private static double[] Bits(int count) => [.. Codes(count, 0, 1).Select(bit => (double)bit)];

    /// <summary>Every output of some images: golden · factor + offset = source.</summary>
    internal static QuantisedNetwork Same(OnnxBuilder builder, double factor = 1, double offset = 0, InputScaling? scaling = null)
    {
        QuantisedNetwork network = builder.Import(scaling).Network;
        SourceModel source = builder.Source(scaling);
        var seen = new HashSet<double>();
        for (int image = 0; image < 20; image++)
        {
            var pixels = new byte[source.Pixels];
            s_random.NextBytes(pixels);
            double[] expected = source.Run(pixels);
            GoldenModel.Run(network, pixels).Logits.Select(value => (value * factor) + offset).ShouldBe(expected);
            seen.UnionWith(expected);
        }
        seen.Count.ShouldBeGreaterThan(1);
        return network;
    }

    [Fact]
    public void Integer_products_take_zero_points_of_both_sides()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 6);
        string product = builder.Node("MatMulInteger", ["image", builder.Int8s([6, 3], Codes(18, -128, 127)), builder.UInt8s([], 7), builder.Int8s([], -5)]);
        QuantisedNetwork network = Same(builder.Output(product));
        network.Input.Rule.Table[7].ShouldBe(0);

        var image = new OnnxBuilder(ElementType.UInt8, 1, 2, 5, 5);
        string convolution = image.Node("ConvInteger", ["image", image.Int8s([3, 2, 3, 3], Codes(54, -128, 127)), image.UInt8s([], 100), image.Int8s([], 2)],
            ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 }));
        Same(image.Output(convolution));
    }

    [Fact]
    public void QLinear_operators_round_with_the_float_multiplier()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 1, 6, 6);
        string first = builder.Node("QLinearConv", ["image", builder.Float(0.003), builder.UInt8s([], 12), builder.Int8s([4, 1, 3, 3], Codes(36, -128, 127)),
            builder.Floats([4], 0.02, 0.01, 0.03, 0.005), builder.Int8s([4], 0, 0, 0, 0), builder.Float(0.11), builder.UInt8s([], 120), builder.Int32s([4], 1000, -2000, 0, 55)],
            ("auto_pad", "SAME_UPPER"));
        string flat = builder.Node("Flatten", [first]);
        string second = builder.Node("QLinearMatMul", [flat, builder.Float(0.11), builder.UInt8s([], 120), builder.Int8s([144, 3], Codes(432, -128, 127)),
            builder.Float(0.02), builder.Int8s([], 1), builder.Float(1.7), builder.Int8s([], -3)]);
        Same(builder.Output(second), 1, -3);
    }

    [Fact]
    public void Four_bit_weights_put_the_first_element_into_the_low_nibble()
    {
        var builder = new OnnxBuilder(ElementType.Int8, 1, 2);
        string codes = builder.Initialiser(ElementType.Int4, [2, 2], [0xF1, 0x82]);
        string weights = builder.Node("DequantizeLinear", [codes, builder.Float(1)]);
        string x = builder.Node("DequantizeLinear", ["image", builder.Float(1)]);
        QuantisedNetwork network = Same(builder.Output(builder.Node("MatMul", [x, weights])));
        ((DenseLayer)network.Layers[^1]).Weights.Values.ShouldBe([1, 2, -1, -8]);
    }

    [Fact]
    public void Xnor_popcount_returns_matches()
    {
        var builder = new OnnxBuilder(1, 12);
        string bits = builder.Quantised("MultiThreshold", ["image", builder.Floats([1, 1], 0.5)]);
        string matches = builder.Quantised("XnorPopcountMatMul", [bits, builder.Floats([12, 4], Bits(48))]);
        string again = builder.Quantised("MultiThreshold", [matches, builder.Floats([4, 1], 5, 6, 7, 6)]);
        string last = builder.Quantised("XnorPopcountMatMul", [again, builder.Floats([4, 2], Bits(8))]);
        QuantisedNetwork network = Same(builder.Output(last), 0.5, 2);
        network.Layers.OfType<WeightedLayer>().ShouldAllBe(layer => layer.Weights.Format == NumberFormat.Bipolar);
    }

    [Theory]
    [InlineData("ROUND")]
    [InlineData("FLOOR")]
    [InlineData("CEIL")]
    [InlineData("HALF_UP")]
    [InlineData("HALF_DOWN")]
    [InlineData("UP")]
    [InlineData("DOWN")]
    [InlineData("half_even")]
    public void Rounding_modes_of_quantisers_follow_their_definition_on_ties(string rounding)
    {
        // Pixels −128 … 127 with a scale of 4: every second value is a tie or nearly one.
        var builder = new OnnxBuilder(ElementType.Int8, 1, 64);
        string x = builder.Node("DequantizeLinear", ["image", builder.Float(1)]);
        Same(builder.Output(builder.Quant(Passed(builder, x), 4, 0, 8, rounding: rounding)), 4);
    }

    // A product with 1, so that something stands between the input and the quantiser.
    internal static string Passed(OnnxBuilder builder, string x) =>
        builder.Node("MatMul", [x, builder.Floats([64, 64], [.. Enumerable.Range(0, 4096).Select(i => i % 65 == 0 ? 1.0 : 0)])]);

    [Fact]
    public void Both_versions_of_trunc_drop_low_bits()
    {
        var builder = new OnnxBuilder(ElementType.Int8, 1, 64);
        string x = Passed(builder, builder.Node("DequantizeLinear", ["image", builder.Float(0.5)]));
        Same(builder.Output(builder.Quantised("Trunc", [x, builder.Float(0.5), builder.Float(0), builder.Float(8), builder.Float(4)], ("rounding_mode", "FLOOR"))), 0.5);
        Same(builder.Output(builder.Quantised("Trunc", [x, builder.Float(0.5), builder.Float(0), builder.Float(8), builder.Float(4), builder.Float(3)],
            ("rounding_mode", "ROUND"), ("signed", 1), ("narrow", 1))), 4);
    }

    [Fact]
    public void Padding_of_convolutions_and_pools_follows_auto_pad_and_ceil_mode()
    {
        foreach (string automatic in new[] { "SAME_UPPER", "SAME_LOWER", "VALID" })
        {
            var builder = new OnnxBuilder(ElementType.UInt8, 1, 1, 7, 6);
            string x = builder.Node("DequantizeLinear", ["image", builder.Float(1)]);
            string y = builder.Node("Conv", [x, builder.Floats([2, 1, 4, 2], [.. Codes(16, -3, 3).Select(code => (double)code)])], ("auto_pad", automatic), ("strides", new[] { 2, 2 }));
            y = builder.Node("MaxPool", [y], ("kernel_shape", new[] { 2, 2 }), ("auto_pad", automatic));
            Same(builder.Output(y));
        }
    }

    [Fact]
    public void Depthwise_dilated_and_global_layers()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 3, 8, 8);
        string x = builder.Node("DequantizeLinear", ["image", builder.Float(1), builder.UInt8s([], 128)]);
        string y = builder.Node("Conv", [x, builder.Floats([6, 1, 2, 3], [.. Codes(36, -4, 3).Select(code => (double)code)])], ("group", 3), ("dilations", new[] { 3, 2 }));
        Same(builder.Output(builder.Node("GlobalMaxPool", [y])));
        Same(builder.Output(builder.Quant(builder.Node("GlobalAveragePool", [y]), 2, 0, 8)), 2);
    }

    [Fact]
    public void Maps_of_unlike_scales_are_joined_exactly()
    {
        var builder = new OnnxBuilder(1, 2, 4, 4);
        string a = builder.Quant("image", 0.25, 0, 4, signed: false), b = builder.Quant("image", 0.375, 0, 3, signed: false);
        string joined = builder.Node("Concat", [a, b], ("axis", 1));
        Same(builder.Output(builder.Node("Conv", [joined, builder.Floats([3, 4, 2, 2], [.. Codes(48, -2, 2).Select(code => (double)code)])])), 0.125);
        Same(builder.Output(builder.Node("Sub", [a, b])), 0.125);
    }

    [Fact]
    public void Max_pool_behind_a_falling_batch_norm_takes_the_least_accumulator()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 1, 6, 6);
        string x = builder.Node("DequantizeLinear", ["image", builder.Float(1)]);
        string y = builder.Node("Conv", [x, builder.Floats([2, 1, 2, 2], 1, -1, 1, 1, 1, 1, -1, 1)]);
        y = builder.Node("BatchNormalization", [y, builder.Floats([2], -1.5, 0.5), builder.Floats([2], 40, 3), builder.Floats([2], 10, -20), builder.Floats([2], 16, 9)]);
        y = builder.Node("MaxPool", [y], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        Same(builder.Output(builder.Quant(y, 4, 0, 6)), 4);
    }

    [Fact]
    public void A_gemm_with_bias_and_a_transposed_matrix()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 5);
        string x = builder.Node("DequantizeLinear", ["image", builder.Float(0.5)]);
        string y = builder.Node("Gemm", [x, builder.Floats([3, 5], [.. Codes(15, -7, 7).Select(code => (double)code)]), builder.Floats([3], 0.5, -20, 4)], ("transB", 1));
        QuantisedNetwork network = Same(builder.Output(y), 0.5);
        ((DenseLayer)network.Layers[^1]).Biases.ShouldBe([1, -40, 8]);
        ImportedNetwork softmax = builder.Output(builder.Node("Softmax", [y])).Import();
        softmax.Notes.ShouldHaveSingleItem().ShouldContain("Softmax");
        builder.Output(builder.Node("ArgMax", [y], ("axis", 1))).Import().Network.Layers[^1].ShouldBeOfType<ArgmaxLayer>();
    }

    [Fact]
    public void Outputs_with_scales_of_their_own_are_brought_to_one_and_a_note_tells()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 5);
        string weights = builder.Node("DequantizeLinear", [builder.Int8s([5, 3], Codes(15, -128, 127)), builder.Floats([3], 0.5, 0.25, 0.125)], ("axis", 1));
        string y = builder.Node("MatMul", [builder.Node("DequantizeLinear", ["image", builder.Float(1)]), weights]);
        Same(builder.Output(y), 0.5 / 65536);
        builder.Import().Notes.ShouldHaveSingleItem().ShouldContain("exactly");
    }

    [Fact]
    public void A_normalised_pixel_is_quantised_by_the_input_rule()
    {
        InputScaling scaling = InputScaling.Normalised([Rational.Parse("0.1307")], [Rational.Parse("0.3081")]);
        var builder = new OnnxBuilder(1, 1, 3, 3);
        string x = builder.Quant("image", 1 / 64.0, 0, 8);
        string y = builder.Node("Conv", [x, builder.Floats([2, 1, 3, 3], [.. Codes(18, -2, 2).Select(code => (double)code)])], ("pads", new[] { 1, 1, 1, 1 }));
        QuantisedNetwork network = Same(builder.Output(y), 1 / 64.0, scaling: scaling);
        network.Layers.ShouldHaveSingleItem();
        network.Input.Rule.Table[0].ShouldBe(-27);
    }
}
