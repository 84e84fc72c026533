namespace HwGen.Simulation.Netlists;

/// <summary>
/// The values of registers and memory words at power-up: from the seed and the name alone, so that all engines start alike and one more register
/// changes no other. <see cref="PowerUpText"/> says the same in Verilog.
/// </summary>
internal static class PowerUp
{
    // SplitMix64 (Steele, Lea, Flood 2014).
    public const ulong Step = 0x9E3779B97F4A7C15UL;
    public const ulong FirstFactor = 0xBF58476D1CE4E5B9UL;
    public const ulong SecondFactor = 0x94D049BB133111EBUL;

    public const ulong SeedStep = 0xC2B2AE3D27D4EB4FUL;
    public const ulong WordStep = 0xD1B54A32D192ED03UL;

    /// <summary>A number for a path: FNV-1a.</summary>
    public static ulong HashOf(string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in path)
            hash = unchecked((hash ^ character) * 1099511628211UL);
        return hash;
    }

    /// <summary>Fills a value of a width.</summary>
    /// <param name="seed">The seed of the simulation.</param>
    /// <param name="path">The hash of the register's or memory's path.</param>
    /// <param name="word">The word of a memory; 0 for a register.</param>
    /// <param name="value">Receives the words.</param>
    /// <param name="width">Bits.</param>
    public static void Fill(int seed, ulong path, int word, Span<ulong> value, int width)
    {
        unchecked
        {
            var state = path + ((uint)seed * SeedStep) + ((uint)word * WordStep);
            for (var index = 0; index < value.Length; index++)
            {
                state += Step;
                var mixed = (state ^ (state >> 30)) * FirstFactor;
                mixed = (mixed ^ (mixed >> 27)) * SecondFactor;
                value[index] = mixed ^ (mixed >> 31);
            }
        }

        value[^1] &= BitWords.TopMask(width);
    }
}
