using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>Initial latent weights: uniform in [−1, +1), so that signs are fair coins and every latent weight can still change its sign.</summary>
internal static class InitialWeights
{
    public static void Draw(Span<float> weights, RandomSource random)
    {
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (2 * random.NextSingle()) - 1;
    }
}
