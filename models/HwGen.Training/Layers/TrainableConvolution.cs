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
    // Filters are the columns of most products: whole vectors of them.
    private const int Vector = 16;

    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _packedOutput = new();
    private readonly FeatureMaps _inputGradient = new();
    private readonly FeatureMaps _packedInputGradient = new();
    private readonly FeatureMaps _padded = new();
    private readonly FeatureMaps _packedGradient = new();
    private readonly FeatureMaps _paddedGradient = new();
    private readonly float[] _stored;
    private readonly float[] _packedWeights;
    private readonly float[] _turned;
    private readonly float[] _shardGradients;
    private ChannelSubset _channels;
    private ChannelSubset _filters;

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
        _channels = ChannelSubset.Whole(input.Channels);
        _filters = ChannelSubset.Whole(filters);
        // A subset filled to whole vectors may be wider than the map.
        int most = kernel * kernel * input.Channels * (filters + Vector - 1);
        _stored = new float[weights];
        _packedWeights = new float[most];
        _turned = new float[most];
        _shardGradients = new float[Shards.Count * most];
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

    private MapShape PackedInput => new(Input.Height, Input.Width, _channels.Packed);

    private MapShape PackedOutput => new(Output.Height, Output.Width, _filters.Packed);

    private MapShape PaddedShape => new(Input.Height + (2 * Padding), Input.Width + (2 * Padding), _channels.Packed);

    /// <summary>
    /// Leaves out filters and channels that are pruned: their outputs, and their gradients, are 0. What stays is computed to the same bits as with
    /// them, because a term of 0 changes no sum.
    /// </summary>
    /// <param name="filters">The filters that are alive, ascending; null leaves them as they are.</param>
    /// <param name="channels">The channels of the input that are alive, ascending; null leaves them as they are.</param>
    public void Keep(IEnumerable<int>? filters, IEnumerable<int>? channels)
    {
        if (filters is not null)
            _filters = new ChannelSubset(Output.Channels, [.. filters], Vector);
        if (channels is not null)
            _channels = new ChannelSubset(Input.Channels, [.. channels], 1);
    }

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        Quantiser.Quantise(Weights.Values, _stored);
        PackWeights();
        _output.Resize(input.Batch, Output);
        _packedOutput.Resize(Shards.Count, PackedOutput);
        _padded.Resize(input.Batch, PaddedShape);
        ProductShape line = LineShape(PaddedShape, PackedOutput);
        shards.Run(input.Batch, (shard, first, end) =>
        {
            for (int image = first; image < end; image++)
            {
                CopyPadded(input.Image(image), _channels, PackedInput, _padded.Image(image), Padding);
                Span<float> packed = _packedOutput.Image(shard);
                ConvolveLines(_padded.Image(image), _packedWeights, packed, line, PaddedShape, PackedOutput);
                _filters.Spread(packed, _output.Image(image));
            }
        });
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        _inputGradient.Resize(gradient.Batch, Input);
        _packedInputGradient.Resize(Shards.Count, PackedInput);
        _packedGradient.Resize(Shards.Count, PackedOutput);
        int weights = Kernel * Kernel * _channels.Packed * _filters.Packed;
        // The gradient in the input is a convolution of the padded gradient in the output with the window turned by 180 degrees.
        int turnedPadding = Kernel - 1 - Padding;
        MapShape paddedOutput = new(Output.Height + (2 * turnedPadding), Output.Width + (2 * turnedPadding), _filters.Packed);
        if (needInput)
        {
            TurnWeights();
            _paddedGradient.Resize(Shards.Count, paddedOutput);
        }
        ProductShape inputLine = LineShape(paddedOutput, PackedInput);
        ProductShape weightSum = WeightShape();
        shards.Run(gradient.Batch, (shard, first, end) =>
        {
            Span<float> sum = _shardGradients.AsSpan(shard * weights, weights);
            sum.Clear();
            Span<float> packed = _packedGradient.Image(shard);
            for (int image = first; image < end; image++)
            {
                _filters.Pack(gradient.Image(image), packed);
                AddWeightGradient(_padded.Image(image), packed, sum, weightSum);
                if (!needInput)
                    continue;
                CopyPadded(gradient.Image(image), _filters, PackedOutput, _paddedGradient.Image(shard), turnedPadding);
                Span<float> packedInput = _packedInputGradient.Image(shard);
                ConvolveLines(_paddedGradient.Image(shard), _turned, packedInput, inputLine, paddedOutput, PackedInput);
                _channels.Spread(packedInput, _inputGradient.Image(image));
            }
        });
        Span<float> total = _shardGradients.AsSpan(0, weights);
        for (int shard = 1; shard < Shards.Count; shard++)
            TensorPrimitives.Add(total, _shardGradients.AsSpan(shard * weights, weights), total);
        SpreadWeights(total, Weights.Gradient);
        TensorPrimitives.Multiply(Weights.Gradient, Quantiser.Largest, Weights.Gradient);
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
        Rows: Kernel * _channels.Packed,
        Columns: _filters.Packed,
        Segments: Output.Height,
        Depth: Output.Width,
        LeftRowStride: 1,
        LeftDepthStride: _channels.Packed,
        LeftSegmentStride: PaddedShape.Width * _channels.Packed,
        RightDepthStride: _filters.Packed,
        RightSegmentStride: Output.Width * _filters.Packed,
        ResultRowStride: _filters.Packed);

    private static void ConvolveLines(ReadOnlySpan<float> padded, ReadOnlySpan<float> weights, Span<float> output, in ProductShape line, MapShape paddedShape, MapShape outputShape)
    {
        int from = paddedShape.Width * paddedShape.Channels;
        int to = outputShape.Width * outputShape.Channels;
        for (int y = 0; y < outputShape.Height; y++)
            MatrixProduct.Multiply(padded[(y * from)..], weights, output[(y * to)..], line, accumulate: false);
    }

    private void AddWeightGradient(ReadOnlySpan<float> padded, ReadOnlySpan<float> gradient, Span<float> sum, in ProductShape shape)
    {
        int paddedLine = PaddedShape.Width * _channels.Packed;
        int kernelLine = Kernel * _channels.Packed * _filters.Packed;
        for (int line = 0; line < Kernel; line++)
            MatrixProduct.Multiply(padded[(line * paddedLine)..], gradient, sum[(line * kernelLine)..], shape, accumulate: true);
    }

    private static void CopyPadded(ReadOnlySpan<float> map, ChannelSubset channels, MapShape packed, Span<float> padded, int padding)
    {
        int from = packed.Width * channels.All;
        int to = packed.Width * packed.Channels;
        int paddedLine = (packed.Width + (2 * padding)) * packed.Channels;
        padded.Clear();
        for (int y = 0; y < packed.Height; y++)
            channels.Pack(map.Slice(y * from, from), padded.Slice(((y + padding) * paddedLine) + (padding * packed.Channels), to));
    }

    private void PackWeights()
    {
        int filters = _filters.Packed;
        int line = _channels.Packed * filters;
        _packedWeights.AsSpan(0, Kernel * Kernel * line).Clear();
        for (int position = 0; position < Kernel * Kernel; position++)
            for (int i = 0; i < _channels.Alive.Length; i++)
                _filters.Pack(
                    _stored.AsSpan(((position * Input.Channels) + _channels.Alive[i]) * Output.Channels, Output.Channels),
                    _packedWeights.AsSpan((position * line) + (i * filters), filters));
    }

    private void SpreadWeights(ReadOnlySpan<float> packed, Span<float> whole)
    {
        int filters = _filters.Packed;
        int line = _channels.Packed * filters;
        whole.Clear();
        for (int position = 0; position < Kernel * Kernel; position++)
            for (int i = 0; i < _channels.Alive.Length; i++)
                _filters.Spread(
                    packed.Slice((position * line) + (i * filters), filters),
                    whole.Slice(((position * Input.Channels) + _channels.Alive[i]) * Output.Channels, Output.Channels));
    }

    private void TurnWeights()
    {
        int channels = _channels.Packed;
        int filters = _filters.Packed;
        int last = (Kernel * Kernel) - 1;
        for (int position = 0; position <= last; position++)
            for (int channel = 0; channel < channels; channel++)
                for (int filter = 0; filter < filters; filter++)
                    _turned[((((last - position) * filters) + filter) * channels) + channel] = _packedWeights[(((position * channels) + channel) * filters) + filter];
    }
}
