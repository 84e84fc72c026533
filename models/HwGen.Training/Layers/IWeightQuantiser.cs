namespace HwGen.Training.Layers;

/// <summary>
/// Turns latent weights in [−1, +1] into the integers that the hardware stores. Gradients pass straight through, times the slope of the
/// whole range (Bengio, Léonard, Courville 2013: straight-through estimator).
/// </summary>
public interface IWeightQuantiser
{
    /// <summary>The largest magnitude of a stored weight.</summary>
    int Largest { get; }

    /// <summary>The bits of a stored weight; 1 means ±1.</summary>
    int Bits { get; }

    /// <summary>Quantises.</summary>
    /// <param name="latent">Latent weights.</param>
    /// <param name="stored">Receives as many integers, held in singles.</param>
    void Quantise(ReadOnlySpan<float> latent, Span<float> stored);
}
