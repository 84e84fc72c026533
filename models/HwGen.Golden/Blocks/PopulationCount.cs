namespace HwGen.Golden;

/// <summary>The number of ones.</summary>
public static class PopulationCount
{
    /// <summary>Counts the ones of a list of bits, one by one.</summary>
    public static int Of(ReadOnlySpan<bool> bits)
    {
        int count = 0;
        foreach (bool bit in bits)
        {
            if (bit)
                count++;
        }
        return count;
    }
}
