using HwGen.Networks;

namespace HwGen.Cli.Tests;

/// <summary>A network and images so small that a whole co-simulation takes a moment: 8-bit pixels, two convolutions, pools, a dense layer.</summary>
internal static class TinyNetwork
{
    public const int Images = 12;

    private const int Size = 8;
    private const int Classes = 4;

    /// <summary>A configuration that it fits into.</summary>
    public const string Configuration = """
        name: tiny
        array: { rows: 128, columns: 8, lanes: 8 }
        memories: { operandWords: 1024, resultWords: 64, initialWords: 64, levelWords: 16 }
        """;

    /// <summary>Writes network, images and configuration into a folder: net.hwnet, images.idx, labels.idx, tiny.yaml.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        NetworkFile.Write(Network(), Path.Combine(folder, "net.hwnet"));
        File.WriteAllText(Path.Combine(folder, "tiny.yaml"), Configuration);
        var random = new Random(3);
        var pixels = new byte[Images * Size * Size];
        random.NextBytes(pixels);
        File.WriteAllBytes(Path.Combine(folder, "images.idx"), [0, 0, 8, 3, 0, 0, 0, Images, 0, 0, 0, Size, 0, 0, 0, Size, .. pixels]);
        File.WriteAllBytes(Path.Combine(folder, "labels.idx"), [0, 0, 8, 1, 0, 0, 0, Images, .. Enumerable.Range(0, Images).Select(_ => (byte)random.Next(Classes))]);
    }

    private static QuantisedNetwork Network()
    {
        var random = new Random(5);
        var input = new NetworkInput("image", new TensorShape(1, Size, Size), PixelRule.Unsigned8);
        var layers = new List<Layer>();
        Convolution("conv1", "image", 6, 1);
        Threshold("sign1", "conv1", 6);
        layers.Add(new MaxPoolLayer("pool1", "sign1", 2, 2));
        Convolution("conv2", "pool1", 10, 6);
        Threshold("sign2", "conv2", 10);
        layers.Add(new MaxPoolLayer("pool2", "sign2", 2, 2));
        layers.Add(new DenseLayer("logits", "pool2", WeightTensor.Dense(NumberFormat.Bipolar, Classes, 40, Signs(Classes * 40))));
        return QuantisedNetwork.Create("tiny", input, layers);

        void Convolution(string name, string from, int filters, int channels) => layers.Add(
            new ConvolutionLayer(name, from, WeightTensor.Convolution(NumberFormat.Bipolar, filters, channels, 3, 3, Signs(filters * channels * 9))) { Padding = new Padding(1, 1, 1, 1) });

        void Threshold(string name, string from, int channels)
        {
            var range = QuantisedNetwork.Create("part", input, layers)[from].Range;
            var spread = (range.Maximum - range.Minimum) / 20;
            layers.Add(new ThresholdLayer(
                name, from, [.. Enumerable.Range(0, channels).Select(_ => random.NextInt64(-spread, spread + 1))], [.. Enumerable.Range(0, channels).Select(_ => random.Next(3) == 0)]));
        }

        int[] Signs(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? -1 : 1)];
    }
}
