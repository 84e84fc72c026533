namespace HwGen.Golden;

/// <summary>The decision of a classifier.</summary>
public static class Argmax
{
    /// <summary>The index of the greatest value; the lowest index wins a tie.</summary>
    /// <param name="values">At least one value.</param>
    public static int Of(ReadOnlySpan<long> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }

    /// <summary>The index of the greatest value; the lowest index wins a tie.</summary>
    /// <param name="values">At least one value.</param>
    public static int Of(ReadOnlySpan<int> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }
        return best;
    }
}
