namespace HwGen.Golden;

/// <summary>The four Boolean operations of a row.</summary>
public enum RowFunction
{
    /// <summary>Not both.</summary>
    Nand,

    /// <summary>Both.</summary>
    And,

    /// <summary>One and not the other.</summary>
    Xor,

    /// <summary>One or both.</summary>
    Or,
}

/// <summary>The row operation and its popcount by definition, on lists of bits: bit i belongs to column i.</summary>
public static class RowOperation
{
    /// <summary>The operation on one pair of bits.</summary>
    public static bool Apply(RowFunction function, bool stored, bool operand) => function switch
    {
        RowFunction.Nand => !(stored && operand),
        RowFunction.And => stored && operand,
        RowFunction.Xor => stored != operand,
        RowFunction.Or => stored || operand,
        _ => throw new ArgumentOutOfRangeException(nameof(function), Invariant($"{(int)function} is not a row operation")),
    };

    /// <summary>The operation on every column.</summary>
    /// <exception cref="ArgumentException">The lists are of different lengths.</exception>
    public static bool[] Apply(RowFunction function, ReadOnlySpan<bool> stored, ReadOnlySpan<bool> operand)
    {
        if (stored.Length != operand.Length)
            throw new ArgumentException(Invariant($"{stored.Length} stored bits and {operand.Length} operand bits"));
        var result = new bool[stored.Length];
        for (int column = 0; column < result.Length; column++)
            result[column] = Apply(function, stored[column], operand[column]);
        return result;
    }

    /// <summary>
    /// What a lane gives for one row: the number of columns that are in the mask and whose result is 1. Columns beyond the fan-in
    /// are outside of the mask, for NAND of zeros is 1.
    /// </summary>
    /// <exception cref="ArgumentException">The lists are of different lengths.</exception>
    public static int Count(RowFunction function, ReadOnlySpan<bool> stored, ReadOnlySpan<bool> operand, ReadOnlySpan<bool> mask)
    {
        bool[] result = Apply(function, stored, operand);
        if (mask.Length != result.Length)
            throw new ArgumentException(Invariant($"a mask of {mask.Length} bits for {result.Length} columns"));
        for (int column = 0; column < result.Length; column++)
            result[column] &= mask[column];
        return PopulationCount.Of(result);
    }
}
