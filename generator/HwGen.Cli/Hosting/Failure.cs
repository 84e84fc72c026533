using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cosimulation;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Training.Pruning;

namespace HwGen.Cli.Hosting;

/// <summary>The end of a run that did not go well: which exit code, what the person reads, and a report when the bug is ours.</summary>
internal sealed class Failure(
    ParseResult parsed, IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
{
    /// <summary>Tells what is wrong with the command line.</summary>
    public ExitCode ReportBadCommandLine()
    {
        var problems = parsed.Errors.Select(problem => problem.Message).Distinct(StringComparer.Ordinal).ToList();
        if (parsed.CommandResult.Command is RootCommand root && parsed.UnmatchedTokens.Any(token => !token.StartsWith('-')))
            problems.Add("commands: " + string.Join(", ", root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)));
        Tell(ExitCode.WrongInput, [.. problems, $"see: {CommandPath()} --help"], problems);
        return ExitCode.WrongInput;
    }

    /// <summary>Tells what went wrong.</summary>
    public ExitCode Report(Exception exception)
    {
        // What was cancelled may fail in many ways on its way out: the cause is the interruption.
        var code = cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : CodeOf(exception);
        IReadOnlyList<string> lines = code switch
        {
            ExitCode.Interrupted => ["interrupted; nothing half-written was left"],
            ExitCode.OwnBug => [.. OwnBugLines(exception)],
            _ => exception.Message.Split('\n'),
        };
        Tell(code, lines, exception is InputException input ? [.. input.Errors.Select(item => item.ToString())] : lines);
        if (code != ExitCode.Interrupted && parsed.GetValue<bool>(CommonOptions.VerboseName))
            error.WriteLine(exception.ToString());
        return code;
    }

    /// <summary>The rooms below the command know no exit codes: this is where their errors get one.</summary>
    private static ExitCode CodeOf(Exception exception) => exception switch
    {
        RunException known => known.ExitCode,
        SimilarityMismatchException => ExitCode.Differs,
        InputFileException or InvalidNetworkException or ConfigurationException or ProgramFileException or MappingException or InSituRefusedException => ExitCode.WrongInput,
        // A path of the person that cannot be read or written, or a full disk. The message names it.
        IOException or UnauthorizedAccessException => ExitCode.WrongInput,
        _ => ExitCode.OwnBug,
    };

    private void Tell(ExitCode code, IReadOnlyList<string> lines, IReadOnlyList<string> problems)
    {
        foreach (var line in lines)
            error.WriteLine("hwgen: " + PlainText.Escape(line));
        // A program that reads the summary gets one for a failed run as well; a bad command line may have no --json to honour.
        if (!parsed.GetValue<bool>(CommonOptions.JsonName))
            return;
        output.Write(new RunSummary(parsed.CommandResult.Command.Name)
            .Add("exitCode", (int)code)
            .Add("errors", new JsonArray([.. problems.Select(problem => JsonValue.Create(problem))]))
            .ToJson());
    }

    private IEnumerable<string> OwnBugLines(Exception exception)
    {
        yield return $"internal error, a bug of ours: {exception.GetType().Name}: {exception.Message.Split('\n')[0]}";
        var text = $"""
            HwGen {typeof(Failure).Assembly.GetName().Version}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}
            hwgen {string.Join(' ', arguments)}

            {exception}

            """;
        // Named by its content: the same bug writes the same file.
        var file = Path.Combine(UserFolders.Cache, "reports", ContentKey.Sha256(System.Text.Encoding.UTF8.GetBytes(text))[..12] + ".txt");
        string line;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            line = $"a report is in {file}: please send it with the input that led to it";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            line = $"the report could not be written ({problem.Message}); --verbose shows it";
        }
        yield return line;
    }

    private string CommandPath()
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
                names.Insert(0, command.Command.Name);
        }
        return string.Join(' ', names.Prepend("hwgen"));
    }
}
