using System.Text.Json;

namespace HwGen.Networks;

/// <summary>Writes the network file.</summary>
internal static class NetworkWriter
{
    public static byte[] Write(QuantisedNetwork network)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("formatVersion", NetworkFile.FormatVersion);
            json.WriteString("name", network.Name);
            WriteInput(json, network.Input);
            json.WriteStartArray("layers");
            foreach (Layer layer in network.Layers)
                WriteLayer(json, layer);
            json.WriteEndArray();
            json.WriteString("output", network.Output);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteInput(Utf8JsonWriter json, NetworkInput input)
    {
        json.WriteStartObject("input");
        json.WriteString("name", input.Name);
        WriteNumbers(json, "shape", [input.Shape.Channels, input.Shape.Height, input.Shape.Width]);
        json.WriteStartObject("rule");
        json.WriteString("name", input.Rule.Name);
        json.WriteString("format", FormatNames.Write(input.Rule.Format));
        WriteNumbers(json, "table", input.Rule.Table.Select(value => (long)value));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartObject();
        json.WriteString("kind", layer.Kind);
        json.WriteString("name", layer.Name);
        json.WriteStartArray("inputs");
        foreach (string input in layer.Inputs)
            json.WriteStringValue(input);
        json.WriteEndArray();
        switch (layer)
        {
            case ConvolutionLayer convolution:
                WriteDistance(json, "stride", convolution.Stride);
                WritePadding(json, convolution.Padding);
                WriteDistance(json, "dilation", convolution.Dilation);
                json.WriteNumber("groups", convolution.Groups);
                break;
            case PoolLayer pool:
                WriteNumbers(json, "kernel", [pool.KernelHeight, pool.KernelWidth]);
                WriteDistance(json, "stride", pool.Stride);
                WritePadding(json, pool.Padding);
                break;
            case ThresholdLayer threshold:
                json.WriteString("format", FormatNames.Write(threshold.Output));
                json.WriteNumber("firstValue", threshold.FirstValue);
                WriteNumbers(json, "thresholds", threshold.Thresholds);
                WriteNumbers(json, "directions", threshold.Directions.Select(direction => direction ? 1L : 0L));
                WriteBatchNorm(json, threshold.Unfolded);
                break;
            case RequantiseLayer requantise:
                json.WriteString("format", FormatNames.Write(requantise.Output));
                WriteNumbers(json, "multipliers", requantise.Multipliers);
                WriteNumbers(json, "shifts", requantise.Shifts.Select(shift => (long)shift));
                json.WriteNumber("zeroPoint", requantise.ZeroPoint);
                WriteNumbers(json, "saturation", [requantise.Saturation.Minimum, requantise.Saturation.Maximum]);
                break;
            case AddLayer add:
                json.WriteString("format", FormatNames.Write(add.Output));
                break;
        }
        if (layer is WeightedLayer weighted)
            WriteWeights(json, weighted);
        json.WriteEndObject();
    }

    private static void WriteWeights(Utf8JsonWriter json, WeightedLayer layer)
    {
        if (layer.Biases.Length > 0)
            WriteNumbers(json, "biases", layer.Biases);
        WeightTensor weights = layer.Weights;
        json.WriteStartObject("weights");
        json.WriteString("format", FormatNames.Write(weights.Format));
        WriteNumbers(json, "shape", [weights.Filters, weights.Channels, weights.KernelHeight, weights.KernelWidth]);
        json.WriteBase64String("planes", WeightPlanes.Pack(weights));
        json.WriteEndObject();
    }

    private static void WriteBatchNorm(Utf8JsonWriter json, BatchNorm? batchNorm)
    {
        if (batchNorm is null)
            return;
        json.WriteStartObject("unfolded");
        WriteRationals(json, "gamma", batchNorm.Gamma);
        WriteRationals(json, "beta", batchNorm.Beta);
        WriteRationals(json, "mean", batchNorm.Mean);
        WriteRationals(json, "variance", batchNorm.Variance);
        json.WriteString("epsilon", batchNorm.Epsilon.ToString());
        json.WriteEndObject();
    }

    private static void WriteRationals(Utf8JsonWriter json, string key, ImmutableArray<Rational> values)
    {
        json.WriteStartArray(key);
        foreach (Rational value in values)
            json.WriteStringValue(value.ToString());
        json.WriteEndArray();
    }

    private static void WriteDistance(Utf8JsonWriter json, string key, Distance distance) => WriteNumbers(json, key, [distance.Y, distance.X]);

    private static void WritePadding(Utf8JsonWriter json, Padding padding) =>
        WriteNumbers(json, "padding", [padding.Top, padding.Left, padding.Bottom, padding.Right]);

    // Numbers of one list stand on one line: a file with one number a line could not be read by people.
    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<long> values)
    {
        json.WritePropertyName(key);
        json.WriteRawValue("[" + string.Join(", ", values.Select(value => Invariant($"{value}"))) + "]", skipInputValidation: true);
    }
}
