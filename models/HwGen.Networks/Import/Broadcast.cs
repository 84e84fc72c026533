namespace HwGen.Networks;

/// <summary>NumPy's broadcasting for constants.</summary>
internal static class Broadcast
{
    public static ImmutableArray<int> Shape(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        int rank = Math.Max(a.Length, b.Length);
        var shape = new int[rank];
        long count = 1;
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new NodeException(Invariant($"joins constants {WeightedOperators.Shape(a)} and {WeightedOperators.Shape(b)}, which do not fit"));
            shape[rank - i] = x == 1 ? y : x;
            count *= shape[rank - i];
            if (count > Constant.MaximumFolded && count > Math.Max(Count(a), Count(b)))
                throw new NodeException(Invariant($"computes a constant of more than {Constant.MaximumFolded} values"));
        }
        return [.. shape];
    }

    /// <summary>The values of a constant at each place of a larger shape.</summary>
    public static double[] To(Constant constant, ImmutableArray<int> shape)
    {
        long count = Count(shape);
        if (constant.Values.Length == 1)
        {
            var same = new double[count];
            Array.Fill(same, constant.Values[0]);
            return same;
        }
        if (Shape(constant.Dimensions, shape).Length != shape.Length || !Shape(constant.Dimensions, shape).SequenceEqual(shape))
            throw new NodeException(Invariant($"spreads constants {WeightedOperators.Shape(constant.Dimensions)} over {WeightedOperators.Shape(shape)}, which do not fit"));
        var values = new double[count];
        int rank = shape.Length, missing = rank - constant.Dimensions.Length;
        int[] index = new int[rank], strides = new int[rank];
        for (int i = rank - 1, stride = 1; i >= missing; stride *= constant.Dimensions[i-- - missing])
            strides[i] = constant.Dimensions[i - missing] == 1 ? 0 : stride;
        for (int i = 0, place = 0; i < values.Length; i++)
        {
            values[i] = constant.Values[place];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                place += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                place -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return values;
    }

    private static long Count(ImmutableArray<int> shape) => shape.Aggregate(1L, (product, extent) => product * extent);
}
