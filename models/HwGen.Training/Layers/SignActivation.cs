using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// The sign: +1 for 0 and above, otherwise −1. The gradient passes straight through where the input lies within ±1 and is 0 elsewhere
/// (Courbariaux et al. 2016).
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape of its input and output.</param>
public sealed class SignActivation(string name, MapShape shape) : Activation(name, shape)
{
    /// <inheritdoc/>
    protected override void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        int i = 0;
        ref float from = ref MemoryMarshal.GetReference(input);
        ref float to = ref MemoryMarshal.GetReference(output);
        for (; i + Vector512<float>.Count <= input.Length; i += Vector512<float>.Count)
        {
            Vector512<float> positive = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref from, (nuint)i), Vector512<float>.Zero);
            Vector512.ConditionalSelect(positive, Vector512<float>.One, -Vector512<float>.One).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < input.Length; i++)
            output[i] = input[i] >= 0 ? 1 : -1;
    }

    /// <inheritdoc/>
    protected override void ApplyGradient(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> inputGradient)
    {
        int i = 0;
        ref float from = ref MemoryMarshal.GetReference(input);
        ref float slope = ref MemoryMarshal.GetReference(gradient);
        ref float to = ref MemoryMarshal.GetReference(inputGradient);
        for (; i + Vector512<float>.Count <= input.Length; i += Vector512<float>.Count)
        {
            Vector512<float> within = Vector512.LessThanOrEqual(Vector512.Abs(Vector512.LoadUnsafe(ref from, (nuint)i)), Vector512<float>.One);
            Vector512.BitwiseAnd(within, Vector512.LoadUnsafe(ref slope, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < input.Length; i++)
            inputGradient[i] = MathF.Abs(input[i]) <= 1 ? gradient[i] : 0;
    }
}
