using HwGen.Training.Layers;

namespace HwGen.Training.Tests.Layers;

/// <summary>Compares a layer's gradients with finite differences of a random weighted sum of its outputs.</summary>
internal static class GradientCheck
{
    /// <summary>Stands in for a quantiser: what the layer does with stored weights is linear and can be differentiated.</summary>
    public sealed class Identity : IWeightQuantiser
    {
        public int Largest => 1;

        public int Bits => 8;

        public void Quantise(ReadOnlySpan<float> latent, Span<float> stored) => latent.CopyTo(stored);
    }

    public static void Check(TrainableLayer layer, FeatureMaps input, float step = 1 / 64f, double tolerance = 2e-3)
    {
        var shards = new Shards(2);
        var random = new RandomSource(99);
        layer.Forward(input, Pass.Training, shards);
        var weights = new FeatureMaps(input.Batch, layer.Output);
        foreach (ref float weight in weights.Values)
            weight = (2 * random.NextSingle()) - 1;
        float[] inputGradient = layer.Backward(weights, needInput: true, shards).Values.ToArray();
        float[][] parameterGradients = [.. layer.Parameters.Select(parameter => parameter.Gradient.ToArray())];

        double Loss()
        {
            FeatureMaps output = layer.Forward(input, Pass.Training, shards);
            double sum = 0;
            for (int i = 0; i < output.Values.Length; i++)
                sum += (double)output.Values[i] * weights.Values[i];
            return sum;
        }

        double Slope(ref float value)
        {
            float old = value;
            value = old + step;
            double above = Loss();
            value = old - step;
            double below = Loss();
            value = old;
            return (above - below) / (2 * step);
        }

        int nonZero = 0;
        for (int i = 0; i < inputGradient.Length; i++)
        {
            Slope(ref input.Values[i]).ShouldBe(inputGradient[i], tolerance * Math.Max(1, Math.Abs(inputGradient[i])), $"{layer.Name}: input {i}");
            nonZero += inputGradient[i] != 0 ? 1 : 0;
        }
        nonZero.ShouldBeGreaterThan(0);
        for (int p = 0; p < parameterGradients.Length; p++)
            for (int i = 0; i < parameterGradients[p].Length; i++)
                Slope(ref layer.Parameters[p].Values[i]).ShouldBe(
                    parameterGradients[p][i], tolerance * Math.Max(1, Math.Abs(parameterGradients[p][i])), $"{layer.Parameters[p].Name} {i}");
    }

    public static FeatureMaps Images(int batch, MapShape map, ulong seed)
    {
        var images = new FeatureMaps(batch, map);
        var random = new RandomSource(seed);
        foreach (ref float value in images.Values)
            value = (2 * random.NextSingle()) - 1;
        return images;
    }
}
