using System.Numerics.Tensors;
using HwGen.Networks;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// Batch normalisation a channel (Ioffe and Szegedy 2015): y = scale·(x − mean)/√(variance + ε) + shift. There is no running average: the
/// statistics of evaluation are those that the last recalibration collected with frozen weights, because averages over weights
/// whose signs still flip are far off the mark.
/// </summary>
public sealed class TrainableBatchNorm : TrainableLayer
{
    /// <summary>ε, added to the variance. Inputs are integer accumulators, so it only guards against a constant channel.</summary>
    public const float Epsilon = 1e-3f;

    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private readonly float[] _mean;
    private readonly float[] _inverseDeviation;
    private readonly double[] _collectedMean;
    private readonly double[] _collectedSquare;
    private readonly ChannelSums _sums;
    private FeatureMaps _input = new();
    private int _collected;

    /// <summary>Makes a layer with scale 1 and shift 0.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape of its input and output.</param>
    /// <param name="minimumScale">The least scale of a channel. Above 0, the threshold after max pooling stays an OR of bits.</param>
    public TrainableBatchNorm(string name, MapShape shape, float minimumScale = float.NegativeInfinity)
        : base(name, shape, shape)
    {
        int channels = shape.Channels;
        Scale = new Parameter(name + ".scale", channels) { Minimum = minimumScale };
        Shift = new Parameter(name + ".shift", channels);
        Scale.Values.AsSpan().Fill(1);
        _mean = new float[channels];
        _inverseDeviation = new float[channels];
        _collectedMean = new double[channels];
        _collectedSquare = new double[channels];
        _sums = new ChannelSums(shape);
        PopulationMean = new float[channels];
        PopulationVariance = new float[channels];
        PopulationVariance.AsSpan().Fill(1);
    }

    /// <summary>The least scale of a channel that is kept positive.</summary>
    public const float LeastPositiveScale = 1e-3f;

    /// <summary>The learnt scale of each channel.</summary>
    public Parameter Scale { get; }

    /// <summary>The learnt shift of each channel.</summary>
    public Parameter Shift { get; }

    /// <summary>The mean of each channel that evaluation uses.</summary>
    public float[] PopulationMean { get; }

    /// <summary>The variance of each channel that evaluation uses, without ε.</summary>
    public float[] PopulationVariance { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [Scale, Shift];

    /// <summary>Forgets collected statistics; passes of recalibration follow.</summary>
    public void BeginRecalibration()
    {
        _collected = 0;
        _collectedMean.AsSpan().Clear();
        _collectedSquare.AsSpan().Clear();
    }

    /// <summary>Makes the collected statistics those of evaluation.</summary>
    /// <exception cref="InvalidOperationException">No pass of recalibration came before.</exception>
    public void EndRecalibration()
    {
        if (_collected == 0)
            throw new InvalidOperationException("No batch was seen since the recalibration began.");
        for (int channel = 0; channel < Output.Channels; channel++)
        {
            double mean = _collectedMean[channel] / _collected;
            PopulationMean[channel] = (float)mean;
            PopulationVariance[channel] = (float)Math.Max(0, (_collectedSquare[channel] / _collected) - (mean * mean));
        }
    }

    /// <summary>The batch norm of evaluation in exact rationals.</summary>
    /// <param name="channels">The channels that are wanted, in order.</param>
    /// <returns>One entry a wanted channel.</returns>
    public BatchNorm Exact(IReadOnlyList<int> channels) => BatchNorm.FromDoubles(
        Pick(Scale.Values, channels), Pick(Shift.Values, channels), Pick(PopulationMean, channels), Pick(PopulationVariance, channels), Epsilon);

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        _input = input;
        _output.Resize(input.Batch, Output);
        if (pass == Pass.Evaluation)
            UsePopulation();
        else
            MeasureBatch(input, pass == Pass.Recalibration, shards);
        int channels = Output.Channels;
        Span<float> factor = stackalloc float[channels];
        Span<float> offset = stackalloc float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            factor[channel] = Scale.Values[channel] * _inverseDeviation[channel];
            offset[channel] = Shift.Values[channel] - (_mean[channel] * factor[channel]);
        }
        float[] factors = _sums.Repeat(factor);
        float[] offsets = _sums.Repeat(offset);
        shards.Run(input.Batch, (_, first, end) =>
        {
            Span<float> from = input.Images(first, end - first);
            Span<float> to = _output.Images(first, end - first);
            for (int line = 0; line < from.Length; line += factors.Length)
                TensorPrimitives.MultiplyAdd(from.Slice(line, factors.Length), factors, offsets, to.Slice(line, factors.Length));
        });
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        int channels = Output.Channels;
        double count = (double)gradient.Batch * Output.Positions;
        double[] sum = new double[channels];
        double[] weighted = new double[channels];
        _sums.Sum(gradient, _input, sum, weighted, shards);
        Span<float> a = stackalloc float[channels];
        Span<float> b = stackalloc float[channels];
        Span<float> c = stackalloc float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            // Σ dy·x̂ from Σ dy·x; then dx = a·dy + b·x + c with the terms of the two means drawn together.
            double inverse = _inverseDeviation[channel];
            double scaleGradient = (weighted[channel] - (_mean[channel] * sum[channel])) * inverse;
            Shift.Gradient[channel] = (float)sum[channel];
            Scale.Gradient[channel] = (float)scaleGradient;
            double factor = Scale.Values[channel] * inverse;
            double slope = -factor * inverse * scaleGradient / count;
            a[channel] = (float)factor;
            b[channel] = (float)slope;
            c[channel] = (float)((-factor * sum[channel] / count) - (slope * _mean[channel]));
        }
        _inputGradient.Resize(gradient.Batch, Input);
        if (!needInput)
            return _inputGradient;
        float[] factors = _sums.Repeat(a);
        float[] slopes = _sums.Repeat(b);
        float[] offsets = _sums.Repeat(c);
        shards.Run(gradient.Batch, (_, first, end) =>
        {
            Span<float> from = gradient.Images(first, end - first);
            Span<float> input = _input.Images(first, end - first);
            Span<float> to = _inputGradient.Images(first, end - first);
            int length = factors.Length;
            for (int line = 0; line < from.Length; line += length)
            {
                Span<float> target = to.Slice(line, length);
                TensorPrimitives.MultiplyAdd(input.Slice(line, length), slopes, offsets, target);
                TensorPrimitives.MultiplyAdd(from.Slice(line, length), factors, target, target);
            }
        });
        return _inputGradient;
    }

    private static double[] Pick(float[] values, IReadOnlyList<int> channels) => [.. channels.Select(channel => (double)values[channel])];

    private void UsePopulation()
    {
        for (int channel = 0; channel < Output.Channels; channel++)
        {
            _mean[channel] = PopulationMean[channel];
            _inverseDeviation[channel] = 1 / MathF.Sqrt(PopulationVariance[channel] + Epsilon);
        }
    }

    private void MeasureBatch(FeatureMaps input, bool collect, Shards shards)
    {
        int channels = Output.Channels;
        double count = (double)input.Batch * Output.Positions;
        double[] sum = new double[channels];
        double[] square = new double[channels];
        _sums.Sum(input, input, sum, square, shards);
        if (collect)
            _collected++;
        for (int channel = 0; channel < channels; channel++)
        {
            double mean = sum[channel] / count;
            double meanSquare = square[channel] / count;
            double variance = Math.Max(0, meanSquare - (mean * mean));
            _mean[channel] = (float)mean;
            _inverseDeviation[channel] = 1 / MathF.Sqrt((float)variance + Epsilon);
            if (!collect)
                continue;
            _collectedMean[channel] += mean;
            _collectedSquare[channel] += meanSquare;
        }
    }
}
