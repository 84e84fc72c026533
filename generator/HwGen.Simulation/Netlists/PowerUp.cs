namespace HwGen.Simulation.Netlists;

/// <summary>
/// The values of registers and memory words at power-up, for the engines that run the netlist: from the seed and the
/// name alone, so that both engines start alike and one more register changes no other.
/// </summary>
internal static class PowerUp
{
    /// <summary>Fills a value of a width.</summary>
    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="path">The register's or memory's path.</param>
    /// <param name="word">The word of a memory; 0 for a register.</param>
    /// <param name="value">Receives the words.</param>
    /// <param name="width">Bits.</param>
    public static void Fill(int seed, string path, int word, Span<ulong> value, int width)
    {
        var state = 14695981039346656037UL ^ (uint)seed;
        foreach (var character in path)
            state = (state ^ character) * 1099511628211UL;
        state += (ulong)(uint)word * 0xD1B54A32D192ED03UL;
        for (var index = 0; index < value.Length; index++)
        {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state += 0x9E3779B97F4A7C15UL;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            value[index] = mixed ^ (mixed >> 31);
        }

        value[^1] &= BitWords.TopMask(width);
    }
}
