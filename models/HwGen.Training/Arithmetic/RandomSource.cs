using System.Numerics;

namespace HwGen.Training.Arithmetic;

/// <summary>
/// A seeded stream of random numbers (xoshiro256**, Blackman and Vigna 2018, seeded by SplitMix64). The library's <see cref="Random"/>
/// promises no fixed sequence between runtime versions and cannot be saved; a recipe must give the same weights for ever, and a
/// checkpoint must continue the stream.
/// </summary>
public sealed class RandomSource
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any 64-bit value; equal seeds give equal streams on every machine.</param>
    public RandomSource(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>Starts the stream of a seed and a purpose, so that two uses of one recipe seed never share numbers.</summary>
    /// <param name="seed">The seed of the recipe.</param>
    /// <param name="stream">The number of the purpose.</param>
    /// <param name="index">A position within the purpose, for example the epoch.</param>
    /// <returns>A stream of its own for the three values.</returns>
    public static RandomSource For(ulong seed, RandomStream stream, ulong index = 0)
    {
        // Each value passes through the mixer before the next joins, so that (1, 2) and (2, 1) differ.
        ulong state = seed;
        state = SplitMix(ref state) ^ (ulong)stream;
        state = SplitMix(ref state) ^ index;
        return new RandomSource(SplitMix(ref state));
    }

    /// <summary>The next 64 random bits.</summary>
    /// <returns>A uniform 64-bit value.</returns>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform integer in [0, bound).</summary>
    /// <param name="bound">The exclusive upper end, at least 1.</param>
    /// <returns>A value without bias (values that would favour low results are drawn again).</returns>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        uint range = (uint)bound;
        uint reject = (0u - range) % range;
        while (true)
        {
            ulong product = (uint)(NextBits() >> 32) * (ulong)range;
            if ((uint)product >= reject)
                return (int)(product >> 32);
        }
    }

    /// <summary>A uniform number in [0, 1) on a grid of 2^-24.</summary>
    /// <returns>An exactly representable single.</returns>
    public float NextSingle() => (NextBits() >> 40) * (1.0f / (1 << 24));

    /// <summary>Shuffles in place (Fisher and Yates, from the end).</summary>
    /// <param name="items">What is shuffled.</param>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
