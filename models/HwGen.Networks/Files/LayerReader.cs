namespace HwGen.Networks;

/// <summary>Reads one layer of the network file.</summary>
internal static class LayerReader
{
    private const int MaximumInputs = 1000;

    private static readonly string[] s_kinds =
        ["convolution", "dense", "max pool", "sum pool", "threshold", "requantise", "relu", "add", "concatenate", "flatten", "argmax"];

    private static readonly string[] s_common = ["kind", "name", "inputs"];

    public static Layer Read(JsonPlace place)
    {
        string kind = place["kind"].Text(), name = place["name"].Text();
        string[] inputs = [.. place["inputs"].Items(MaximumInputs).Select(input => input.Text())];
        if (!s_kinds.Contains(kind))
            throw place["kind"].Error(Invariant($"'{kind}' is not a layer kind; {string.Join(", ", s_kinds)} are allowed"));
        string only = inputs.Length > 0 ? inputs[0] : "";
        int expected = kind switch { "add" => 2, "concatenate" => inputs.Length, _ => 1 };
        if (inputs.Length != expected)
            throw place["inputs"].Error(Invariant($"has {inputs.Length} names; a layer of the kind '{kind}' reads {expected}"));
        switch (kind)
        {
            case "convolution":
                place.ExpectKeys([.. s_common, "stride", "padding", "dilation", "groups", "weights"], "biases");
                return new ConvolutionLayer(name, only, ReadWeights(place["weights"]))
                {
                    Stride = ReadDistance(place["stride"]),
                    Padding = ReadPadding(place["padding"]),
                    Dilation = ReadDistance(place["dilation"]),
                    Groups = (int)place["groups"].Integer(1, int.MaxValue),
                    Biases = ReadBiases(place),
                };
            case "dense":
                place.ExpectKeys([.. s_common, "weights"], "biases");
                return new DenseLayer(name, only, ReadWeights(place["weights"])) { Biases = ReadBiases(place) };
            case "max pool" or "sum pool":
                place.ExpectKeys([.. s_common, "kernel", "stride", "padding"]);
                int[] kernel = place["kernel"].Extents(2, 1);
                PoolLayer pool = kind == "max pool"
                    ? new MaxPoolLayer(name, only, kernel[0], kernel[1]) : new SumPoolLayer(name, only, kernel[0], kernel[1]);
                return pool with { Stride = ReadDistance(place["stride"]), Padding = ReadPadding(place["padding"]) };
            case "threshold":
                return ReadThreshold(place, name, only);
            case "requantise":
                return ReadRequantise(place, name, only);
            case "add":
                place.ExpectKeys([.. s_common, "format"]);
                return new AddLayer(name, inputs[0], inputs[1], place["format"].Format());
        }
        place.ExpectKeys(s_common);
        return kind switch
        {
            "relu" => new ReluLayer(name, only),
            "concatenate" => new ConcatenateLayer(name, [.. inputs]),
            "flatten" => new FlattenLayer(name, only),
            _ => new ArgmaxLayer(name, only),
        };
    }

    private static ThresholdLayer ReadThreshold(JsonPlace place, string name, string input)
    {
        place.ExpectKeys([.. s_common, "format", "firstValue", "thresholds", "directions"], "unfolded");
        return new ThresholdLayer(
            name, input, [.. place["thresholds"].Integers()], [.. place["directions"].Integers(0, 1).Select(direction => direction == 1)])
        {
            Output = place["format"].Format(),
            FirstValue = place["firstValue"].Integer(),
            Unfolded = place.Has("unfolded") ? ReadBatchNorm(place["unfolded"]) : null,
        };
    }

    private static RequantiseLayer ReadRequantise(JsonPlace place, string name, string input)
    {
        place.ExpectKeys([.. s_common, "format", "multipliers", "shifts", "zeroPoint", "saturation"]);
        long[] saturation = place["saturation"].Integers();
        if (saturation.Length != 2)
            throw place["saturation"].Error("a minimum and a maximum are expected");
        return new RequantiseLayer(
            name, input, [.. place["multipliers"].Integers()], [.. place["shifts"].Integers(0, 62).Select(shift => (int)shift)], place["format"].Format())
        {
            ZeroPoint = place["zeroPoint"].Integer(),
            Saturation = new ValueRange(saturation[0], saturation[1]),
        };
    }

    private static WeightTensor ReadWeights(JsonPlace place)
    {
        place.ExpectKeys(["format", "shape", "planes"]);
        NumberFormat format = place["format"].Format();
        int[] shape = place["shape"].Extents(4, 1);
        Int128 count = (Int128)shape[0] * shape[1] * shape[2] * shape[3];
        if (format.Bits > 32 || count > TensorShape.MaximumCount)
            throw place.Error(Invariant($"{count} weights of {format.Bits} bits: at most 2^28 of 32 bits are allowed"));
        byte[] planes = place["planes"].Base64();
        long expected = WeightPlanes.ByteCount(format, (long)count);
        if (planes.Length != expected)
            throw place["planes"].Error(Invariant($"holds {planes.Length} bytes; {expected} are expected for {count} weights of {format.Bits} bits"));
        int[] values = WeightPlanes.Unpack(format, (int)count, planes)
            ?? throw place["planes"].Error(Invariant($"holds bits that {format} cannot mean"));
        return new WeightTensor(format, shape[0], shape[1], shape[2], shape[3], ImmutableArray.Create(values));
    }

    private static BatchNorm ReadBatchNorm(JsonPlace place)
    {
        place.ExpectKeys(["gamma", "beta", "mean", "variance", "epsilon"]);
        return new BatchNorm(
            ReadRationals(place["gamma"]), ReadRationals(place["beta"]), ReadRationals(place["mean"]), ReadRationals(place["variance"]),
            place["epsilon"].Rational());
    }

    private static ImmutableArray<Rational> ReadRationals(JsonPlace place) =>
        [.. place.Items(1 << 20).Select(item => item.Rational())];

    private static ImmutableArray<long> ReadBiases(JsonPlace place) => place.Has("biases") ? [.. place["biases"].Integers()] : [];

    private static Distance ReadDistance(JsonPlace place)
    {
        int[] distance = place.Extents(2, 1);
        return new Distance(distance[0], distance[1]);
    }

    private static Padding ReadPadding(JsonPlace place)
    {
        int[] sides = place.Extents(4, 0);
        return new Padding(sides[0], sides[1], sides[2], sides[3]);
    }
}
