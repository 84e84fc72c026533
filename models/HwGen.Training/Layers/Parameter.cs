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

    /// <summary>The least value that a number may have.</summary>
    public float Lowest => Clip > 0 ? -Clip : Minimum;

    /// <summary>The greatest value that a number may have.</summary>
    public float Highest => Clip > 0 ? Clip : float.PositiveInfinity;

    /// <summary>All ones where a number no longer learns, else 0; empty while all learn. A mask, so that optimisers can select with it.</summary>
    internal int[] FrozenMask { get; private set; } = [];

    /// <summary>Stops the learning of a number: it stays as it is. A pruned filter's weights do.</summary>
    /// <param name="index">The number's place.</param>
    public void Freeze(int index)
    {
        if (FrozenMask.Length == 0)
            FrozenMask = new int[Values.Length];
        FrozenMask[index] = -1;
    }

    /// <summary>Whether a number no longer learns.</summary>
    /// <param name="index">The number's place.</param>
    /// <returns>True after <see cref="Freeze"/>.</returns>
    public bool IsFrozen(int index) => FrozenMask.Length > 0 && FrozenMask[index] != 0;

    /// <summary>The value moved into the allowed range.</summary>
    /// <param name="value">A new value.</param>
    /// <returns>The nearest allowed value.</returns>
    public float Bound(float value) => value < Lowest ? Lowest : value > Highest ? Highest : value;
}
