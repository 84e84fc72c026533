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
    public static Command Create()
    {
        var configuration = new Argument<string?>("CONFIG") { Description = "The configuration: a YAML file, or the name of a shipped one (edge64)", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { Description = "The folder for the Verilog; with --init the file for the configuration", HelpName = "DIR" };
        var init = new Option<bool>("--init") { Description = "Write a commented configuration instead, to standard output or to -o FILE" };
        var force = CommonOptions.Force();
        var command = new Command("generate", "Write the Verilog of a core") { configuration, output, init, force };
        command.Validators.Add(result =>
        {
            var hasConfiguration = result.GetValue(configuration) is not null;
            if (result.GetValue(init))
            {
                if (hasConfiguration)
                    result.AddError("--init takes no CONFIG");
                return;
            }
            if (!hasConfiguration)
                result.AddError("CONFIG is missing: a YAML file, or edge64; --init writes one to begin with");
            if (result.GetResult(output) is null)
                result.AddError("-o DIR is missing");
        });
        return command.Runs((parsed, context) => Task.FromResult(parsed.GetValue(init)
            ? Init(parsed.GetValue(output), parsed.GetValue(force), context)
            : Run(parsed.GetRequiredValue(configuration)!, parsed.GetRequiredValue(output)!, parsed.GetValue(force), context)));
    }

    private static ExitCode Run(string input, string folder, bool force, RunContext context)
    {
        var configuration = ConfigurationInput.Read(input);
        using var output = OutputFolder.Begin(folder, force);
        var core = CoreGenerator.Generate(configuration.Configuration);
        context.CancellationToken.ThrowIfCancellationRequested();
        var note = CoreFolder.SizeNote(core);
        if (note is not null)
            context.Terminal.Say("note: " + note);
        var summary = CoreFolder.Write(core, configuration.Text, output, string.Empty).Add("note", note);
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
