namespace HwGen.Architecture.Configuration;

/// <summary>One mistake in a configuration.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 where no line can be named.</param>
/// <param name="Column">The column, from 1; 0 where none can be named.</param>
/// <param name="Key">The key, its parents before it with dots.</param>
/// <param name="Value">The value as it stands in the file; empty when a key is missing.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Allowed">What is allowed.</param>
public sealed record ConfigurationError(string File, int Line, int Column, string Key, string Value, string Message, string Allowed)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{File}:{Line}:{Column}: {Key}{(Value.Length > 0 ? $" = {Value}" : string.Empty)}: {Message}; allowed: {Allowed}");
}

/// <summary>A configuration has mistakes; all that were found are listed.</summary>
/// <param name="errors">The mistakes, in the order of the file.</param>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>The mistakes, in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
