using Google.Protobuf;
using Google.Protobuf.Collections;
using HwGen.Networks.Onnx;

namespace HwGen.Golden.Tests;

/// <summary>Mutants of valid ONNX files: changed and cut bytes, and files whose structure is changed field by field, which still parse.</summary>
internal sealed class Mutants
{
    private readonly System.Random _random;
    private readonly byte[][] _valid;
    private int _count;

    /// <param name="seed">Where random numbers start.</param>
    /// <param name="more">Valid files besides the random ones.</param>
    public Mutants(int seed, params IEnumerable<byte[]> more)
    {
        _random = new System.Random(seed);
        _valid = [.. Enumerable.Range(0, 40).Select(one => new RandomSource(one).Next().Bytes()), .. more];
    }

    /// <summary>The next mutant: every third one changed as bytes, the others in their structure.</summary>
    public byte[] Next() =>
        _count++ % 3 == 0 ? Bytes(_valid[_random.Next(_valid.Length)], _random) : Structure(_valid[_random.Next(_valid.Length)], _random);

    /// <summary>Whether a file still parses as protobuf.</summary>
    public static bool Parses(byte[] file)
    {
        try
        {
            ModelProto.Parser.ParseFrom(file);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static byte[] Bytes(byte[] good, System.Random random)
    {
        byte[] bad = (byte[])good.Clone();
        for (int changes = random.Next(1, 5); changes > 0; changes--)
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bad[..random.Next(bad.Length)] : bad;
    }

    private static byte[] Structure(byte[] good, System.Random random)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(good);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            Change(model.Graph, random);
        return model.ToByteArray();
    }

    private static void Change(GraphProto graph, System.Random random)
    {
        if (graph.Node.Count == 0)
            return;
        NodeProto node = graph.Node[random.Next(graph.Node.Count)];
        TensorProto? tensor = graph.Initializer.Count == 0 ? null : graph.Initializer[random.Next(graph.Initializer.Count)];
        string[] names = [.. graph.Node.SelectMany(one => one.Output), .. graph.Initializer.Select(one => one.Name), "image", "", "nowhere"];
        switch (random.Next(12))
        {
            case 0:
                graph.Node.Remove(node);
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = names[random.Next(names.Length)];
                break;
            case 2:
                node.OpType = graph.Node[random.Next(graph.Node.Count)].OpType;
                break;
            case 3:
                string[] types = ["Add", "Mul", "Conv", "Gemm", "Concat", "Transpose", "Reshape", "Flatten", "MaxPool", "AveragePool", "GlobalAveragePool", "Clip", "Sign", "TopK", "ArgMax", "QLinearConv", "MatMulInteger", "Squeeze", "Unsqueeze", "Gather", "ReduceMean", "Div", "Sub", "Cast", "Sqrt", "Pow"];
                (node.OpType, node.Domain) = (types[random.Next(types.Length)], "");
                break;
            case 4 when node.Attribute.Count > 0:
                AttributeProto attribute = node.Attribute[random.Next(node.Attribute.Count)];
                attribute.I = Odd(random);
                attribute.F = random.Next(2) == 0 ? float.NaN : (float)Odd(random);
                for (int i = 0; i < attribute.Ints.Count; i++)
                    attribute.Ints[i] = random.Next(2) == 0 ? Odd(random) : attribute.Ints[i];
                break;
            case 5:
                node.Attribute.Clear();
                break;
            case 6 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 7 when tensor is { Dims.Count: > 0 }:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Odd(random);
                break;
            case 8 when tensor is not null:
                tensor.DataType = random.Next(0, 24);
                break;
            case 9 when tensor is { RawData.Length: > 0 }:
                byte[] raw = tensor.RawData.ToByteArray();
                raw[random.Next(raw.Length)] = (byte)random.Next(256);
                tensor.RawData = ByteString.CopyFrom(raw);
                break;
            case 10:
                RepeatedField<TensorShapeProto.Types.Dimension> dimensions = graph.Input[0].Type.TensorType.Shape.Dim;
                dimensions[random.Next(dimensions.Count)].DimValue = Odd(random);
                break;
            default:
                node.Output[0] = names[random.Next(names.Length)];
                break;
        }
    }

    private static long Odd(System.Random random) => random.Next(10) switch
    {
        0 => 0,
        1 => -1,
        2 => long.MaxValue,
        3 => long.MinValue,
        4 => int.MaxValue,
        5 => 1L << random.Next(40),
        _ => random.Next(1, 12),
    };
}
