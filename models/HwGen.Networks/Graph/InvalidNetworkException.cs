namespace HwGen.Networks;

/// <summary>A network that breaks the rules of the graph; all problems that were found, each with the layer's name.</summary>
public sealed class InvalidNetworkException : Exception
{
    /// <summary>An error with its problems.</summary>
    public InvalidNetworkException(string network, IReadOnlyList<string> problems)
        : base(Invariant($"network '{network}': ") + string.Join("; ", problems)) => Problems = problems;

    /// <summary>One sentence a problem, in the order of the layers.</summary>
    public IReadOnlyList<string> Problems { get; }
}
