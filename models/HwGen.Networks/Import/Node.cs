using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>One node of the source while it is imported: its inputs by value, its attributes by type.</summary>
internal sealed class Node(Lowering lowering, NodeProto proto, long opset)
{
    public Lowering Lowering => lowering;

    public NodeProto Proto => proto;

    /// <summary>The version of the default operator set.</summary>
    public long Opset => opset;

    public int InputCount => proto.Input.Count;

    public bool Has(int input) => input < proto.Input.Count && proto.Input[input].Length > 0;

    public object Value(int input) => Has(input)
        ? lowering.Values.GetValueOrDefault(proto.Input[input])
            ?? throw new NodeException(Invariant($"reads '{proto.Input[input]}', a second output that is not supported"))
        : throw new NodeException(Invariant($"has no input {input}"));

    /// <summary>An input that depends on the image.</summary>
    public MapValue Map(int input) => Value(input) as MapValue
        ?? throw (Value(input) is OrderedValue ordered
            ? new NodeException(Invariant($"reads what {ordered.Operator} makes; it is supported at the end of a network only"))
            : NotMap(input));

    private NodeException NotMap(int input) => new(Invariant($"its input '{proto.Input[input]}' is constant where a feature map is expected"));

    /// <summary>An input that is known.</summary>
    public Constant Constant(int input, string what) => Value(input) as Constant
        ?? throw new NodeException(Invariant($"its {what} '{proto.Input[input]}' depends on the image; a constant is expected"));

    public bool AllConstant => Enumerable.Range(0, InputCount).All(i => !Has(i) || Value(i) is Constant);

    /// <summary>Whether this node alone reads the input.</summary>
    public bool ReadsAlone(int input) => lowering.Users.GetValueOrDefault(proto.Input[input]) == 1;

    public void Set(object value) => lowering.Values[proto.Output[0]] = value;

    public string NewName(string suffix = "") => lowering.NewName(proto, suffix);

    public long Integer(string name, long missing) => Find(name)?.I ?? missing;

    public double Float(string name, double missing) => Find(name) is { } attribute
        ? double.IsFinite(attribute.F) ? attribute.F : throw new NodeException(Invariant($"its {name} is not a finite number"))
        : missing;

    public string Text(string name, string missing) => Find(name)?.S.ToStringUtf8() ?? missing;

    public bool HasAttribute(string name) => Find(name) is not null;

    public AttributeProto? Find(string name) => proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>A list of integers within the bounds of an extent.</summary>
    public int[]? Integers(string name)
    {
        if (Find(name) is not { } attribute)
            return null;
        const int Bound = 1 << 20;
        return attribute.Ints.Count <= 16 && attribute.Ints.All(value => value is >= -Bound and <= Bound)
            ? [.. attribute.Ints.Select(value => (int)value)]
            : throw new NodeException(Invariant($"its {name} has more than 16 values or a value beyond ±2^20"));
    }
}
