namespace HwGen.Networks;

/// <summary>ONNX element types, by their numbers in the format.</summary>
internal enum ElementType
{
    Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, Bool = 9, Float16 = 10, Double = 11, UInt32 = 12, UInt64 = 13, BFloat16 = 16, UInt4 = 21, Int4 = 22,
}

/// <summary>
/// A tensor whose values are known: an initializer, or computed from initializers. Behind a quantiser it also knows its integers: value = code · scale.
/// </summary>
/// <param name="Dimensions">The extents; none for a single value.</param>
/// <param name="Values">The values, the last dimension fastest.</param>
/// <param name="Type">The element type.</param>
internal sealed record Constant(ImmutableArray<int> Dimensions, double[] Values, ElementType Type)
{
    /// <summary>The largest number of values of a tensor that is computed here.</summary>
    public const int MaximumFolded = 1 << 22;

    /// <summary>The integers behind the values; null for plain numbers.</summary>
    public long[]? Codes { get; init; }

    /// <summary>The scale of each value, where there are codes.</summary>
    public double[]? Scales { get; init; }

    /// <summary>The number format of the codes.</summary>
    public NumberFormat? Format { get; init; }

    public bool IsFloat => Type is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16;

    public double Single(string what) =>
        Values.Length == 1 ? Values[0] : throw new NodeException(Invariant($"its {what} has {Values.Length} values; one is expected"));

    /// <summary>The same values in another order: place i takes what was at order[i].</summary>
    public Constant Reordered(ImmutableArray<int> dimensions, int[] order) => this with
    {
        Dimensions = dimensions,
        Values = Array.ConvertAll(order, place => Values[place]),
        Codes = Codes is null ? null : Array.ConvertAll(order, place => Codes[place]),
        Scales = Scales is null ? null : Array.ConvertAll(order, place => Scales[place]),
    };

    public Constant Reshaped(ImmutableArray<int> dimensions) => this with { Dimensions = dimensions };

    public static Constant Of(IEnumerable<int> values) =>
        new([values.Count()], [.. values.Select(value => (double)value)], ElementType.Int64);
}
