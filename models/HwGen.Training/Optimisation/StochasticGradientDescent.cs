using HwGen.Training.Layers;

namespace HwGen.Training.Optimisation;

/// <summary>Stochastic gradient descent with momentum (the running sum decays by the momentum each step).</summary>
public sealed class StochasticGradientDescent : IOptimiser
{
    private readonly float _momentum;

    /// <summary>Makes an optimiser.</summary>
    /// <param name="momentum">From 0 (none) to below 1.</param>
    public StochasticGradientDescent(double momentum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1);
        _momentum = (float)momentum;
    }

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Parameter> parameters, double learningRate, long step)
    {
        float rate = (float)learningRate;
        foreach (Parameter parameter in parameters)
        {
            for (int i = 0; i < parameter.Values.Length; i++)
            {
                if (parameter.IsFrozen(i))
                    continue;
                float m = parameter.FirstMoment[i] = (_momentum * parameter.FirstMoment[i]) + parameter.Gradient[i];
                parameter.Values[i] = parameter.Bound(parameter.Values[i] - (rate * m));
            }
        }
    }
}
