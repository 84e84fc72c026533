using System.CommandLine;
using System.Globalization;
using HwGen.Cim;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Cli.Results;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen generate</c>: the Verilog of a core, its file lists and its document. Needs no outside tool.</summary>
internal static class GenerateCommand
{
    private static readonly Argument<string?> s_configuration = new("CONFIG") { Description = "The configuration: a YAML file, or the name of a shipped one (edge64)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> s_output = new("--output", "-o") { Description = "The folder for the Verilog; with --init the file for the configuration", HelpName = "DIR" };
    private static readonly Option<bool> s_init = new("--init") { Description = "Write a commented configuration instead, to standard output or to -o FILE" };

    public static Command Create()
    {
        var command = new Command("generate", "Write the Verilog of a core") { s_configuration, s_output, s_init, CommonOptions.Force };
        command.Validators.Add(result =>
        {
            var init = result.GetValue(s_init);
            if (init && result.GetValue(s_configuration) is not null)
                result.AddError("--init takes no CONFIG");
            if (!init && result.GetValue(s_configuration) is null)
                result.AddError("CONFIG is missing: a YAML file, or edge64; --init writes one to begin with");
            if (!init && result.GetValue(s_output) is null)
                result.AddError("-o DIR is missing");
        });
        return command.Runs((parsed, context) => Task.FromResult(parsed.GetValue(s_init)
            ? Init(parsed.GetValue(s_output), parsed.GetValue(CommonOptions.Force), context)
            : Run(parsed.GetValue(s_configuration)!, parsed.GetValue(s_output)!, parsed.GetValue(CommonOptions.Force), context)));
    }

    private static ExitCode Run(string input, string folder, bool force, RunContext context)
    {
        var configuration = ConfigurationInput.Read(input);
        using var output = OutputFolder.Begin(folder, force);
        var core = CoreGenerator.Generate(configuration.Configuration);
        context.CancellationToken.ThrowIfCancellationRequested();
        var summary = CoreFolder.Write(core, configuration.Text, output, string.Empty);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"generated {core.TopModule}: {core.Files.Count} Verilog files, {core.Files.Sum(file => (long)file.Text.Count(c => c == '\n')):N0} lines, in {folder}"));
        return context.Finish(summary, ExitCode.Good);
    }

    private static ExitCode Init(string? file, bool force, RunContext context)
    {
        const string shipped = "edge64";
        var text = ConfigurationInput.Shipped(shipped);
        if (file is null && !context.Json)
        {
            context.Terminal.Output.Write(text);
            return ExitCode.Good;
        }
        if (file is not null)
        {
            SingleFile.Write(file, text, force);
            context.Terminal.Result($"wrote {file}");
        }
        return context.Finish(new RunSummary("generate").Add("init", true).Add("configuration", text), ExitCode.Good);
    }
}
