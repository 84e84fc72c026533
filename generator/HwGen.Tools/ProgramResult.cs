namespace HwGen.Tools;

/// <summary>How a run of an outside program ended, and what it said.</summary>
/// <param name="Request">What was run.</param>
/// <param name="ExitCode">The program's own exit code; 128 + n when signal n ended it.</param>
/// <param name="Output">Standard output, shortened in the middle when it was longer than the request keeps.</param>
/// <param name="Error">Standard error, shortened likewise.</param>
/// <param name="TimedOut">Whether the program was ended because its time was over.</param>
/// <param name="Elapsed">Wall-clock time from start to end.</param>
public sealed record ProgramResult(
    ProgramRequest Request, int ExitCode, string Output, string Error, bool TimedOut, TimeSpan Elapsed)
{
    /// <summary>Whether the program ended by itself with code 0.</summary>
    public bool Succeeded => ExitCode == 0 && !TimedOut;

    /// <summary>Returns this result when the program succeeded, else throws.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="ToolException">The program failed or ran out of time; the message has the command, the code and the last lines it printed.</exception>
    public ProgramResult EnsureSucceeded()
    {
        if (Succeeded)
            return this;
        var how = TimedOut
            ? FormattableString.Invariant($"did not end within {Request.TimeLimit!.Value.TotalSeconds:0.#} s and was ended")
            : FormattableString.Invariant($"ended with exit code {ExitCode}");
        var message = $"{Request.Program} {how}\n  command: {Request.CommandLine}";
        if (Request.WorkingDirectory is not null)
            message += $"\n  in: {Request.WorkingDirectory}";
        if (Request.LogFile is not null)
            message += $"\n  log: {Request.LogFile}";
        var said = Tail(Error.Length > 0 ? Error : Output);
        if (said.Length > 0)
            message += "\n  it said:\n" + said;
        throw new ToolException(Request.Program, PlainText.Escape(message, keepLines: true));
    }

    private static string Tail(string text)
    {
        const int lines = 20;
        var all = text.TrimEnd().Split('\n');
        return string.Join('\n', all.TakeLast(lines).Where(line => line.Length > 0).Select(line => "    " + line));
    }
}
