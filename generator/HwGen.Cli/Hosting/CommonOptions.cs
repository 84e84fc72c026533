using System.CommandLine;

namespace HwGen.Cli.Hosting;

/// <summary>The options that mean the same for every command that has them. A command adds the ones that it honours.</summary>
public static class CommonOptions
{
    /// <summary><c>--verbose</c>, of every command: stack traces, and the commands of the tools that are run.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show stack traces and details", Recursive = true };

    /// <summary><c>--json</c>, of every command: the summary on standard output, and nothing else there.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the summary as JSON on standard output, and nothing else there", Recursive = true };

    /// <summary><c>--yes</c>: missing tools are installed without asking.</summary>
    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Install missing tools without asking" };

    /// <summary><c>--force</c>: an existing output folder is replaced.</summary>
    public static Option<bool> Force { get; } = new("--force") { Description = "Replace an existing output folder" };

    /// <summary><c>--jobs</c>: how many things run at once; at least 1.</summary>
    public static Option<int> Jobs { get; } = Positive(new("--jobs", "-j")
    {
        Description = "How many jobs run at once",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    });

    /// <summary><c>--seed</c>: where random numbers start.</summary>
    public static Option<int> Seed { get; } = new("--seed") { Description = "Where random numbers start", HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary><c>--data-dir</c>: the first place where data sets are looked for.</summary>
    public static Option<string?> DataFolder { get; } = new("--data-dir")
    {
        Description = "Where data sets are looked for first; then $HWGEN_DATA, ../shared/data, the user's cache",
        HelpName = "DIR",
    };

    /// <summary>An output folder, <c>-o</c>, that the command requires.</summary>
    /// <param name="description">What the command writes there.</param>
    /// <returns>A new option.</returns>
    public static Option<string> Output(string description) => new("--output", "-o") { Description = description, HelpName = "DIR", Required = true };

    /// <summary>Makes an option refuse numbers below 1.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The same option.</returns>
    public static Option<int> Positive(Option<int> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError($"{option.Name} = {result.Tokens[0].Value}: must be at least 1");
        });
        return option;
    }
}
