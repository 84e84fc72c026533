namespace HwGen.Training.Optimisation;

/// <summary>How the learning rate changes over a run.</summary>
public interface ISchedule
{
    /// <summary>The factor on the recipe's learning rate.</summary>
    /// <param name="progress">The share of all steps that is done, from 0 to below 1.</param>
    /// <returns>From 0 to 1.</returns>
    double Factor(double progress);
}

/// <summary>The learning rate stays.</summary>
public sealed class ConstantSchedule : ISchedule
{
    /// <inheritdoc/>
    public double Factor(double progress) => 1;
}

/// <summary>Half a cosine from 1 to 0 (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed class CosineSchedule : ISchedule
{
    /// <inheritdoc/>
    // Rounded to a single, so that a last bit that differs between mathematical libraries does not reach the weights.
    public double Factor(double progress) => (float)(0.5 * (1 + Math.Cos(Math.PI * progress)));
}

/// <summary>The learning rate falls to a tenth at each of some points.</summary>
/// <param name="points">Shares of the run, each above 0 and below 1.</param>
public sealed class StepSchedule(IReadOnlyList<double> points) : ISchedule
{
    /// <inheritdoc/>
    public double Factor(double progress)
    {
        double factor = 1;
        foreach (double point in points)
            if (progress >= point)
                factor /= 10;
        return factor;
    }
}
