using HwGen.Training.Layers;

namespace HwGen.Training.Optimisation;

/// <summary>Adam (Kingma and Ba 2015) with the usual constants 0.9, 0.999 and 1e-8.</summary>
public sealed class Adam : IOptimiser
{
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.999f;
    private const float Epsilon = 1e-8f;

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Parameter> parameters, double learningRate, long step)
    {
        // Powers by repeated multiplication: Math.Pow is not the same to the last bit everywhere.
        double firstBias = 1 - Power(FirstDecay, step);
        double secondBias = 1 - Power(SecondDecay, step);
        float rate = (float)(learningRate / firstBias);
        float inverseSecondBias = (float)(1 / secondBias);
        foreach (Parameter parameter in parameters)
        {
            float[] values = parameter.Values;
            float[] gradient = parameter.Gradient;
            float[] first = parameter.FirstMoment;
            float[] second = parameter.SecondMoment;
            bool[] frozen = parameter.Frozen;
            for (int i = 0; i < values.Length; i++)
            {
                if (frozen.Length > 0 && frozen[i])
                    continue;
                float slope = gradient[i];
                float m = first[i] = (FirstDecay * first[i]) + ((1 - FirstDecay) * slope);
                float v = second[i] = (SecondDecay * second[i]) + ((1 - SecondDecay) * slope * slope);
                values[i] = parameter.Bound(values[i] - (rate * m / (MathF.Sqrt(v * inverseSecondBias) + Epsilon)));
            }
        }
    }

    private static double Power(double value, long exponent)
    {
        double result = 1;
        for (double square = value; exponent > 0; exponent >>= 1, square *= square)
            if ((exponent & 1) != 0)
                result *= square;
        return result;
    }
}
