namespace HwGen.Training.Layers;

/// <summary>±1 weights: +1 for a latent weight of 0 or more, otherwise −1.</summary>
public sealed class BinaryWeights : IWeightQuantiser
{
    /// <inheritdoc/>
    public int Largest => 1;

    /// <inheritdoc/>
    public int Bits => 1;

    /// <inheritdoc/>
    public void Quantise(ReadOnlySpan<float> latent, Span<float> stored)
    {
        for (int i = 0; i < latent.Length; i++)
            stored[i] = latent[i] >= 0 ? 1 : -1;
    }
}

/// <summary>Symmetric two's complement weights of some bits: the latent weight times 2^(bits−1) − 1, rounded half to even. −2^(bits−1) is not used.</summary>
public sealed class IntegerWeights : IWeightQuantiser
{
    /// <summary>Makes a quantiser.</summary>
    /// <param name="bits">2 to 8.</param>
    public IntegerWeights(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        Bits = bits;
        Largest = (1 << (bits - 1)) - 1;
    }

    /// <inheritdoc/>
    public int Largest { get; }

    /// <inheritdoc/>
    public int Bits { get; }

    /// <inheritdoc/>
    public void Quantise(ReadOnlySpan<float> latent, Span<float> stored)
    {
        for (int i = 0; i < latent.Length; i++)
            stored[i] = MathF.Round(Math.Clamp(latent[i], -1f, 1f) * Largest);
    }
}
