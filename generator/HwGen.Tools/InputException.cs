namespace HwGen.Tools;

/// <summary>The input is wrong. Holds every error that was found, because a person wants to mend them in one go.</summary>
public sealed class InputException : RunException
{
    /// <summary>Makes the error from all that was found.</summary>
    /// <param name="errors">At least one error, in the order of the input.</param>
    /// <param name="inner">What led to it, if anything.</param>
    /// <exception cref="ArgumentException"><paramref name="errors"/> is empty.</exception>
    public InputException(IReadOnlyList<InputError> errors, Exception? inner = null)
        : base(string.Join('\n', errors ?? throw new ArgumentNullException(nameof(errors))), inner)
    {
        if (errors.Count == 0)
            throw new ArgumentException("an input error without an error", nameof(errors));
        Errors = [.. errors];
    }

    /// <summary>Makes the error from one finding.</summary>
    /// <param name="error">What is wrong and where.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public InputException(InputError error, Exception? inner = null)
        : this([error], inner)
    {
    }

    /// <summary>Makes the error from a sentence, for inputs that have no place.</summary>
    /// <param name="message">What is wrong.</param>
    public InputException(string message)
        : this([new InputError(message)])
    {
    }

    /// <summary>Every error, at least one.</summary>
    public IReadOnlyList<InputError> Errors { get; }

    /// <inheritdoc/>
    public override ExitCode ExitCode => ExitCode.WrongInput;
}
