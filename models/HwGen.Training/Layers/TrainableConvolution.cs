using System.Numerics.Tensors;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// A convolution of stride 1 with quantised weights and no bias: its output is the integer accumulator of the hardware, held in
/// singles (exact below 2^24). Zero padding adds nothing to a sum, so a padded position of a ±1 map is the third value that the
/// hardware masks. Weights are kept as [kernel line][kernel position][channel][filter].
/// </summary>
public sealed class TrainableConvolution : TrainableLayer, IWeightedLayer
{
    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private readonly FeatureMaps _padded = new();
    private readonly FeatureMaps _paddedGradient = new();
    private readonly float[] _stored;
    private readonly float[] _turned;
    private readonly float[] _shardGradients;

    /// <summary>Makes a convolution with latent weights drawn uniformly from ±1.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="filters">Filters, the channels of its output.</param>
    /// <param name="kernel">Height and width of the window.</param>
    /// <param name="padding">Lines and positions of zeros on each side, below the kernel's size.</param>
    /// <param name="quantiser">How latent weights become stored ones.</param>
    /// <param name="random">Where the initial weights come from.</param>
    public TrainableConvolution(string name, MapShape input, int filters, int kernel, int padding, IWeightQuantiser quantiser, RandomSource random)
        : base(name, input, new MapShape(input.Height + (2 * padding) - kernel + 1, input.Width + (2 * padding) - kernel + 1, filters))
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(padding, kernel);
        ArgumentOutOfRangeException.ThrowIfLessThan(Output.Height, 1, nameof(kernel));
        ArgumentOutOfRangeException.ThrowIfLessThan(Output.Width, 1, nameof(kernel));
        Kernel = kernel;
        Padding = padding;
        Quantiser = quantiser;
        int weights = kernel * kernel * input.Channels * filters;
        Weights = new Parameter(name + ".weights", weights, clip: 1);
        InitialWeights.Draw(Weights.Values, random);
        _stored = new float[weights];
        _turned = new float[weights];
        _shardGradients = new float[Shards.Count * weights];
    }

    /// <summary>Height and width of the window.</summary>
    public int Kernel { get; }

    /// <summary>Zeros on each side.</summary>
    public int Padding { get; }

    /// <inheritdoc/>
    public IWeightQuantiser Quantiser { get; }

    /// <inheritdoc/>
    public Parameter Weights { get; }

    /// <inheritdoc/>
    public int FanIn => Kernel * Kernel * Input.Channels;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [Weights];

    private MapShape PaddedShape => new(Input.Height + (2 * Padding), Input.Width + (2 * Padding), Input.Channels);

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        Quantiser.Quantise(Weights.Values, _stored);
        _output.Resize(input.Batch, Output);
        _padded.Resize(input.Batch, PaddedShape);
        ProductShape line = LineShape(PaddedShape, Output);
        shards.Run(input.Batch, (_, first, end) =>
        {
            for (int image = first; image < end; image++)
            {
                CopyPadded(input.Image(image), Input, _padded.Image(image), Padding);
                ConvolveLines(_padded.Image(image), _stored, _output.Image(image), line, PaddedShape, Output);
            }
        });
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        _inputGradient.Resize(gradient.Batch, Input);
        int weights = _stored.Length;
        // The gradient in the input is a convolution of the padded gradient in the output with the window turned by 180 degrees.
        int turnedPadding = Kernel - 1 - Padding;
        MapShape paddedOutput = new(Output.Height + (2 * turnedPadding), Output.Width + (2 * turnedPadding), Output.Channels);
        if (needInput)
        {
            TurnWeights();
            _paddedGradient.Resize(Shards.Count, paddedOutput);
        }
        ProductShape inputLine = LineShape(paddedOutput, Input);
        ProductShape weightSum = WeightShape();
        shards.Run(gradient.Batch, (shard, first, end) =>
        {
            Span<float> sum = _shardGradients.AsSpan(shard * weights, weights);
            sum.Clear();
            for (int image = first; image < end; image++)
            {
                AddWeightGradient(_padded.Image(image), gradient.Image(image), sum, weightSum);
                if (!needInput)
                    continue;
                CopyPadded(gradient.Image(image), Output, _paddedGradient.Image(shard), turnedPadding);
                ConvolveLines(_paddedGradient.Image(shard), _turned, _inputGradient.Image(image), inputLine, paddedOutput, Input);
            }
        });
        Span<float> total = Weights.Gradient;
        _shardGradients.AsSpan(0, weights).CopyTo(total);
        for (int shard = 1; shard < Shards.Count; shard++)
            TensorPrimitives.Add(total, _shardGradients.AsSpan(shard * weights, weights), total);
        TensorPrimitives.Multiply(total, Quantiser.Largest, total);
        return _inputGradient;
    }

    /// <inheritdoc/>
    public int StoredWeight(int filter, int kernelLine, int kernelPosition, int channel)
    {
        Span<float> stored = stackalloc float[1];
        int index = ((((kernelLine * Kernel) + kernelPosition) * Input.Channels) + channel) * Output.Channels + filter;
        Quantiser.Quantise(Weights.Values.AsSpan(index, 1), stored);
        return (int)stored[0];
    }

    // One output line: rows are its positions, segments the kernel lines, the inner sum runs over a line of the window.
    private ProductShape LineShape(MapShape padded, MapShape output) => new(
        Rows: output.Width,
        Columns: output.Channels,
        Segments: Kernel,
        Depth: Kernel * padded.Channels,
        LeftRowStride: padded.Channels,
        LeftDepthStride: 1,
        LeftSegmentStride: padded.Width * padded.Channels,
        RightDepthStride: output.Channels,
        RightSegmentStride: Kernel * padded.Channels * output.Channels,
        ResultRowStride: output.Channels);

    // The gradient of one kernel line: rows are positions and channels of the window, the inner sum runs over all output positions.
    private ProductShape WeightShape() => new(
        Rows: Kernel * Input.Channels,
        Columns: Output.Channels,
        Segments: Output.Height,
        Depth: Output.Width,
        LeftRowStride: 1,
        LeftDepthStride: Input.Channels,
        LeftSegmentStride: PaddedShape.Width * Input.Channels,
        RightDepthStride: Output.Channels,
        RightSegmentStride: Output.Width * Output.Channels,
        ResultRowStride: Output.Channels);

    private static void ConvolveLines(ReadOnlySpan<float> padded, ReadOnlySpan<float> weights, Span<float> output, in ProductShape line, MapShape paddedShape, MapShape outputShape)
    {
        int from = paddedShape.Width * paddedShape.Channels;
        int to = outputShape.Width * outputShape.Channels;
        for (int y = 0; y < outputShape.Height; y++)
            MatrixProduct.Multiply(padded[(y * from)..], weights, output[(y * to)..], line, accumulate: false);
    }

    private void AddWeightGradient(ReadOnlySpan<float> padded, ReadOnlySpan<float> gradient, Span<float> sum, in ProductShape shape)
    {
        int paddedLine = PaddedShape.Width * Input.Channels;
        int kernelLine = Kernel * Input.Channels * Output.Channels;
        for (int line = 0; line < Kernel; line++)
            MatrixProduct.Multiply(padded[(line * paddedLine)..], gradient, sum[(line * kernelLine)..], shape, accumulate: true);
    }

    private static void CopyPadded(ReadOnlySpan<float> map, MapShape shape, Span<float> padded, int padding)
    {
        int line = shape.Width * shape.Channels;
        int paddedLine = (shape.Width + (2 * padding)) * shape.Channels;
        padded.Clear();
        for (int y = 0; y < shape.Height; y++)
            map.Slice(y * line, line).CopyTo(padded[(((y + padding) * paddedLine) + (padding * shape.Channels))..]);
    }

    private void TurnWeights()
    {
        int channels = Input.Channels;
        int filters = Output.Channels;
        int last = (Kernel * Kernel) - 1;
        for (int position = 0; position <= last; position++)
            for (int channel = 0; channel < channels; channel++)
                for (int filter = 0; filter < filters; filter++)
                    _turned[((((last - position) * filters) + filter) * channels) + channel] = _stored[(((position * channels) + channel) * filters) + filter];
    }
}
