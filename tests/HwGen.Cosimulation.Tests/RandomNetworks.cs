using HwGen.Architecture.Configuration;
using HwGen.Networks;

namespace HwGen.Cosimulation.Tests;

/// <summary>Networks and arrays drawn by a seed: every layer kind that this version maps, in every order that it maps.</summary>
internal static class RandomNetworks
{
    public static ArrayConfiguration Array(Random random)
    {
        var lanes = random.Next(4) == 0 ? random.Next(1, 25) : 1 << random.Next(0, 6);
        var groups = random.Next(1, 17);
        var columns = random.Next(3) == 0 ? random.Next(4, 80) : 1 << random.Next(2, 7);
        return new ArrayConfiguration("random", groups * lanes, columns, lanes, ArrayConfiguration.AllOperations, OperandWords: 4096, InitialWords: 1 << random.Next(1, 8))
        {
            // From what is drawn already: the networks that follow stay what they were.
            Storage = (StorageKind)(groups % 2),
        };
    }

    public static QuantisedNetwork Network(Random random)
    {
        var rule = random.Next(4) switch
        {
            0 => PixelRule.Unsigned8,
            1 => PixelRule.Signed8,
            _ => PixelRule.BipolarAt(random.Next(1, 256)),
        };
        var shape = new TensorShape(random.Next(1, 6), random.Next(1, 9), random.Next(1, 9));
        var input = new NetworkInput("pixels", shape, rule);
        var layers = new List<Layer>();
        var previous = input.Name;
        for (var i = 0; i < random.Next(0, 3); i++)
        {
            var map = Map(input, layers, previous);
            if (Convolution(random, FormattableString.Invariant($"convolution{i}"), previous, map.Shape) is not { } convolution)
            {
                break;
            }

            layers.Add(convolution);
            previous = convolution.Name;
            var pool = random.Next(3);
            if (pool == 0)
            {
                previous = Pool(random, layers, input, previous, i);
            }

            var threshold = Threshold(random, FormattableString.Invariant($"threshold{i}"), previous, Map(input, layers, previous));
            layers.Add(threshold);
            previous = threshold.Name;
            if (pool == 1)
            {
                previous = Pool(random, layers, input, previous, i);
            }
        }

        if (random.Next(2) == 0)
        {
            layers.Add(new FlattenLayer("flatten", previous));
            previous = "flatten";
        }

        if (random.Next(2) == 0)
        {
            layers.Add(Dense(random, "hidden", previous, Map(input, layers, previous).Shape, random.Next(1, 40)));
            var threshold = Threshold(random, "hiddenThreshold", "hidden", Map(input, layers, "hidden"));
            layers.Add(threshold);
            previous = threshold.Name;
        }

        if (random.Next(8) > 0)
        {
            layers.Add(Dense(random, "logits", previous, Map(input, layers, previous).Shape, random.Next(1, 20)));
        }
        else if (previous != "flatten" && layers.Count > 0)
        {
            return QuantisedNetwork.Create("random", input, layers);
        }
        else
        {
            layers.Add(Dense(random, "logits", previous, Map(input, layers, previous).Shape, 3));
        }

        return QuantisedNetwork.Create("random", input, layers);
    }

    public static ImageSet Images(Random random, QuantisedNetwork network, int count)
    {
        var pixels = new byte[count * network.Input.Shape.Count];
        random.NextBytes(pixels);
        return new ImageSet("random", network.Input.Shape, pixels, new byte[count]);
    }

    private static FeatureMap Map(NetworkInput input, List<Layer> layers, string name) => layers.Count == 0
        ? new FeatureMap(input.Shape, input.Rule.Format, input.Rule.Range)
        : QuantisedNetwork.Create("part", input, layers)[name];

    private static ConvolutionLayer? Convolution(Random random, string name, string input, TensorShape shape)
    {
        int kernelHeight = random.Next(1, 4), kernelWidth = random.Next(1, 4), filters = random.Next(1, 30);
        var convolution = new ConvolutionLayer(
            name, input, Weights(random, filters, shape.Channels, kernelHeight, kernelWidth))
        {
            Stride = new Distance(random.Next(1, 3), random.Next(1, 3)),
            Dilation = new Distance(random.Next(1, 3), random.Next(1, 3)),
            Padding = new Padding(random.Next(3), random.Next(3), random.Next(3), random.Next(3)),
            Biases = random.Next(3) == 0 ? [.. Enumerable.Range(0, filters).Select(_ => (long)random.Next(-9, 10))] : [],
        };
        return convolution.Window.OutputHeight(shape.Height) < 1 || convolution.Window.OutputWidth(shape.Width) < 1 ? null : convolution;
    }

    private static DenseLayer Dense(Random random, string name, string input, TensorShape shape, int outputs) =>
        new(name, input, Weights(random, outputs, (int)shape.Count, 1, 1))
        {
            Biases = random.Next(3) == 0 ? [.. Enumerable.Range(0, outputs).Select(_ => (long)random.Next(-9, 10))] : [],
        };

    private static string Pool(Random random, List<Layer> layers, NetworkInput input, string previous, int index)
    {
        var shape = Map(input, layers, previous).Shape;
        var pool = new MaxPoolLayer(FormattableString.Invariant($"pool{index}"), previous, random.Next(1, Math.Min(3, shape.Height) + 1), random.Next(1, Math.Min(3, shape.Width) + 1));
        layers.Add(pool);
        return pool.Name;
    }

    /// <summary>Thresholds where values are likely to lie, and now and then always or never; bits, or values of several levels.</summary>
    private static ThresholdLayer Threshold(Random random, string name, string input, FeatureMap map)
    {
        var middle = (map.Range.Minimum + map.Range.Maximum) / 2;
        var spread = Math.Max(1, (map.Range.Maximum - map.Range.Minimum) / 6);
        var output = random.Next(4) switch
        {
            0 => NumberFormat.Unsigned(random.Next(1, 5)),
            1 => NumberFormat.TwosComplement(random.Next(1, 5)),
            _ => NumberFormat.Bipolar,
        };
        var levels = output.Kind == NumberKind.Bipolar ? 1 : random.Next(1, (int)(output.Range.Maximum - output.Range.Minimum) + 1);
        var thresholds = Enumerable.Range(0, map.Shape.Channels).SelectMany(_ => Enumerable.Range(0, levels).Select(_ => random.Next(10) switch
        {
            0 => map.Range.Minimum,
            1 => map.Range.Maximum + 1,
            _ => Math.Clamp(middle + random.NextInt64(-spread, spread + 1), map.Range.Minimum, map.Range.Maximum + 1),
        }).Order());
        return new ThresholdLayer(name, input, [.. thresholds], [.. Enumerable.Range(0, map.Shape.Channels).Select(_ => random.Next(3) == 0)])
        {
            Output = output,
            FirstValue = output.Kind == NumberKind.Bipolar ? 0 : output.Range.Minimum,
        };
    }

    private static WeightTensor Weights(Random random, int filters, int channels, int kernelHeight, int kernelWidth)
    {
        var format = random.Next(8) switch
        {
            0 => NumberFormat.Unsigned(random.Next(1, 5)),
            1 => NumberFormat.TwosComplement(random.Next(1, 6)),
            2 => NumberFormat.Ternary,
            3 => NumberFormat.SignMagnitude(random.Next(2, 5)),
            _ => NumberFormat.Bipolar,
        };
        var values = Enumerable.Range(0, filters * channels * kernelHeight * kernelWidth).Select(_ => format.Kind == NumberKind.Bipolar
            ? (random.Next(2) * 2) - 1
            : (int)random.NextInt64(format.Range.Minimum, format.Range.Maximum + 1));
        return new WeightTensor(format, filters, channels, kernelHeight, kernelWidth, [.. values]);
    }
}
