using HwGen.Training.Layers;

namespace HwGen.Training.Optimisation;

/// <summary>Moves parameters against their gradients. All state is in the parameters and the step number, so a checkpoint is complete with them.</summary>
public interface IOptimiser
{
    /// <summary>Makes one step with all parameters.</summary>
    /// <param name="parameters">The parameters, gradients filled in.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    void Step(IReadOnlyList<Parameter> parameters, double learningRate, long step);
}
