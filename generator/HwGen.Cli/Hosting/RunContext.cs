using System.CommandLine;
using HwGen.Tools;

namespace HwGen.Cli.Hosting;

/// <summary>What a command gets to run with.</summary>
/// <param name="Terminal">Where it speaks.</param>
/// <param name="Verbose">Whether details are wanted.</param>
/// <param name="Json">Whether the summary goes to standard output.</param>
/// <param name="CancellationToken">Cancelled by Ctrl-C: hand it on to everything that takes time.</param>
public sealed record RunContext(Terminal Terminal, bool Verbose, bool Json, CancellationToken CancellationToken)
{
    /// <summary>Prints the summary when <c>--json</c> asks for it.</summary>
    /// <param name="summary">The summary; the exit code is added when it has none.</param>
    /// <param name="code">How the run ended.</param>
    /// <returns><paramref name="code"/>.</returns>
    public ExitCode Finish(RunSummary summary, ExitCode code)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (!summary.Root.ContainsKey("exitCode"))
            summary.Add("exitCode", (int)code);
        if (Json)
            Terminal.Output.Write(summary.ToJson());
        return code;
    }

    /// <summary>Makes sure that outside tools are there, installing them where that is allowed.</summary>
    /// <param name="tools">What is needed.</param>
    /// <param name="yes">Whether <c>--yes</c> was given.</param>
    /// <returns>The tools that were installed.</returns>
    /// <exception cref="ToolException">Something is missing; the message has the command that installs it.</exception>
    public Task<IReadOnlyList<Tool>> EnsureToolsAsync(IReadOnlyList<Tool> tools, bool yes) =>
        new ToolInstaller(InstallerHost.Here(yes, Terminal.Ask, Terminal.Say)).EnsureAsync(tools, CancellationToken);
}

/// <summary>Ties commands to what runs them.</summary>
public static class CommandActions
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">Does it; what it throws is told by <see cref="Application"/>.</param>
    /// <returns>The same command.</returns>
    public static Command Runs(this Command command, Func<ParseResult, RunContext, Task<ExitCode>> run)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue<bool>(CommonOptions.JsonName);
            var streams = parsed.InvocationConfiguration;
            var context = new RunContext(new Terminal(streams.Output, streams.Error, quietOutput: json), parsed.GetValue<bool>(CommonOptions.VerboseName), json, cancellationToken);
            return (int)await run(parsed, context).ConfigureAwait(false);
        });
        return command;
    }
}
