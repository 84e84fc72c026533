using System.Numerics.Tensors;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// A dense layer with quantised weights and no bias over the whole input map; its output is the integer accumulator of the hardware,
/// held in singles. Weights are kept as [line][position][channel][unit].
/// </summary>
public sealed class TrainableDense : TrainableLayer, IWeightedLayer
{
    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private readonly float[] _stored;
    private readonly float[] _transposed;
    private FeatureMaps _input = new();

    /// <summary>Makes a dense layer with latent weights drawn uniformly from ±1.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="units">The length of its output.</param>
    /// <param name="quantiser">How latent weights become stored ones.</param>
    /// <param name="random">Where the initial weights come from.</param>
    public TrainableDense(string name, MapShape input, int units, IWeightQuantiser quantiser, RandomSource random)
        : base(name, input, new MapShape(1, 1, units))
    {
        Quantiser = quantiser;
        Weights = new Parameter(name + ".weights", input.Size * units, clip: 1);
        InitialWeights.Draw(Weights.Values, random);
        _stored = new float[Weights.Values.Length];
        _transposed = new float[Weights.Values.Length];
    }

    /// <inheritdoc/>
    public Parameter Weights { get; }

    /// <inheritdoc/>
    public IWeightQuantiser Quantiser { get; }

    /// <inheritdoc/>
    public int FanIn => Input.Size;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [Weights];

    private int Units => Output.Channels;

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        _input = input;
        Quantiser.Quantise(Weights.Values, _stored);
        _output.Resize(input.Batch, Output);
        shards.Run(input.Batch, (_, first, end) => MatrixProduct.Multiply(
            input.Images(first, end - first), _stored, _output.Images(first, end - first), ProductShape.Dense(end - first, Units, FanIn), accumulate: false));
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        // Each shard owns some lines of the weights and sums them over the whole batch, so there is nothing to join.
        shards.Run(FanIn, (_, first, end) =>
        {
            ProductShape shape = ProductShape.LeftTransposed(end - first, Units, gradient.Batch) with { LeftDepthStride = FanIn };
            Span<float> lines = Weights.Gradient.AsSpan(first * Units, (end - first) * Units);
            if (lines.IsEmpty)
                return;
            MatrixProduct.Multiply(_input.Values[first..], gradient.Values, lines, shape, accumulate: false);
            TensorPrimitives.Multiply(lines, Quantiser.Largest, lines);
            if (!needInput)
                return;
            for (int line = first; line < end; line++)
                for (int unit = 0; unit < Units; unit++)
                    _transposed[(unit * FanIn) + line] = _stored[(line * Units) + unit];
        });
        _inputGradient.Resize(gradient.Batch, Input);
        if (needInput)
            shards.Run(gradient.Batch, (_, first, end) => MatrixProduct.Multiply(
                gradient.Images(first, end - first), _transposed, _inputGradient.Images(first, end - first), ProductShape.Dense(end - first, FanIn, Units), accumulate: false));
        return _inputGradient;
    }

    /// <inheritdoc/>
    public int StoredWeight(int filter, int kernelLine, int kernelPosition, int channel)
    {
        Span<float> stored = stackalloc float[1];
        int index = (((((kernelLine * Input.Width) + kernelPosition) * Input.Channels) + channel) * Units) + filter;
        Quantiser.Quantise(Weights.Values.AsSpan(index, 1), stored);
        return (int)stored[0];
    }
}
