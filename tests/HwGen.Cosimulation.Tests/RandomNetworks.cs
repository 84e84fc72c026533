using System.Collections.Immutable;
using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Networks;

namespace HwGen.Cosimulation.Tests;

/// <summary>Networks and arrays drawn by a seed: every layer kind and number format, branches and joins, in every order.</summary>
internal static class RandomNetworks
{
    /// <summary>Arrays from 8 × 4 to 512 × 64.</summary>
    public static ArrayConfiguration Array(Random random)
    {
        var columns = random.Next(3) == 0 ? random.Next(4, 65) : 1 << random.Next(2, 7);
        var lanes = random.Next(4) == 0 ? random.Next(1, 25) : 1 << random.Next(0, 7);
        var groups = random.Next(1, Math.Max(2, Math.Min(17, (512 / lanes) + 1)));
        var rows = Math.Max(groups * lanes, lanes * ((7 / lanes) + 1));
        var array = new ArrayConfiguration(
            "random", rows, columns, lanes, ArrayConfiguration.AllOperations, OperandWords: 4096, ResultWords: 1 << random.Next(8, 11), InitialWords: 1 << random.Next(4, 9),
            InputBits: random.Next(4) == 0 ? random.Next(8, 13) : 8, LevelWords: 1 << random.Next(8, 12), MultiplierBits: random.Next(8) == 0 ? 0 : random.Next(12, 35))
        {
            Macros = random.Next(3) == 0 ? random.Next(2, 4) : 1,
            Storage = (StorageKind)(groups % 3),
            SpareRows = groups % 3 == 2 ? groups % 4 : 0,
            OperandSkipping = random.Next(2) == 0,
        };

        // Rows are decrypted in a core of one macro.
        return array with { Keys = array.Macros > 1 ? KeyStoreKind.None : (KeyStoreKind)(columns % 3) };
    }

    public static QuantisedNetwork Network(Random random)
    {
        var rule = random.Next(4) switch
        {
            0 => PixelRule.Unsigned8,
            1 => PixelRule.Signed8,
            _ => PixelRule.BipolarAt(random.Next(1, 256)),
        };
        var shape = random.Next(6) == 0 ? TensorShape.Flat(random.Next(1, 60)) : new TensorShape(random.Next(1, 7), random.Next(1, 8), random.Next(1, 8));
        var input = new NetworkInput("pixels", shape, rule);
        var layers = new List<Layer>();
        var maps = new Dictionary<string, FeatureMap> { [input.Name] = new(shape, rule.Format, rule.Range) };
        var previous = input.Name;
        var count = random.Next(1, 8);
        while (layers.Count < count || IsWide(maps[previous]) && layers.Count < count + 3)
        {
            var name = FormattableString.Invariant($"layer{layers.Count}");
            var from = random.Next(6) == 0 ? maps.Keys.ElementAt(random.Next(maps.Count)) : previous;
            if (Layer(random, name, from, maps) is not { } layer)
            {
                break;
            }

            try
            {
                maps.Add(name, QuantisedNetwork.Create("part", input, [.. layers, layer])[name]);
            }
            catch (InvalidNetworkException)
            {
                // The draw missed a rule of the network: another one.
                count--;
                continue;
            }

            layers.Add(layer);
            previous = name;
        }

        if (layers.Count == 0)
        {
            layers.Add(Dense(random, "logits", input.Name, shape));
        }

        return QuantisedNetwork.Create("random", input, layers);
    }

    /// <summary>Convolutions behind each other, some pooled, over maps of any number of channels: what windows are packed for.</summary>
    public static QuantisedNetwork Convolutions(Random random)
    {
        var rule = random.Next(3) switch { 0 => PixelRule.Unsigned8, 1 => PixelRule.Signed8, _ => PixelRule.BipolarAt(random.Next(1, 256)) };
        var input = new NetworkInput("pixels", new TensorShape(random.Next(1, 7), random.Next(4, 11), random.Next(4, 11)), rule);
        var layers = new List<Layer>();
        var last = new FeatureMap(input.Shape, rule.Format, rule.Range);
        bool Add(Func<string, string, Layer> draw)
        {
            var layer = draw(FormattableString.Invariant($"layer{layers.Count}"), layers.Count == 0 ? input.Name : layers[^1].Name);
            try
            {
                last = QuantisedNetwork.Create("part", input, [.. layers, layer])[layer.Name];
                layers.Add(layer);
                return true;
            }
            catch (InvalidNetworkException)
            {
                return false;
            }
        }

        for (var (convolutions, attempts) = (0, 0); convolutions < 2 && attempts < 20; attempts++)
        {
            // Padding more often than not where it is zeros: the border is what is easily wrong.
            var isBipolar = last.Format.Kind == NumberKind.Bipolar;
            if (!Add((name, from) => Convolution(random, name, from, last.Shape, 1) is var layer && random.Next(6) == 0 ? layer : layer with { Dilation = Distance.One, Padding = isBipolar && random.Next(3) > 0 ? Padding.None : layer.Padding }))
            {
                continue;
            }

            convolutions++;
            Add((name, from) => random.Next(2) == 0 ? Requantise(random, name, from, last) : Threshold(random, name, from, last));
            if (random.Next(2) == 0 && last.Shape.Height > 1 && last.Shape.Width > 1)
            {
                Add((name, from) => new MaxPoolLayer(name, from, random.Next(1, 3), random.Next(1, 4)));
            }
        }

        if (layers.Count == 0 || random.Next(2) == 0)
        {
            Add((name, from) => Dense(random, name, from, last.Shape));
        }

        return QuantisedNetwork.Create("convolutions", input, layers);
    }

    public static ImageSet Images(Random random, QuantisedNetwork network, int count)
    {
        var pixels = new byte[count * network.Input.Shape.Count];
        random.NextBytes(pixels);
        if (random.Next(2) == 0)
        {
            // Images of zeros, but for a few pixels.
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = random.Next(5) == 0 ? pixels[i] : (byte)0;
            }
        }

        return new ImageSet("random", network.Input.Shape, pixels, new byte[count]);
    }

    private static bool IsWide(FeatureMap map) => map.Format.Kind != NumberKind.Bipolar && NumberFormat.Smallest(map.Range).Bits > 8;

    private static Layer? Layer(Random random, string name, string input, Dictionary<string, FeatureMap> maps)
    {
        var map = maps[input];
        if (map.Shape.Count > 1500 && !IsWide(map))
        {
            return Dense(random, name, input, map.Shape);
        }

        // What is too wide for the operand memory is brought down before anything multiplies it further.
        var kind = random.Next(IsWide(map) ? 11 : 22);
        return kind switch
        {
            0 or 1 or 2 => Requantise(random, name, input, map),
            3 or 4 => Threshold(random, name, input, map),
            5 => new ReluLayer(name, input),
            6 => Pool(random, new MaxPoolLayer(name, input, Extent(random, map.Shape.Height), Extent(random, map.Shape.Width)), random.Next(2) == 0),
            7 => new FlattenLayer(name, input),
            8 when maps.FirstOrDefault(other => other.Value.Shape == map.Shape && other.Key != input).Key is { } other && random.Next(3) > 0 => Add(random, name, input, other, maps),
            8 => Add(random, name, input, input, maps),
            9 => Threshold(random, name, input, map),
            10 => random.Next(3) == 0 ? new ArgmaxLayer(name, input) : Requantise(random, name, input, map),
            11 or 12 or 13 or 14 or 15 => Convolution(random, name, input, map.Shape, 1),
            16 => Convolution(random, name, input, map.Shape, Divisor(random, map.Shape.Channels)),
            17 => Convolution(random, name, input, map.Shape, map.Shape.Channels),
            18 => Dense(random, name, input, map.Shape),
            19 => Pool(random, new SumPoolLayer(name, input, Extent(random, map.Shape.Height), Extent(random, map.Shape.Width)), random.Next(2) == 0),
            20 => new SumPoolLayer(name, input, map.Shape.Height, map.Shape.Width),
            _ => Concatenate(random, name, input, maps),
        };
    }

    private static int Extent(Random random, int size) => Math.Min(size, random.Next(1, 4));

    private static int Divisor(Random random, int channels)
    {
        int[] divisors = [.. Enumerable.Range(1, channels).Where(d => channels % d == 0)];
        return divisors[random.Next(divisors.Length)];
    }

    private static PoolLayer Pool(Random random, PoolLayer pool, bool tiles) => tiles ? pool : pool with
    {
        Stride = new Distance(random.Next(1, 4), random.Next(1, 4)),
        Padding = random.Next(2) == 0 ? Padding.None : new Padding(
            random.Next(pool.KernelHeight), random.Next(pool.KernelWidth), random.Next(pool.KernelHeight), random.Next(pool.KernelWidth)),
    };

    private static AddLayer Add(Random random, string name, string first, string second, Dictionary<string, FeatureMap> maps)
    {
        var (one, other) = (maps[first].Range, maps[second].Range);
        var exact = NumberFormat.Smallest(new ValueRange(one.Minimum + other.Minimum, one.Maximum + other.Maximum));
        return new AddLayer(name, first, second, random.Next(2) == 0 ? exact : random.Next(2) == 0 ? NumberFormat.TwosComplement(random.Next(2, 9)) : NumberFormat.Unsigned(random.Next(1, 9)));
    }

    private static ConcatenateLayer Concatenate(Random random, string name, string input, Dictionary<string, FeatureMap> maps)
    {
        var map = maps[input];
        string[] alike = [.. maps.Where(m => (m.Value.Shape.Height, m.Value.Shape.Width) == (map.Shape.Height, map.Shape.Width)
            && (m.Value.Format.Kind == NumberKind.Bipolar) == (map.Format.Kind == NumberKind.Bipolar) && (!IsWide(m.Value) || random.Next(20) == 0)).Select(m => m.Key)];
        return new ConcatenateLayer(name, [input, .. Enumerable.Range(0, random.Next(1, 3)).Select(_ => alike[random.Next(alike.Length)])]);
    }

    private static ConvolutionLayer Convolution(Random random, string name, string input, TensorShape shape, int groups)
    {
        int kernelHeight = random.Next(1, 4), kernelWidth = random.Next(1, 4), filters = groups * random.Next(1, Math.Max(2, 24 / groups));
        return new ConvolutionLayer(name, input, Weights(random, filters, shape.Channels / groups, kernelHeight, kernelWidth))
        {
            Stride = new Distance(random.Next(1, 3), random.Next(1, 3)),
            Dilation = new Distance(random.Next(1, 3), random.Next(1, 3)),
            Padding = random.Next(2) == 0 ? Padding.None : new Padding(random.Next(3), random.Next(3), random.Next(3), random.Next(3)),
            Groups = groups,
            Biases = Biases(random, filters),
        };
    }

    private static DenseLayer Dense(Random random, string name, string input, TensorShape shape)
    {
        var outputs = random.Next(1, 40);
        return new DenseLayer(name, input, Weights(random, outputs, (int)shape.Count, 1, 1)) { Biases = Biases(random, outputs) };
    }

    private static ImmutableArray<long> Biases(Random random, int filters) =>
        random.Next(3) == 0 ? [.. Enumerable.Range(0, filters).Select(_ => random.NextInt64(-300, 300))] : [];

    /// <summary>Multipliers and shifts that bring the range to that of the output, more or less; some fall, some are too wide for the core.</summary>
    private static RequantiseLayer Requantise(Random random, string name, string input, FeatureMap map)
    {
        var channels = random.Next(2) == 0 ? 1 : map.Shape.Channels;
        var output = random.Next(5) switch
        {
            0 or 1 => NumberFormat.TwosComplement(random.Next(2, 9)),
            2 => NumberFormat.SignMagnitude(random.Next(2, 9)),
            _ => NumberFormat.Unsigned(random.Next(1, 9)),
        };
        var multiplierBits = random.Next(10) == 0 ? random.Next(1, 40) : random.Next(1, 11);
        var most = Math.Max(1, Math.Max(Math.Abs(map.Range.Minimum), Math.Abs(map.Range.Maximum)));
        var shift = Math.Clamp(BitOperations.Log2((ulong)most) + multiplierBits - output.Bits, 0, 50);
        var falls = random.Next(3) == 0;
        return new RequantiseLayer(
            name, input, [.. Enumerable.Range(0, channels).Select(_ => random.NextInt64(1L << (multiplierBits - 1), 1L << multiplierBits) * (falls && random.Next(2) == 0 ? -1 : 1))],
            [.. Enumerable.Range(0, channels).Select(_ => Math.Clamp(shift + random.Next(-2, 2), 0, 62))], output)
        {
            ZeroPoint = random.Next(3) == 0 ? random.Next(-9, 10) : 0,
        };
    }

    /// <summary>Thresholds where values are likely to lie, and now and then always or never; bits, or values of several levels.</summary>
    private static ThresholdLayer Threshold(Random random, string name, string input, FeatureMap map)
    {
        var middle = (map.Range.Minimum + map.Range.Maximum) / 2;
        var spread = Math.Max(1, (map.Range.Maximum - map.Range.Minimum) / 6);
        var output = random.Next(6) switch
        {
            0 => NumberFormat.Unsigned(random.Next(1, 5)),
            1 => NumberFormat.TwosComplement(random.Next(1, 5)),
            2 => NumberFormat.Ternary,
            _ => NumberFormat.Bipolar,
        };
        var levels = output.Kind == NumberKind.Bipolar ? 1 : random.Next(1, (int)(output.Range.Maximum - output.Range.Minimum) + 1);
        var alike = random.Next(4) == 0;
        long[] One() => [.. Enumerable.Range(0, levels).Select(_ => random.Next(10) switch
        {
            0 => map.Range.Minimum,
            1 => map.Range.Maximum + 1,
            _ => Math.Clamp(middle + random.NextInt64(-spread, spread + 1), map.Range.Minimum, map.Range.Maximum + 1),
        }).Order()];
        var first = One();
        return new ThresholdLayer(
            name, input, [.. Enumerable.Range(0, map.Shape.Channels).SelectMany(_ => alike ? first : One())],
            [.. Enumerable.Range(0, map.Shape.Channels).Select(_ => !alike && random.Next(3) == 0)])
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
            1 => NumberFormat.TwosComplement(random.Next(1, 9)),
            2 => NumberFormat.Ternary,
            3 => NumberFormat.SignMagnitude(random.Next(2, 5)),
            _ => NumberFormat.Bipolar,
        };
        var values = Enumerable.Range(0, filters * channels * kernelHeight * kernelWidth).Select(_ => format.Kind == NumberKind.Bipolar
            ? (random.Next(2) * 2) - 1
            : (int)random.NextInt64(format.Range.Minimum, format.Range.Maximum + 1));
        int[] weights = [.. values];
        if (format.Kind is NumberKind.Unsigned or NumberKind.TwosComplement && random.Next(3) > 0)
        {
            // Planes of zeros, wherever they are; what is negative stays so.
            var kept = random.Next() | (-1 << (format.Bits - 1));
            weights = [.. weights.Select(weight => weight & kept)];
        }

        if (format.Kind != NumberKind.Bipolar && random.Next(2) == 0)
        {
            // Pruned filters.
            var length = channels * kernelHeight * kernelWidth;
            for (var filter = 0; filter < filters; filter++)
            {
                if (random.Next(3) == 0)
                {
                    weights.AsSpan(filter * length, length).Clear();
                }
            }
        }

        return new WeightTensor(format, filters, channels, kernelHeight, kernelWidth, [.. weights]);
    }
}
