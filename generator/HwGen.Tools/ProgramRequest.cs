namespace HwGen.Tools;

/// <summary>One run of an outside program: what to start, and the bounds it has to keep.</summary>
/// <param name="Program">A name that is looked up on the PATH, or a path with a slash in it.</param>
/// <param name="Arguments">One string an argument. No shell reads them: nothing needs quoting.</param>
public sealed record ProgramRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Makes a request from arguments written one after the other.</summary>
    /// <param name="program">A name that is looked up on the PATH, or a path.</param>
    /// <param name="arguments">One string an argument.</param>
    /// <returns>The request, with the default bounds.</returns>
    public static ProgramRequest Of(string program, params string[] arguments) => new(program, arguments);

    /// <summary>The folder that the program starts in; null for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set for the program; a null value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>After this time the program and all that it started are ended. Null: no limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>How long the program is asked to end before it is made to: for programs that must tidy up. Zero: it is ended at once.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Whether processes that the program leaves running when it has ended by itself, such as build servers, are ended too.</summary>
    public bool EndLeftovers { get; init; }

    /// <summary>How much of each stream is kept, in characters: the first half and the last half. What is between goes only to the log.</summary>
    public int KeptCharacters { get; init; } = 1 << 20;

    /// <summary>A file that receives both streams whole as they come, line by line; null for none. It is overwritten.</summary>
    public string? LogFile { get; init; }

    /// <summary>Most characters that go to <see cref="LogFile"/>; a tool that prints for ever must not fill the disk.</summary>
    public long LogCharacters { get; init; } = 256L << 20;

    /// <summary>Text for the program's standard input; null: its input is empty from the start.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Called with each line of standard output as it comes, without its line break. Calls do not overlap with each other.</summary>
    public Action<string>? OnOutputLine { get; init; }

    /// <summary>Called with each line of standard error as it comes, without its line break. Calls do not overlap with each other.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>The command line as a person would type it into a POSIX shell, for messages and logs.</summary>
    public string CommandLine => string.Join(' ', Arguments.Prepend(Program).Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(character => char.IsAsciiLetterOrDigit(character) || "-_./=:,+@%".Contains(character)))
            return argument;
        return "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
