namespace HwGen.Training.Layers;

/// <summary>Numbers that a network learns, with their gradient and the optimiser's two averages.</summary>
/// <param name="name">Its name, unique in the network: the layer's name and what it is.</param>
/// <param name="length">How many numbers.</param>
/// <param name="clip">When above 0, the numbers are kept within ±clip after each step (latent weights of quantised layers).</param>
public sealed class Parameter(string name, int length, float clip = 0)
{
    /// <summary>Its name, unique in the network.</summary>
    public string Name { get; } = name;

    /// <summary>When above 0, the numbers are kept within ±clip after each step.</summary>
    public float Clip { get; } = clip;

    /// <summary>The smallest value that a number may have; no bound by default.</summary>
    public float Minimum { get; init; } = float.NegativeInfinity;

    /// <summary>The numbers.</summary>
    public float[] Values { get; } = new float[length];

    /// <summary>The gradient of the loss in each number.</summary>
    public float[] Gradient { get; } = new float[length];

    /// <summary>The optimiser's running average of the gradient (momentum).</summary>
    public float[] FirstMoment { get; } = new float[length];

    /// <summary>The optimiser's running average of the squared gradient.</summary>
    public float[] SecondMoment { get; } = new float[length];

    /// <summary>Numbers that no longer learn: a pruned filter's weights stay as they were. Empty while all learn.</summary>
    public bool[] Frozen { get; set; } = [];

    /// <summary>The value moved into the allowed range.</summary>
    /// <param name="value">A new value.</param>
    /// <returns>The nearest allowed value.</returns>
    public float Bound(float value)
    {
        float low = Clip > 0 ? -Clip : Minimum;
        return value < low ? low : Clip > 0 && value > Clip ? Clip : value;
    }
}
