namespace HwGen.Networks;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): the same numbers on every machine and in every
/// version of .NET, which <see cref="Random"/> does not promise.
/// </summary>
/// <param name="seed">The start; equal seeds give equal numbers.</param>
public struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>An integer from minimum to maximum, both included.</summary>
    public int Between(int minimum, int maximum)
    {
        ulong span = (ulong)((long)maximum - minimum + 1);
        return (int)(minimum + (long)(ulong)(((UInt128)Next() * span) >> 64));
    }
}
