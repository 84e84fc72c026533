using System.Numerics.Tensors;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// One learnt positive factor on all logits, so that the softmax sees a useful temperature. It never changes which logit is largest:
/// the exported network ends before it.
/// </summary>
public sealed class LogitScale : TrainableLayer
{
    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private readonly float _unit;
    private FeatureMaps _input = new();

    /// <summary>Makes a scale.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape of the logits.</param>
    /// <param name="unit">The initial factor: one over the deviation that is expected of an untrained logit.</param>
    public LogitScale(string name, MapShape shape, float unit)
        : base(name, shape, shape)
    {
        _unit = unit;
        Factor = new Parameter(name + ".factor", 1) { Minimum = 1e-3f };
        Factor.Values[0] = 1;
    }

    /// <summary>The learnt factor, in units of the initial one.</summary>
    public Parameter Factor { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [Factor];

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        _input = input;
        _output.Resize(input.Batch, Output);
        TensorPrimitives.Multiply(input.Values, Factor.Values[0] * _unit, _output.Values);
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        _inputGradient.Resize(gradient.Batch, Input);
        TensorPrimitives.Multiply(gradient.Values, Factor.Values[0] * _unit, _inputGradient.Values);
        double sum = 0;
        for (int i = 0; i < gradient.Values.Length; i++)
            sum += (double)gradient.Values[i] * _input.Values[i];
        Factor.Gradient[0] = (float)(sum * _unit);
        return _inputGradient;
    }
}
