using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>Imported networks against ONNX Runtime: QDQ files executed in floats, and QLinear operators.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The first run installs onnxruntime-node, 290 MB, with npm; it took 7 s.
    [Fact]
    public void Logits_equal_those_of_onnx_runtime()
    {
        const int Models = 40, Images = 5;
        var random = new System.Random(11);
        var builders = new List<(OnnxBuilder Builder, string Type, int[] Shape, double Factor, double Offset)>();
        for (int i = 0; i < Models; i++)
            builders.Add(i % 2 == 0 ? QuantiseDequantise(random) : Linear(random));
        var tasks = builders.Select(one => (one.Builder.Bytes(), one.Type, one.Shape, Images: Enumerable.Range(0, Images).Select(_ =>
        {
            var pixels = new byte[one.Shape.Aggregate(1, (product, extent) => product * extent)];
            random.NextBytes(pixels);
            return pixels;
        }).ToArray())).ToList();
        double[][][] outputs = OnnxRuntime.Run(_folder, tasks);
        int compared = 0, distinct = 0;
        for (int i = 0; i < Models; i++)
        {
            QuantisedNetwork network = builders[i].Builder.Import(InputScaling.Pixels).Network;
            for (int image = 0; image < Images; image++)
            {
                double[] golden = [.. GoldenModel.Run(network, tasks[i].Images[image]).Logits.Select(value => (value * builders[i].Factor) + builders[i].Offset)];
                golden.ShouldBe(outputs[i][image], Invariant($"model {i}, image {image}\n{LayerTable.ToText(network)}"));
                compared += golden.Length;
                distinct += golden.Distinct().Count();
            }
        }
        compared.ShouldBeGreaterThan(Models * Images * 2);
        distinct.ShouldBeGreaterThan(compared / 3);
    }

    /// <summary>Scales are powers of two, so that 32-bit floats are exact whatever the order of their sums; ties occur.</summary>
    private static (OnnxBuilder, string, int[], double, double) QuantiseDequantise(System.Random random)
    {
        int channels = random.Next(1, 4), filters = random.Next(1, 7), outputs = random.Next(2, 6);
        int[] shape = [1, channels, 8, 8];
        var builder = new OnnxBuilder(shape);
        string Pair(string x, double scale)
        {
            string scaleName = builder.Float(scale), zero = random.Next(2) == 0 ? builder.UInt8s([], random.Next(60)) : builder.Int8s([], random.Next(-60, 60));
            return builder.Node("DequantizeLinear", [builder.Node("QuantizeLinear", [x, scaleName, zero]), scaleName, zero]);
        }
        string Weights(int[] extents, int axis) => builder.Node("DequantizeLinear",
            [builder.Int8s(extents, [.. Enumerable.Range(0, extents.Aggregate(1, (product, extent) => product * extent)).Select(_ => random.Next(-128, 128))]),
             builder.Floats([extents[axis]], [.. Enumerable.Range(0, extents[axis]).Select(_ => axis == 0 ? Math.Pow(2, -random.Next(4, 8)) : 1.0 / 64)])], ("axis", axis));
        string y = Pair("image", 2);
        y = builder.Node("Conv", [y, Weights([filters, channels, 3, 3], 0), builder.Floats([filters], [.. Enumerable.Range(0, filters).Select(_ => random.Next(-400, 400) / 4.0)])],
            ("pads", new[] { 1, 1, 1, 1 }), ("kernel_shape", new[] { 3, 3 }));
        if (random.Next(2) == 0)
            y = builder.Node("Relu", [y]);
        y = builder.Node("MaxPool", [y], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
        y = Pair(y, 4);
        if (random.Next(2) == 0)
            y = Pair(builder.Node("AveragePool", [y], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })), 4);
        else
            y = Pair(builder.Node("MaxPool", [y], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })), 8);
        y = builder.Node("Flatten", [y]);
        // The scale of what the last product reads, from the file.
        double last = builder.Model.Graph.Node.Last(node => node.OpType == "DequantizeLinear").Input[1] is var name
            ? BitConverter.ToSingle(builder.Model.Graph.Initializer.Single(tensor => tensor.Name == name).RawData.Span) : 0;
        y = builder.Node("MatMul", [y, Weights([filters * 4, outputs], 1)]);
        return (builder.Output(y), "float32", shape, last / 64, 0);
    }

    private static (OnnxBuilder, string, int[], double, double) Linear(System.Random random)
    {
        int channels = random.Next(1, 4), filters = random.Next(1, 6), outputs = random.Next(2, 6);
        int[] shape = [1, channels, 7, 7];
        var builder = new OnnxBuilder(ElementType.UInt8, shape);
        double Scale() => (random.NextDouble() * 0.05) + 0.001;
        // Within ±63: some processors saturate sums of two larger products of 8 bits.
        int[] Codes(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-63, 64))];
        string middle = builder.Float(Scale() * 10), middleZero = builder.UInt8s([], random.Next(200));
        string y = builder.Node("QLinearConv", ["image", builder.Float(Scale()), builder.UInt8s([], random.Next(200)), builder.Int8s([filters, channels, 3, 3], Codes(filters * channels * 9)),
            builder.Floats([filters], [.. Enumerable.Range(0, filters).Select(_ => Scale())]), builder.Int8s([filters], new int[filters]), middle, middleZero,
            builder.Int32s([filters], [.. Enumerable.Range(0, filters).Select(_ => random.Next(-3000, 3000))])],
            ("pads", new[] { 0, 1, 1, 0 }), ("strides", new[] { 2, 2 }), ("kernel_shape", new[] { 3, 3 }));
        y = builder.Node("Flatten", [y]);
        int inputs = filters * 9, zero = random.Next(100);
        y = builder.Node("QLinearMatMul", [y, middle, middleZero, builder.Int8s([inputs, outputs], Codes(inputs * outputs)), builder.Float(Scale()), builder.Int8s([], 0), builder.Float(Scale() * 20), builder.UInt8s([], zero)]);
        builder.Output(y);
        builder.Model.Graph.Output[0].Type.TensorType.ElemType = (int)ElementType.UInt8;
        return (builder, "uint8", shape, 1, zero);
    }
}
