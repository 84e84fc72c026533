using System.CommandLine;
using HwGen.Mapping;

namespace HwGen.Cli.Hosting;

/// <summary>The options that mean the same for every command that has them. A command adds the ones that it honours.</summary>
/// <remarks>Each call makes a new option: an option remembers the commands that it was added to.</remarks>
public static class CommonOptions
{
    /// <summary>The name of <see cref="Verbose"/>, to ask a parsed command line for it.</summary>
    public const string VerboseName = "--verbose";

    /// <summary>The name of <see cref="Json"/>, to ask a parsed command line for it.</summary>
    public const string JsonName = "--json";

    /// <summary><c>--verbose</c>, of every command: stack traces, and the commands of the tools that are run.</summary>
    /// <returns>A new option.</returns>
    public static Option<bool> Verbose() => new(VerboseName) { Description = "Show stack traces and details", Recursive = true };

    /// <summary><c>--json</c>, of every command: the summary on standard output, and nothing else there.</summary>
    /// <returns>A new option.</returns>
    public static Option<bool> Json() => new(JsonName) { Description = "Print the summary as JSON on standard output, and nothing else there", Recursive = true };

    /// <summary><c>--yes</c>: missing tools are installed without asking.</summary>
    /// <returns>A new option.</returns>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Install missing tools without asking" };

    /// <summary><c>--force</c>: an existing output folder is replaced.</summary>
    /// <returns>A new option.</returns>
    public static Option<bool> Force() => new("--force") { Description = "Replace an existing output folder" };

    /// <summary><c>--jobs</c>: how many things run at once; at least 1.</summary>
    /// <returns>A new option.</returns>
    public static Option<int> Jobs() => Positive(new Option<int>("--jobs", "-j")
    {
        Description = "How many jobs run at once",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    });

    /// <summary><c>--seed</c>: where random numbers start.</summary>
    /// <returns>A new option.</returns>
    public static Option<int> Seed() => new("--seed") { Description = "Where random numbers start", HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary><c>--data-dir</c>: the first place where data sets are looked for.</summary>
    /// <returns>A new option.</returns>
    public static Option<string?> DataFolder() => new("--data-dir")
    {
        Description = "Where data sets are looked for first; then $HWGEN_DATA, ../shared/data, the user's cache",
        HelpName = "DIR",
    };

    /// <summary>An output folder, <c>-o</c>, that the command requires.</summary>
    /// <param name="description">What the command writes there.</param>
    /// <returns>A new option.</returns>
    public static Option<string> Output(string description) => new("--output", "-o") { Description = description, HelpName = "DIR", Required = true };

    /// <summary><c>--clock</c>: the clock in MHz that images a second are told for; above 0, at most 100 GHz.</summary>
    /// <returns>A new option.</returns>
    public static Option<double> Clock()
    {
        var option = new Option<double>("--clock") { Description = "The clock that images a second are told for", HelpName = "MHZ", DefaultValueFactory = _ => 100 };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var number) && !(number is > 0 and <= 1e5))
                result.AddError($"{option.Name} = {result.Tokens[0].Value}: must be above 0 and at most 100000");
        });
        return option;
    }

    /// <summary><c>--packing</c>: how the host writes the input.</summary>
    /// <returns>A new option.</returns>
    public static Option<InputPacking> Packing()
    {
        var option = new Option<InputPacking>("--packing")
        {
            Description = "How the input is written: its pixels (channel), the windows of its first convolution (dense), or as takes fewer cycles",
            HelpName = "fewest|channel|dense",
            DefaultValueFactory = _ => InputPacking.Fewest,
        };
        option.AcceptOnlyFromAmong("fewest", "channel", "dense");
        return option;
    }

    /// <summary><c>--batch</c>: images that share rows that are loaded again; not given, the mapper chooses.</summary>
    /// <returns>A new option.</returns>
    public static Option<int?> Batch() => Positive(new Option<int?>("--batch")
    {
        Description = "Where rows are loaded again: 1 loads them for each image, N for a batch of N, pass by pass; the mapper chooses unless said",
        HelpName = "N",
    });

    /// <summary>Makes an option refuse numbers below 1.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The same option.</returns>
    public static Option<T> Positive<T>(Option<T> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1)
                result.AddError($"{option.Name} = {result.Tokens[0].Value}: must be at least 1");
        });
        return option;
    }
}
