namespace HwGen.Training.Layers;

/// <summary>A layer whose weights are stored in the array.</summary>
public interface IWeightedLayer
{
    /// <summary>The latent weights.</summary>
    Parameter Weights { get; }

    /// <summary>How latent weights become stored ones.</summary>
    IWeightQuantiser Quantiser { get; }

    /// <summary>The number of weights of one filter.</summary>
    int FanIn { get; }

    /// <summary>One stored weight.</summary>
    /// <param name="filter">The filter (or unit).</param>
    /// <param name="kernelLine">The line of the window; for a dense layer, of the input map.</param>
    /// <param name="kernelPosition">The position in the line.</param>
    /// <param name="channel">The channel.</param>
    /// <returns>The integer that the hardware stores.</returns>
    int StoredWeight(int filter, int kernelLine, int kernelPosition, int channel);
}
