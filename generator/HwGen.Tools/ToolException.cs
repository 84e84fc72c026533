namespace HwGen.Tools;

/// <summary>An outside tool is missing, could not be started, ran out of time, or failed.</summary>
public sealed class ToolException : RunException
{
    /// <summary>Makes the error.</summary>
    /// <param name="tool">The program's name, as the person would type it.</param>
    /// <param name="message">What happened, and what to do about it.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public ToolException(string tool, string message, Exception? inner = null)
        : base(message, inner) => Tool = tool;

    /// <summary>The program's name.</summary>
    public string Tool { get; }

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.ToolFailed;
}
