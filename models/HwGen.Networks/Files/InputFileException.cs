namespace HwGen.Networks;

/// <summary>A file from outside that cannot be read: which file, where in it, what was found and what is allowed.</summary>
public sealed class InputFileException : Exception
{
    /// <summary>An error at a place of a file.</summary>
    /// <param name="file">The file's name or path.</param>
    /// <param name="place">Where: a key, a line, an offset, a node; empty for the file as a whole.</param>
    /// <param name="problem">What was found and what is allowed.</param>
    /// <param name="inner">The cause, when another exception told of it.</param>
    public InputFileException(string file, string place, string problem, Exception? inner = null)
        : base(place.Length == 0 ? Invariant($"{file}: {problem}") : Invariant($"{file}: {place}: {problem}"), inner)
    {
        File = file;
        Place = place;
        Problem = problem;
    }

    /// <summary>The file's name or path.</summary>
    public string File { get; }

    /// <summary>Where in the file.</summary>
    public string Place { get; }

    /// <summary>What was found and what is allowed.</summary>
    public string Problem { get; }
}
