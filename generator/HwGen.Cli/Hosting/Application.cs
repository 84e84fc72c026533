using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using HwGen.Cli.Commands;
using HwGen.Tools;

namespace HwGen.Cli.Hosting;

/// <summary>The command as a whole: the list of commands, the reading of arguments, the end of every run.</summary>
/// <remarks>Nothing that <c>--help</c> does not need is touched before a command runs: no template, no YAML, no table.</remarks>
public static class Application
{
    /// <summary>Every command, in the order of the help. A command is one file in Commands/ and one line here.</summary>
    private static IEnumerable<Command> Commands() =>
    [
        DemoCommand.Create(),
        GenerateCommand.Create(),
        ImportCommand.Create(),
        MapCommand.Create(),
        CosimCommand.Create(),
        SynthCommand.Create(),
        TrainCommand.Create(),
        DataCommand.Create(),
        AssembleCommand.Create(),
        AssembleCommand.CreateReverse(),
        ExplainCommand.Create(),
        DoctorCommand.Create(),
        TestCommand.Create(),
        CleanCommand.Create(),
    ];

    /// <summary>Runs the command line of the process.</summary>
    /// <param name="arguments">What the person typed after <c>hwgen</c>.</param>
    /// <returns>The exit code of the process, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // Whatever the machine's language: the same input gives the same bytes.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        using var interruption = new Interruption(Console.Error);
        return (int)await RunAsync(arguments, Console.Out, Console.Error, interruption.Token).ConfigureAwait(false);
    }

    /// <summary>Runs a command line with the given streams.</summary>
    /// <param name="arguments">What was typed after <c>hwgen</c>.</param>
    /// <param name="output">Standard output: results only.</param>
    /// <param name="error">Standard error: progress and errors.</param>
    /// <param name="cancellationToken">Interrupts the run.</param>
    /// <param name="more">Further commands, for tests.</param>
    /// <returns>How the run ended.</returns>
    internal static async Task<ExitCode> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken, params IEnumerable<Command> more)
    {
        var root = new RootCommand("Generates synthesizable Verilog for a digital compute-in-memory accelerator, and proves what it generated.");
        root.HelpName = "hwgen";
        root.Options.Add(CommonOptions.Verbose());
        root.Options.Add(CommonOptions.Json());
        foreach (var command in Commands().Concat(more))
            root.Subcommands.Add(command);
        // Nothing asked for: the help is the answer.
        root.SetAction(parsed => new HelpAction().Invoke(parsed));

        var parsed = root.Parse(arguments, new ParserConfiguration
        {
            // A file that is named on the command line is an input, never more command line.
            ResponseFileTokenReplacer = null,
        });
        var failure = new Failure(parsed, arguments, output, error, cancellationToken);
        if (parsed.Action is ParseErrorAction)
            return failure.ReportBadCommandLine();
        try
        {
            return (ExitCode)await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Every error ends here: that is the purpose of this place.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return failure.Report(exception);
        }
    }
}
