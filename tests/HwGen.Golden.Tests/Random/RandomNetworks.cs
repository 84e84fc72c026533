using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>Makes small networks of every layer kind from a seed.</summary>
internal sealed class RandomNetworks(int seed)
{
    private readonly System.Random _random = new(seed);

    public QuantisedNetwork Next()
    {
        var shape = new TensorShape(_random.Next(1, 4), _random.Next(3, 9), _random.Next(3, 9));
        PixelRule rule = _random.Next(3) switch
        {
            0 => PixelRule.BipolarAt(_random.Next(1, 256)),
            1 => PixelRule.Unsigned8,
            _ => PixelRule.Signed8,
        };
        var input = new NetworkInput("image", shape, rule);
        var layers = new List<Layer>();
        int count = _random.Next(1, 7);
        for (int i = 0; i < count; i++)
        {
            string previous = layers.Count == 0 ? "image" : layers[^1].Name;
            FeatureMap map = layers.Count == 0
                ? new FeatureMap(shape, rule.Format, rule.Range) : QuantisedNetwork.Create("part", input, layers)[previous];
            layers.Add(NextLayer(Invariant($"layer{i}"), previous, map, layers, input));
        }
        return QuantisedNetwork.Create(Invariant($"random{seed}"), input, layers);
    }

    public byte[] Pixels(QuantisedNetwork network, int images)
    {
        var pixels = new byte[network.Input.Shape.Count * images];
        _random.NextBytes(pixels);
        return pixels;
    }

    private Layer NextLayer(string name, string input, FeatureMap map, List<Layer> layers, NetworkInput first)
    {
        // Large numbers are brought down before anything multiplies them further.
        if (map.Range.Maximum - map.Range.Minimum > 5000)
            return _random.Next(3) switch { 0 => Requantise(name, input, map), 1 => Threshold(name, input, map, 1), _ => Threshold(name, input, map, _random.Next(1, 8)) };
        switch (_random.Next(11))
        {
            case 0 or 1 or 2:
                return Convolution(name, input, map);
            case 3:
                return Dense(name, input, map);
            case 4:
                return Pool(new MaxPoolLayer(name, input, Math.Min(map.Shape.Height, _random.Next(1, 4)), Math.Min(map.Shape.Width, _random.Next(1, 4))));
            case 5:
                return Pool(new SumPoolLayer(name, input, Math.Min(map.Shape.Height, _random.Next(1, 4)), Math.Min(map.Shape.Width, _random.Next(1, 4))));
            case 6:
                return Threshold(name, input, map, _random.Next(1, 6));
            case 7:
                return new ReluLayer(name, input);
            case 8:
                return new FlattenLayer(name, input);
            case 9:
                string other = layers.Count > 1 && _random.Next(2) == 0 ? layers[^2].Name : input;
                FeatureMap second = other == input ? map : QuantisedNetwork.Create("part", first, layers)[other];
                return second.Shape == map.Shape
                    ? new AddLayer(name, input, other, NumberFormat.TwosComplement(_random.Next(2, 9)))
                    : new ReluLayer(name, input);
            default:
                return new ConcatenateLayer(name, [input, input]);
        }
    }

    private Layer Pool(PoolLayer layer)
    {
        var padding = new Padding(
            _random.Next(layer.KernelHeight), _random.Next(layer.KernelWidth), _random.Next(layer.KernelHeight), _random.Next(layer.KernelWidth));
        return layer with { Padding = _random.Next(2) == 0 ? padding : Padding.None, Stride = new Distance(_random.Next(1, 4), _random.Next(1, 4)) };
    }

    private ConvolutionLayer Convolution(string name, string input, FeatureMap map)
    {
        TensorShape shape = map.Shape;
        int groups = _random.Next(3) == 0 ? shape.Channels : 1, filters = groups * _random.Next(1, groups == 1 ? 40 : 3);
        int height = _random.Next(1, Math.Min(4, shape.Height + 1)), width = _random.Next(1, Math.Min(4, shape.Width + 1));
        var dilation = new Distance(
            ((height - 1) * 2) + 1 <= shape.Height ? _random.Next(1, 3) : 1, ((width - 1) * 2) + 1 <= shape.Width ? _random.Next(1, 3) : 1);
        (NumberFormat format, int[] values) = Weights(filters * (shape.Channels / groups) * height * width, map);
        return new ConvolutionLayer(name, input, WeightTensor.Convolution(format, filters, shape.Channels / groups, height, width, values))
        {
            Stride = new Distance(_random.Next(1, 3), _random.Next(1, 3)),
            Padding = _random.Next(2) == 0 ? Padding.None : new Padding(_random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3)),
            Dilation = dilation,
            Groups = groups,
            Biases = Biases(filters),
        };
    }

    private DenseLayer Dense(string name, string input, FeatureMap map)
    {
        int filters = _random.Next(1, 40), inputs = (int)map.Shape.Count;
        (NumberFormat format, int[] values) = Weights(filters * inputs, map);
        return new DenseLayer(name, input, WeightTensor.Dense(format, filters, inputs, values)) { Biases = Biases(filters) };
    }

    private ImmutableArray<long> Biases(int filters) =>
        _random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, filters).Select(_ => (long)_random.Next(-100, 100))];

    private (NumberFormat Format, int[] Values) Weights(int count, FeatureMap map)
    {
        NumberFormat format = (map.Format.Kind == NumberKind.Bipolar ? _random.Next(2) : _random.Next(5)) switch
        {
            0 => NumberFormat.Bipolar,
            1 => NumberFormat.Ternary,
            2 => NumberFormat.TwosComplement(_random.Next(1, 9)),
            3 => NumberFormat.Unsigned(_random.Next(1, 5)),
            _ => NumberFormat.SignMagnitude(_random.Next(2, 9)),
        };
        var values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = format.Kind == NumberKind.Bipolar
                ? (2 * _random.Next(2)) - 1 : _random.Next((int)format.Range.Minimum, (int)format.Range.Maximum + 1);
        }
        return (format, values);
    }

    private ThresholdLayer Threshold(string name, string input, FeatureMap map, int levels)
    {
        int channels = map.Shape.Channels;
        var thresholds = new List<long>();
        for (int channel = 0; channel < channels; channel++)
            thresholds.AddRange(Enumerable.Range(0, levels).Select(_ => _random.NextInt64(map.Range.Minimum, map.Range.Maximum + 2)).Order());
        NumberFormat output = levels == 1 && _random.Next(2) == 0 ? NumberFormat.Bipolar
            : levels == 2 && _random.Next(2) == 0 ? NumberFormat.Ternary : NumberFormat.TwosComplement(5);
        return new ThresholdLayer(name, input, [.. thresholds], [.. Enumerable.Range(0, channels).Select(_ => _random.Next(2) == 0)])
        {
            Output = output,
            FirstValue = output == NumberFormat.Ternary ? -1 : output == NumberFormat.Bipolar ? 0 : _random.Next(-8, 8),
        };
    }

    private RequantiseLayer Requantise(string name, string input, FeatureMap map)
    {
        int channels = _random.Next(2) == 0 ? 1 : map.Shape.Channels;
        NumberFormat output = _random.Next(2) == 0 ? NumberFormat.TwosComplement(_random.Next(2, 9)) : NumberFormat.Unsigned(_random.Next(1, 9));
        return new RequantiseLayer(
            name, input, [.. Enumerable.Range(0, channels).Select(_ => _random.NextInt64(-2000, 2000))],
            [.. Enumerable.Range(0, channels).Select(_ => _random.Next(0, 20))], output)
        {
            ZeroPoint = _random.Next(-3, 4),
        };
    }
}
