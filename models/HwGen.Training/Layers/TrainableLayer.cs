using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>What a forward pass is for.</summary>
public enum Pass
{
    /// <summary>Statistics of the batch; a backward pass may follow.</summary>
    Training,

    /// <summary>Statistics of the batch, which are also collected for later evaluation; weights are frozen.</summary>
    Recalibration,

    /// <summary>Collected statistics.</summary>
    Evaluation,
}

/// <summary>
/// One layer of a network in training. A layer owns its output and its gradient and writes over them at the next call; between forward
/// and backward its input must stay as it was.
/// </summary>
public abstract class TrainableLayer
{
    /// <summary>Makes a layer.</summary>
    /// <param name="name">Its name, unique in the network.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="output">The shape of its output.</param>
    protected TrainableLayer(string name, MapShape input, MapShape output)
    {
        Name = name;
        Input = input;
        Output = output;
    }

    /// <summary>Its name, unique in the network.</summary>
    public string Name { get; }

    /// <summary>The shape of its input.</summary>
    public MapShape Input { get; }

    /// <summary>The shape of its output.</summary>
    public MapShape Output { get; }

    /// <summary>What the layer learns; empty for most layers.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Computes the layer's output.</summary>
    /// <param name="input">A batch of <see cref="Input"/>.</param>
    /// <param name="pass">What the pass is for.</param>
    /// <param name="shards">How the batch is shared between threads.</param>
    /// <returns>A batch of <see cref="Output"/>, valid until the next forward pass.</returns>
    public abstract FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards);

    /// <summary>Computes the gradients after a forward pass in training; gradients of parameters are written, not added.</summary>
    /// <param name="gradient">The gradient of the loss in the layer's output.</param>
    /// <param name="needInput">Whether the gradient in the input is wanted; the first layer has no use for it.</param>
    /// <param name="shards">How the batch is shared between threads.</param>
    /// <returns>The gradient in the layer's input, valid until the next backward pass; its content is undefined when not wanted.</returns>
    public abstract FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards);
}
