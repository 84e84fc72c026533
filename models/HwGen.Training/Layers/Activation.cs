using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// A function of each value by itself. It also holds which channels are alive: a pruned channel is 0 and gets no gradient, which is
/// exactly a network without it, so removing it later changes nothing.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape of its input and output.</param>
public abstract class Activation(string name, MapShape shape) : TrainableLayer(name, shape, shape)
{
    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private FeatureMaps _input = new();

    /// <summary>Which channels are alive; empty while all are.</summary>
    public bool[] Alive { get; set; } = [];

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        _input = input;
        _output.Resize(input.Batch, Output);
        shards.Run(input.Batch, (_, first, end) =>
        {
            Span<float> to = _output.Images(first, end - first);
            Apply(input.Images(first, end - first), to);
            ClearDeadChannels(to);
        });
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        _inputGradient.Resize(gradient.Batch, Input);
        shards.Run(gradient.Batch, (_, first, end) =>
        {
            Span<float> to = _inputGradient.Images(first, end - first);
            ApplyGradient(_input.Images(first, end - first), gradient.Images(first, end - first), to);
            ClearDeadChannels(to);
        });
        return _inputGradient;
    }

    /// <summary>Computes the function.</summary>
    /// <param name="input">Some values.</param>
    /// <param name="output">Receives as many.</param>
    protected abstract void Apply(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Computes the gradient in the input.</summary>
    /// <param name="input">What <see cref="Apply"/> was given.</param>
    /// <param name="gradient">The gradient in the output.</param>
    /// <param name="inputGradient">Receives the gradient in the input.</param>
    protected abstract void ApplyGradient(ReadOnlySpan<float> input, ReadOnlySpan<float> gradient, Span<float> inputGradient);

    private void ClearDeadChannels(Span<float> values)
    {
        int channels = Output.Channels;
        for (int channel = 0; channel < Alive.Length; channel++)
            if (!Alive[channel])
                for (int at = channel; at < values.Length; at += channels)
                    values[at] = 0;
    }
}
