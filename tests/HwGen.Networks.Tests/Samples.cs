namespace HwGen.Networks.Tests;

/// <summary>Small networks that many tests start from.</summary>
internal static class Samples
{
    public static WeightTensor Signs(int filters, int channels, int kernel, int seed = 1)
    {
        var random = new System.Random(seed);
        int[] values = [.. Enumerable.Range(0, filters * channels * kernel * kernel).Select(_ => (2 * random.Next(2)) - 1)];
        return WeightTensor.Convolution(NumberFormat.Bipolar, filters, channels, kernel, kernel, values);
    }

    public static NetworkInput Image(int channels = 1, int size = 6, PixelRule? rule = null) =>
        new("image", new TensorShape(channels, size, size), rule ?? PixelRule.BipolarAt());

    public static QuantisedNetwork Binary()
    {
        NetworkInput input = Image();
        var convolution = new ConvolutionLayer("conv1", "image", Signs(4, 1, 3)) { Padding = Padding.Same(1) };
        BatchNorm norm = BatchNorm.FromDoubles([0.5, -1.25, 0, 2], [0.1, 0.7, -1, -30], [0.3, -2, 1, 4], [1.5, 4, 1, 0.25], 1e-5);
        return QuantisedNetwork.Create("sample", input,
        [
            convolution,
            new MaxPoolLayer("pool1", "conv1", 2, 2),
            BatchNormFolding.Fold("sign1", "pool1", norm, new ValueRange(-9, 9)),
            new DenseLayer("dense", "sign1", Signs(3, 36, 1)) { Biases = [5, -5, 0] },
        ]);
    }

    /// <summary>A network with every layer kind and every weight format.</summary>
    public static QuantisedNetwork EveryKind()
    {
        NetworkInput input = Image(2, 8, PixelRule.Signed8);
        return QuantisedNetwork.Create("every-kind", input,
        [
            new ConvolutionLayer("conv/1", "image", WeightTensor.Convolution(
                NumberFormat.TwosComplement(5), 4, 1, 3, 2, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 24).Select(i => i - 12)]))
            {
                Stride = new Distance(1, 2), Padding = new Padding(1, 0, 1, 1), Dilation = new Distance(1, 2), Groups = 2, Biases = [1, -2, 3, 1L << 40],
            },
            new RequantiseLayer("q1", "conv/1", [3, -5, 7, 1], [4, 5, 6, 44], NumberFormat.TwosComplement(8)) { ZeroPoint = -3, Saturation = new ValueRange(-100, 90) },
            new ReluLayer("relu", "q1"),
            new MaxPoolLayer("max", "relu", 2, 2) { Stride = Distance.One, Padding = new Padding(1, 1, 0, 0) },
            new SumPoolLayer("sum", "relu", 2, 2) { Stride = Distance.One, Padding = new Padding(1, 1, 0, 0) },
            new AddLayer("add", "max", "sum", NumberFormat.Unsigned(7)),
            new ConcatenateLayer("both", ["add", "max"]),
            new FlattenLayer("flat", "both"),
            new DenseLayer("ternary", "flat", WeightTensor.Dense(
                NumberFormat.Ternary, 5, 256, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 1280).Select(i => (i % 3) - 1)])),
            new ThresholdLayer("levels", "ternary", [.. Enumerable.Range(0, 15).Select(i => (long)(i % 3 * 50))], [false, true, false, true, false])
            {
                Output = NumberFormat.TwosComplement(3), FirstValue = -2,
            },
            new DenseLayer("magnitude", "levels", WeightTensor.Dense(
                NumberFormat.SignMagnitude(4), 3, 5, (ReadOnlySpan<int>)[.. Enumerable.Range(0, 15).Select(i => i - 7)])),
            new ArgmaxLayer("class", "magnitude"),
        ], "magnitude");
    }
}
