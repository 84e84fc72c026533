using System.Runtime.Intrinsics;
using HwGen.Training.Layers;

namespace HwGen.Training.Optimisation;

/// <summary>Adam (Kingma and Ba 2015) with the usual constants 0.9, 0.999 and 1e-8.</summary>
public sealed class Adam : IOptimiser
{
    private const float FirstDecay = 0.9f;
    private const float SecondDecay = 0.999f;
    private const float FirstRest = 1 - FirstDecay;
    private const float SecondRest = 1 - SecondDecay;
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
            int vectors = StepVectors(parameter, rate, inverseSecondBias);
            for (int i = vectors; i < parameter.Values.Length; i++)
                if (!parameter.IsFrozen(i))
                    StepOne(parameter, i, rate, inverseSecondBias);
        }
    }

    private static void StepOne(Parameter parameter, int i, float rate, float inverseSecondBias)
    {
        float slope = parameter.Gradient[i];
        float m = parameter.FirstMoment[i] = (FirstDecay * parameter.FirstMoment[i]) + (FirstRest * slope);
        float v = parameter.SecondMoment[i] = (SecondDecay * parameter.SecondMoment[i]) + (SecondRest * slope * slope);
        parameter.Values[i] = parameter.Bound(parameter.Values[i] - (rate * m / (MathF.Sqrt(v * inverseSecondBias) + Epsilon)));
    }

    // The same operations as for one number, in the same order and never fused: equal bits.
    private static int StepVectors(Parameter parameter, float rate, float inverseSecondBias)
    {
        bool frozen = parameter.FrozenMask.Length > 0;
        Vector512<float> lowest = Vector512.Create(parameter.Lowest);
        Vector512<float> highest = Vector512.Create(parameter.Highest);
        int i = 0;
        for (; i + Vector512<float>.Count <= parameter.Values.Length; i += Vector512<float>.Count)
        {
            Vector512<float> slope = Vector512.Create(parameter.Gradient, i);
            Vector512<float> first = Vector512.Create(parameter.FirstMoment, i);
            Vector512<float> second = Vector512.Create(parameter.SecondMoment, i);
            Vector512<float> value = Vector512.Create(parameter.Values, i);
            Vector512<float> m = (FirstDecay * first) + (FirstRest * slope);
            Vector512<float> v = (SecondDecay * second) + (SecondRest * slope * slope);
            Vector512<float> next = value - (rate * m / (Vector512.Sqrt(v * inverseSecondBias) + Vector512.Create(Epsilon)));
            next = Vector512.Min(Vector512.Max(next, lowest), highest);
            if (frozen)
            {
                Vector512<float> stays = Vector512.Create(parameter.FrozenMask, i).AsSingle();
                m = Vector512.ConditionalSelect(stays, first, m);
                v = Vector512.ConditionalSelect(stays, second, v);
                next = Vector512.ConditionalSelect(stays, value, next);
            }
            m.CopyTo(parameter.FirstMoment, i);
            v.CopyTo(parameter.SecondMoment, i);
            next.CopyTo(parameter.Values, i);
        }
        return i;
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
