using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>Operators on constants alone, computed while importing: in 32-bit floats, as the source would, unless an operand is double.</summary>
internal static class ConstantOperators
{
    public static void Binary(Node node, Func<double, double, double> operation)
    {
        Constant a = node.Constant(0, "first operand"), b = node.Constant(1, "second operand");
        ImmutableArray<int> shape = Broadcast.Shape(a.Dimensions, b.Dimensions);
        double[] x = Broadcast.To(a, shape), y = Broadcast.To(b, shape);
        ElementType type = b.Type == ElementType.Double ? b.Type : a.Type;
        for (int i = 0; i < x.Length; i++)
            x[i] = Rounded(operation(x[i], y[i]), type);
        node.Set(new Constant(shape, x, type));
    }

    public static void Unary(Node node, Func<double, double> operation)
    {
        Constant a = node.Constant(0, "operand");
        node.Set(new Constant(a.Dimensions, Array.ConvertAll(a.Values, value => Rounded(operation(value), a.Type)), a.Type));
    }

    public static void Constant(Node node)
    {
        if (node.Find("value") is { T: { } tensor })
            node.Set(TensorReader.Read(tensor, node.Lowering.File));
        else if (node.Find("value_float") is { } single)
            node.Set(new Constant([], [Finite(single.F)], ElementType.Float));
        else if (node.Find("value_int") is { } integer)
            node.Set(new Constant([], [integer.I], ElementType.Int64));
        else if (node.Find("value_floats") is { } floats)
            node.Set(new Constant([floats.Floats.Count], [.. floats.Floats.Select(value => Finite(value))], ElementType.Float));
        else if (node.Find("value_ints") is { } integers)
            node.Set(new Constant([integers.Ints.Count], [.. integers.Ints.Select(value => (double)value)], ElementType.Int64));
        else
            throw new NodeException("has none of value, value_float, value_int, value_floats and value_ints");
    }

    public static void Cast(Node node)
    {
        Constant a = node.Constant(0, "operand");
        var type = (ElementType)node.Integer("to", 1);
        if (!Enum.IsDefined(type))
            throw new NodeException(Invariant($"casts to the element type {(int)type}, which is not supported"));
        bool whole = !(a with { Type = type }).IsFloat;
        node.Set(new Constant(a.Dimensions, Array.ConvertAll(a.Values, value => whole ? Math.Truncate(value) : Rounded(value, type)), type));
    }

    public static void Gather(Node node)
    {
        Constant data = node.Constant(0, "data"), indices = node.Constant(1, "indices");
        if (data.Dimensions.Length != 1)
            throw new NodeException("gathers from more than one dimension; lists are supported");
        double[] values = Array.ConvertAll(indices.Values, index =>
        {
            int place = (int)Math.Clamp(index < 0 ? index + data.Values.Length : index, -1, data.Values.Length);
            return place >= 0 && place < data.Values.Length ? data.Values[place] : throw new NodeException(Invariant($"gathers index {index} of {data.Values.Length}"));
        });
        node.Set(new Constant(indices.Dimensions, values, data.Type));
    }

    public static void Concat(Node node)
    {
        Constant[] parts = [.. Enumerable.Range(0, node.InputCount).Select(i => node.Constant(i, "part"))];
        if (parts.Length == 0 || parts.Any(part => part.Dimensions.Length != 1) || parts.Sum(part => (long)part.Values.Length) > Networks.Constant.MaximumFolded)
            throw new NodeException("joins constants of more than one dimension; lists are supported");
        double[] values = [.. parts.SelectMany(part => part.Values)];
        node.Set(new Constant([values.Length], values, parts[0].Type));
    }

    public static double Rounded(double value, ElementType type)
    {
        double rounded = type switch
        {
            ElementType.Float or ElementType.Float16 or ElementType.BFloat16 => (float)value,
            ElementType.Double => value,
            _ => Math.Truncate(value),
        };
        return Finite(rounded);
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : throw new NodeException("computes a constant that is not a finite number");
}
