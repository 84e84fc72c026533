using Google.Protobuf;
using HwGen.Networks;
using HwGen.Networks.Onnx;

namespace HwGen.Golden.Tests;

/// <summary>Writes small ONNX models for tests.</summary>
internal sealed class OnnxBuilder
{
    private int _names;

    public OnnxBuilder(params int[] inputShape) : this(ElementType.Float, inputShape)
    {
    }

    public OnnxBuilder(ElementType type, params int[] inputShape)
    {
        Model.IrVersion = 8;
        Model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        Model.Graph = new GraphProto { Name = "test" };
        Model.Graph.Input.Add(Value("image", type, inputShape));
    }

    public ModelProto Model { get; } = new();

    public string Floats(int[] shape, params double[] values) =>
        Initialiser(ElementType.Float, shape, [.. values.SelectMany(value => BitConverter.GetBytes((float)value))]);

    public string Float(double value) => Floats([], value);

    public string Longs(params long[] values) => Initialiser(ElementType.Int64, [values.Length], [.. values.SelectMany(BitConverter.GetBytes)]);

    public string Int32s(int[] shape, params int[] values) => Initialiser(ElementType.Int32, shape, [.. values.SelectMany(BitConverter.GetBytes)]);

    public string Int8s(int[] shape, params int[] values) => Initialiser(ElementType.Int8, shape, [.. values.Select(value => (byte)(sbyte)value)]);

    public string UInt8s(int[] shape, params int[] values) => Initialiser(ElementType.UInt8, shape, [.. values.Select(value => (byte)value)]);

    public string Initialiser(ElementType type, int[] shape, byte[] raw)
    {
        string name = Invariant($"c{_names++}");
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
        tensor.Dims.AddRange(shape.Select(extent => (long)extent));
        Model.Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>Adds a node in the default domain and gives its output's name.</summary>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes) => NodeIn("", type, inputs, attributes);

    /// <summary>Adds a QONNX node.</summary>
    public string Quantised(string type, string[] inputs, params (string Name, object Value)[] attributes) =>
        NodeIn("qonnx.custom_op.general", type, inputs, attributes);

    public string NodeIn(string domain, string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = Invariant($"t{_names++}");
        var node = new NodeProto { Name = Invariant($"{type}_{output}"), OpType = type, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach ((string name, object value) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            switch (value)
            {
                case int integer: (attribute.I, attribute.Type) = (integer, 2); break;
                case float single: (attribute.F, attribute.Type) = (single, 1); break;
                case string text: (attribute.S, attribute.Type) = (ByteString.CopyFromUtf8(text), 3); break;
                case int[] integers: attribute.Type = 7; attribute.Ints.AddRange(integers.Select(one => (long)one)); break;
                default: throw new ArgumentException(name);
            }
            node.Attribute.Add(attribute);
        }
        Model.Graph.Node.Add(node);
        return output;
    }

    public string Quant(string x, double scale, double zeroPoint, int bits, bool signed = true, bool narrow = false, string rounding = "ROUND") =>
        Quantised("Quant", [x, Float(scale), Float(zeroPoint), Float(bits)], ("signed", signed ? 1 : 0), ("narrow", narrow ? 1 : 0), ("rounding_mode", rounding));

    public OnnxBuilder Output(string name)
    {
        Model.Graph.Output.Clear();
        Model.Graph.Output.Add(Value(name, ElementType.Float, [1, 1]));
        return this;
    }

    public byte[] Bytes() => Model.ToByteArray();

    public ImportedNetwork Import(InputScaling? scaling = null) =>
        OnnxImporter.Import(Bytes(), "test.onnx", new ImportOptions { Scaling = scaling ?? InputScaling.ZeroToOne });

    public SourceModel Source(InputScaling? scaling = null) =>
        new(OnnxFile.Parse(Bytes(), "test.onnx", null, 1 << 28), new ImportOptions { Scaling = scaling ?? InputScaling.ZeroToOne });

    private static ValueInfoProto Value(string name, ElementType type, int[] shape)
    {
        var value = new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() } } };
        value.Type.TensorType.Shape.Dim.AddRange(shape.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return value;
    }
}
