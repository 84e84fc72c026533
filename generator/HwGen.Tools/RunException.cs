namespace HwGen.Tools;

/// <summary>An error whose meaning is known: it says how the process ends, and its message is written for the person at the terminal.</summary>
/// <remarks>Whatever reaches the command and is not one of these, nor a cancellation, is our own bug.</remarks>
public abstract class RunException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">One sentence or several lines for the person; no stack trace.</param>
    /// <param name="inner">What led to it; shown only with <c>--verbose</c>.</param>
    protected RunException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>How the process ends because of this error.</summary>
    public abstract ExitCode ExitCode { get; }
}
