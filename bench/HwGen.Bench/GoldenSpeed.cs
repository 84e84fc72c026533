using HwGen.Golden;
using HwGen.Networks;
using static System.FormattableString;

namespace HwGen.Bench;

/// <summary>Images a second of the golden model: by definition and on the fast path.</summary>
internal static class GoldenSpeed
{
    public static int Run()
    {
        ImageSet images = DataFolders.LoadIdx("mnist", train: false) ?? DrawnDigits.Draw(10_000, seed: 1);
        Console.WriteLine("| network | definition, 1 core | fast, 1 thread | fast, 1 thread, processor time | fast, all threads |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach ((string name, QuantisedNetwork network) in Networks(images))
        {
            Rate definition = Rate.Measure(5, () =>
            {
                for (int image = 0; image < 5; image++)
                    GoldenModel.Run(network, images.Image(image));
            });
            FastModel fast = FastModel.Compile(network);
            for (int image = 0; image < 20; image++)
            {
                if (!GoldenModel.Run(network, images.Image(image)).Logits.AsSpan().SequenceEqual([.. fast.Logits(images.First(20)).Of(image).ToArray().Select(logit => (long)logit)]))
                    throw new InvalidOperationException(Invariant($"{name}: image {image} differs"));
            }
            Rate one = Rate.Measure(images.Count, () => fast.Logits(images, threads: 1));
            Rate all = Rate.Measure(images.Count, () => fast.Logits(images));
            Console.WriteLine(Invariant($"| {name} | {definition.Wall:N0} | {one.Wall:N0} | {one.Processor:N0} | {all.Wall:N0} |"));
        }
        Console.WriteLine();
        Console.WriteLine(Invariant($"Images: {images.Name}, {images.Count}; {Environment.ProcessorCount} cores."));
        return 0;
    }

    private static IEnumerable<(string Name, QuantisedNetwork Network)> Networks(ImageSet images)
    {
        string? models = DataFolders.Candidates().Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "models"))).FirstOrDefault(Directory.Exists);
        if (models is not null)
        {
            yield return ("TFC_1W1A (784-64-64-64-10, ±1)", OnnxImporter.Import(Path.Combine(models, "qonnx", "TFC_1W1A.onnx")).Network);
            yield return ("mnist-conv, int8 (8 and 16 filters 5×5, dense)", PostTrainingQuantiser.Quantise(
                Path.Combine(models, "onnx", "mnist-conv", "model.onnx"), images.First(200), new ImportOptions { Scaling = InputScaling.Pixels }).Network);
        }
        yield return ("±1 convolutions 32-64-16 and dense 784-256-128-10", BinaryConvolutions());
    }

    /// <summary>The shape of the MNIST network of arXiv 2506.13151 with weights drawn from a seed: the speed does not depend on them.</summary>
    private static QuantisedNetwork BinaryConvolutions()
    {
        var random = new SplitMix(1);
        ConvolutionLayer Convolution(string name, string input, int filters, int channels) =>
            new(name, input, WeightTensor.Convolution(NumberFormat.Bipolar, filters, channels, 3, 3, Signs(ref random, filters * channels * 9))) { Padding = Padding.Same(1) };
        DenseLayer Dense(string name, string input, int outputs, int inputs) =>
            new(name, input, WeightTensor.Dense(NumberFormat.Bipolar, outputs, inputs, Signs(ref random, outputs * inputs)));
        ThresholdLayer Sign(string name, string input, int channels) => new(name, input, [.. new long[channels]], [.. new bool[channels]]);
        return QuantisedNetwork.Create("binary", new NetworkInput("image", new TensorShape(1, 28, 28), PixelRule.BipolarAt()),
        [
            Convolution("conv1", "image", 32, 1), new MaxPoolLayer("pool1", "conv1", 2, 2), Sign("sign1", "pool1", 32),
            Convolution("conv2", "sign1", 64, 32), new MaxPoolLayer("pool2", "conv2", 2, 2), Sign("sign2", "pool2", 64),
            Convolution("conv3", "sign2", 16, 64), Sign("sign3", "conv3", 16),
            Dense("dense1", "sign3", 256, 784), Sign("sign4", "dense1", 256),
            Dense("dense2", "sign4", 128, 256), Sign("sign5", "dense2", 128),
            Dense("dense3", "sign5", 10, 128),
        ]);
    }

    private static int[] Signs(ref SplitMix random, int count)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = (2 * random.Between(0, 1)) - 1;
        return values;
    }
}
