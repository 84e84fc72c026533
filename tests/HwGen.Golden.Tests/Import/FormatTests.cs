using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>Domains, number types, versions and operators that a file may name, one small file each: the imported network against the source run as it stands.</summary>
public class FormatTests
{
    [Theory]
    [InlineData("onnx.brevitas")]
    [InlineData("finn.custom_op.general")]
    [InlineData("qonnx.custom_op.general")]
    public void The_three_domains_of_qonnx_are_known_listed_or_not(string domain)
    {
        foreach (bool listed in new[] { true, false })
        {
            var builder = new OnnxBuilder(1, 12);
            if (listed)
                builder.Model.OpsetImport.Add(new Networks.Onnx.OperatorSetIdProto { Domain = domain, Version = 1 });
            string x = builder.NodeIn(domain, "Quant", ["image", builder.Float(0.25), builder.Float(0), builder.Float(3)], ("signed", 0), ("narrow", 0), ("rounding_mode", "ROUND"));
            x = builder.NodeIn(domain, "IntQuant", [builder.Node("MatMul", [x, builder.Floats([12, 3], [.. OperatorTests.Codes(36, -2, 2).Select(code => (double)code)])]), builder.Float(0.5), builder.Float(0), builder.Float(4)],
                ("signed", 1), ("narrow", 1), ("rounding_mode", "FLOOR"));
            x = builder.NodeIn(domain, "BipolarQuant", [x, builder.Float(0.5)]);
            x = builder.Node("MatMul", [x, builder.NodeIn(domain, "BipolarQuant", [builder.Floats([3, 2], 1, 0, -0.1, 2, -3, 0.1), builder.Float(1)])]);
            OperatorTests.Same(builder.Output(x), 0.5);
        }
    }

    [Theory]
    [InlineData("Quant", 2)]
    [InlineData("Frobnicate", 4)]
    public void An_operator_of_qonnx_in_another_domain_is_refused_by_name(string type, int inputs)
    {
        var builder = new OnnxBuilder(1, 4);
        builder.Output(builder.NodeIn(type == "Quant" ? "com.example" : "onnx.brevitas", type, ["image", .. Enumerable.Range(0, inputs - 1).Select(_ => builder.Float(1))]));
        Should.Throw<InputFileException>(() => builder.Import()).Message.ShouldContain(Invariant($"({type}): the operator is not supported"));
    }

    [Theory]
    [InlineData(ElementType.UInt4, 0, 15)]
    [InlineData(ElementType.Int4, -8, 7)]
    [InlineData(ElementType.UInt8, 0, 255)]
    [InlineData(ElementType.Int8, -128, 127)]
    [InlineData(ElementType.UInt16, 0, 65535)]
    [InlineData(ElementType.Int16, -32768, 32767)]
    internal void Every_integer_type_quantises_and_dequantises_saturating_last(ElementType type, int low, int high)
    {
        // A zero point near one end: half of the values are beyond it.
        int zero = low + ((high - low) / 4);
        byte[] Raw(int value) => type is ElementType.UInt4 or ElementType.Int4 ? [(byte)(value & 15)] : type is ElementType.UInt8 or ElementType.Int8 ? [(byte)value] : BitConverter.GetBytes((ushort)value);
        var builder = new OnnxBuilder(ElementType.Int8, 1, 64);
        string x = OperatorTests.Passed(builder, builder.Node("DequantizeLinear", ["image", builder.Float(1)]));
        double step = type is ElementType.UInt4 or ElementType.Int4 ? 16 : type is ElementType.UInt8 or ElementType.Int8 ? 1 : 1 / 256.0;
        string scale = builder.Float(step), zeroPoint = builder.Initialiser(type, [], Raw(zero));
        x = builder.Node("DequantizeLinear", [builder.Node("QuantizeLinear", [x, scale, zeroPoint]), scale, zeroPoint]);
        QuantisedNetwork network = OperatorTests.Same(builder.Output(x), step);
        network.OutputMap.Range.Minimum.ShouldBe(Math.Max(low - zero, (long)Math.Round(-128 / step)));
        network.OutputMap.Range.Maximum.ShouldBe(Math.Min(high - zero, (long)Math.Round(127 / step)));
    }

    [Theory]
    [InlineData(ElementType.UInt4)]
    [InlineData(ElementType.Int4)]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int8)]
    internal void Weights_of_every_type_have_zero_points_a_channel(ElementType type)
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 6);
        bool four = type is ElementType.UInt4 or ElementType.Int4;
        byte[] raw = [.. OperatorTests.Codes(four ? 9 : 18, 0, 255).Select(code => (byte)code)];
        string weights = builder.Node("DequantizeLinear", [builder.Initialiser(type, [6, 3], raw), builder.Floats([3], 0.5, 0.5, 0.5), builder.Initialiser(type, [3], four ? [0x21, 0x07] : [1, 2, 7])], ("axis", 1));
        OperatorTests.Same(builder.Output(builder.Node("MatMul", [builder.Node("DequantizeLinear", ["image", builder.Float(1)]), weights])), 0.5);
    }

    [Theory]
    [InlineData("FLOOR")]
    [InlineData("ROUND")]
    [InlineData("CEIL")]
    [InlineData("UP")]
    [InlineData("DOWN")]
    [InlineData("HALF_UP")]
    [InlineData("HALF_DOWN")]
    public void Both_versions_of_trunc_take_every_rounding_mode(string rounding)
    {
        var builder = new OnnxBuilder(ElementType.Int8, 1, 64);
        string x = OperatorTests.Passed(builder, builder.Node("DequantizeLinear", ["image", builder.Float(0.5)]));
        OperatorTests.Same(builder.Output(builder.Quantised("Trunc", [x, builder.Float(0.5), builder.Float(8), builder.Float(8), builder.Float(5)], ("rounding_mode", rounding))), 0.5);
        OperatorTests.Same(builder.Output(builder.Quantised("Trunc", [x, builder.Float(0.5), builder.Float(0), builder.Float(8), builder.Float(2), builder.Float(6)],
            ("rounding_mode", rounding), ("signed", 1), ("narrow", 0))), 2);
    }

    [Fact]
    public void A_rounding_that_multiply_and_shift_cannot_do_becomes_thresholds_and_others_a_requantise()
    {
        // Steps of 4 have ties at every second value, and half goes to the even number: no multiplier does that.
        QuantisedNetwork Quantised(double scale)
        {
            var builder = new OnnxBuilder(ElementType.Int8, 1, 64);
            string x = OperatorTests.Passed(builder, builder.Node("DequantizeLinear", ["image", builder.Float(1)]));
            return OperatorTests.Same(builder.Output(builder.Quant(x, scale, 0, 8)), scale);
        }
        Quantised(4).Layers[^1].ShouldBeOfType<ThresholdLayer>().Levels.ShouldBe(64);
        Quantised(2.75).Layers[^1].ShouldBeOfType<RequantiseLayer>();
    }

    [Fact]
    public void Shapes_and_simple_values_pass_through()
    {
        var builder = new OnnxBuilder(ElementType.UInt8, 1, 2, 4, 4);
        string x = builder.Node("Dropout", [builder.Node("DequantizeLinear", ["image", builder.Float(1)])]);
        x = builder.Node("Neg", [builder.Node("Sub", [builder.Node("Div", [x, builder.Float(2)]), builder.Float(3)])]);
        x = builder.Quant(builder.Node("Clip", [x, builder.Float(-100), builder.Float(2.5)]), 0.5, 0, 9);
        x = builder.Node("ReduceMean", [x], ("axes", new[] { 2, 3 }), ("keepdims", 1));
        x = builder.Quant(x, 0.5, 0, 9);
        x = builder.Node("Unsqueeze", [builder.Node("Squeeze", [x, builder.Longs(2, 3)]), builder.Longs(2, 3)]);
        x = builder.Node("Identity", [builder.Node("Reshape", [x, builder.Longs(0, -1)])]);
        OperatorTests.Same(builder.Output(builder.Node("MatMul", [x, builder.Floats([2, 3], 1, 0, -1, 2, 3, -2)])), 0.5);
    }

    [Fact]
    public void The_greatest_output_is_an_argmax_or_a_top_of_one()
    {
        foreach (bool top in new[] { false, true })
        {
            var builder = new OnnxBuilder(ElementType.UInt8, 1, 5);
            string x = builder.Node("MatMul", [builder.Node("DequantizeLinear", ["image", builder.Float(1)]), builder.Floats([5, 3], [.. OperatorTests.Codes(15, -3, 3).Select(code => (double)code)])]);
            if (!top)
            {
                OperatorTests.Same(builder.Output(builder.Node("ArgMax", [builder.Node("Softmax", [x])], ("axis", 1), ("keepdims", 1)))).Layers[^1].ShouldBeOfType<ArgmaxLayer>();
                continue;
            }
            builder.Node("TopK", [x, builder.Longs(1)]);
            builder.Model.Graph.Node[^1].Output.Add("best");
            builder.Output("best").Import().Network.Layers[^1].ShouldBeOfType<ArgmaxLayer>();
        }
    }
}
