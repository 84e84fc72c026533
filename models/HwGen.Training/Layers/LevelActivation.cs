using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// A rectifier of n bits: the input over the step, rounded half up and saturated to 0 … 2^n − 1. The output is the integer level, so
/// that what follows computes the hardware's accumulators. The gradient passes straight through within the range, over the step.
/// </summary>
public sealed class LevelActivation : Activation
{
    /// <summary>Makes a rectifier.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape of its input and output.</param>
    /// <param name="bits">1 to 8.</param>
    /// <param name="step">The width of a level in units of the input (behind batch norm, of its deviation); above 0.</param>
    public LevelActivation(string name, MapShape shape, int bits, float step)
        : base(name, shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        Bits = bits;
        Step = step;
        Largest = (1 << bits) - 1;
    }

    /// <summary>The bits of a level.</summary>
    public int Bits { get; }

    /// <summary>The width of a level.</summary>
    public float Step { get; }

    /// <summary>The largest level.</summary>
    public int Largest { get; }

    /// <inheritdoc/>
    protected override void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int i = 0; i < input.Length; i++)
            output[i] = Math.Clamp(MathF.Floor((input[i] / Step) + 0.5f), 0, Largest);
    }

    /// <inheritdoc/>
    protected override void ApplyGradient(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> inputGradient)
    {
        float top = Largest * Step;
        for (int i = 0; i < input.Length; i++)
            inputGradient[i] = input[i] > 0 && input[i] < top ? gradient[i] / Step : 0;
    }
}
