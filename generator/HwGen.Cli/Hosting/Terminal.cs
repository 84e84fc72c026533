using HwGen.Tools;
using Spectre.Console;

namespace HwGen.Cli.Hosting;

/// <summary>
/// Where a command speaks: results on standard output, progress on standard error. On something that is not a terminal
/// (a file, a pipe, CI) all of it is plain lines; <c>NO_COLOR</c> is honoured.
/// </summary>
public sealed class Terminal
{
    private readonly TextWriter _error;
    private readonly bool _quietOutput;
    private readonly Lazy<IAnsiConsole> _errorConsole;

    /// <summary>Makes a terminal over two streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="quietOutput">Whether standard output is kept for the JSON summary: results then go to standard error.</param>
    public Terminal(TextWriter output, TextWriter error, bool quietOutput)
    {
        Output = output;
        _error = error;
        _quietOutput = quietOutput;
        _errorConsole = new(() => Make(error, IsErrorTerminal));
        var automatic = Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci && ci != "false";
        var real = ReferenceEquals(error, Console.Error);
        IsErrorTerminal = real && !Console.IsErrorRedirected && !automatic && Environment.GetEnvironmentVariable("TERM") != "dumb";
        Ask = IsErrorTerminal && !Console.IsInputRedirected ? AskPerson : null;
    }

    /// <summary>Standard output itself: the JSON summary, or what a command prints for other programs.</summary>
    public TextWriter Output { get; }

    /// <summary>Whether a person is looking at standard error.</summary>
    public bool IsErrorTerminal { get; }

    /// <summary>Asks a yes-or-no question; null when there is nobody to ask. No answer is a no.</summary>
    public Func<string, bool>? Ask { get; }

    /// <summary>Tells what is going on: one line on standard error.</summary>
    /// <param name="line">The line; control characters are shown escaped.</param>
    public void Say(string line) => _error.WriteLine(PlainText.Escape(line));

    /// <summary>Prints a line of the result, on standard output (on standard error under <c>--json</c>).</summary>
    /// <param name="line">The line; control characters are shown escaped.</param>
    public void Result(string line) => (_quietOutput ? _error : Output).WriteLine(PlainText.Escape(line));

    /// <summary>Prints a table of the result, on standard output (on standard error under <c>--json</c>).</summary>
    /// <param name="columns">The headings; one that starts with <c>&gt;</c> is aligned to the right, for numbers.</param>
    /// <param name="rows">The cells, as many as there are headings.</param>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        var (stream, isTerminal) = _quietOutput
            ? (_error, IsErrorTerminal)
            : (Output, ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected);
        var table = new Table { Border = isTerminal ? TableBorder.Rounded : TableBorder.Ascii2, UseSafeBorder = true };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column.TrimStart('>'))) { NoWrap = !isTerminal, Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left });
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(PlainText.Escape(cell)))]);
        Make(stream, isTerminal).Write(table);
    }

    /// <summary>Runs something long with a progress bar on a terminal, and a plain line at each tenth of the way elsewhere.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="title">What is being done, a few words.</param>
    /// <param name="work">The work; it is given a function that takes the fraction done, 0 to 1, and may be called from any thread.</param>
    /// <returns>What the work gave.</returns>
    public async Task<T> ProgressAsync<T>(string title, Func<Action<double>, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsErrorTerminal)
        {
            var lines = new ProgressLines(title, Say);
            return await work(lines.Report).ConfigureAwait(false);
        }
        return await _errorConsole.Value.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                return await work(fraction => task.Value = 100 * fraction).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    private bool AskPerson(string question)
    {
        _error.Write($"{question} [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes" or "Yes" or "YES";
    }

    private static IAnsiConsole Make(TextWriter stream, bool isTerminal)
    {
        var colour = isTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(stream),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = 400;
        return console;
    }
}
