namespace HwGen.Training.Pruning;

/// <summary>A source of distances measured or decided otherwise than the definition says: the run's result is a difference.</summary>
public sealed class SimilarityMismatchException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="problem">What differs: the filters and both values.</param>
    public SimilarityMismatchException(string layer, string problem)
        : base($"{layer}: {problem}")
    {
    }
}
