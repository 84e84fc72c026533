using System.CommandLine;
using HwGen.Cli.Hosting;
using HwGen.Cli.Results;
using HwGen.Synthesis;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen synth</c>: a generated folder through open synthesis tools: area, cells, worst path, highest clock.</summary>
internal static class SynthCommand
{
    public static Command Create()
    {
        var options = new Options();
        return options.AddTo(new Command("synth", "Synthesize a generated folder: area, cells, timing; a bitstream for iCE40"))
            .Runs((parsed, context) => RunAsync(parsed, options, context));
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Options options, RunContext context)
    {
        var synthesis = options.Read(parsed);
        var folder = parsed.GetRequiredValue(options.Folder);
        var source = SynthesisSource.Read(folder, synthesis.Target.TakesAdderCells(synthesis.Adders), parsed.GetValue(options.Top));
        using var output = OutputFolder.Begin(
            parsed.GetValue(options.Output) ?? Path.Combine(folder, "synth-" + Name(synthesis.Target)), parsed.GetValue(options.Force));
        await context.EnsureToolsAsync(Synthesizer.ToolsOf(synthesis), parsed.GetValue(options.Yes)).ConfigureAwait(false);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tool in Synthesizer.ToolsOf(synthesis))
            versions[tool.Program] = await tool.VersionAsync(context.CancellationToken).ConfigureAwait(false);

        // The tools work in a folder of their own, which stays when one fails: its message names the log there.
        var work = Directory.CreateTempSubdirectory("hwgen-synth-").FullName;
        context.Terminal.Say($"synthesizing {source.Top} for {Name(synthesis.Target)}");
        var result = await Synthesizer.RunAsync(source, synthesis, work, context.CancellationToken).ConfigureAwait(false);
        var report = new SynthesisReport(result, synthesis);
        report.Write(output);
        var summary = report.Summary().AddTools(versions);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        Directory.Delete(work, recursive: true);
        report.Print(context.Terminal, output.TargetPath);
        return context.Finish(summary, ExitCode.Good);
    }

    private static string Name(SynthesisTarget target) => target.ToString().ToLowerInvariant();

    /// <summary>The options of one command line.</summary>
    private sealed class Options
    {
        public Options()
        {
            Target.AcceptOnlyFromAmong([.. SynthesisTargets.Names]);
            Adders.AcceptOnlyFromAmong("automatic", "cells", "sums");
            Period.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double?>() is { } period && !(period > 0 && period < 1e6))
                    result.AddError("--period: must be more than 0 and less than a million nanoseconds");
            });
        }

        public Argument<string> Folder { get; } = new("DIR") { Description = "A folder of `hwgen generate`" };

        public Option<string> Target { get; } = new("--target", "-t") { Description = "What for", Required = true };

        public Option<string?> Liberty { get; } = new("--liberty") { Description = "The library of standard cells, instead of the 180 nm one", HelpName = "FILE.lib" };

        public Option<string?> Top { get; } = new("--top") { Description = "Synthesize this module instead of the whole core", HelpName = "MODULE" };

        public Option<string> Adders { get; } = new("--adders")
        {
            Description = "What popcounts are made of: compressor trees of adder cells, or sums (+); automatic takes cells for standard cells",
            DefaultValueFactory = _ => "automatic",
        };

        public Option<double?> Period { get; } = new("--period") { Description = "The clock period that is asked for; the shortest is searched for without it", HelpName = "NS" };

        public Option<string?> Output { get; } = new("--output", "-o") { Description = "The folder for netlist, reports and logs; DIR/synth-TARGET without it", HelpName = "DIR" };

        public Option<bool> Force { get; } = CommonOptions.Force();

        public Option<bool> Yes { get; } = CommonOptions.Yes();

        public Command AddTo(Command command)
        {
            command.Arguments.Add(Folder);
            foreach (var option in (Option[])[Target, Liberty, Top, Adders, Period, Output, Force, Yes])
                command.Options.Add(option);
            return command;
        }

        public SynthesisOptions Read(ParseResult parsed)
        {
            var target = Enum.Parse<SynthesisTarget>(parsed.GetRequiredValue(Target), ignoreCase: true);
            var liberty = parsed.GetValue(Liberty);
            if (liberty is not null && !target.IsStandardCells())
                throw new InputException(new InputError("an FPGA has no Liberty file") { Key = "--liberty", Value = liberty, Allowed = "--target osu018" });
            if (liberty is not null && !File.Exists(liberty))
                throw new InputException(new InputError("there is no such file") { Key = "--liberty", Value = liberty });
            return new SynthesisOptions(target)
            {
                Liberty = liberty is null ? SynthesisOptions.Osu018Liberty : Path.GetFullPath(liberty),
                Adders = Enum.Parse<AdderStructure>(parsed.GetRequiredValue(Adders), ignoreCase: true),
                Period = parsed.GetValue(Period),
            };
        }
    }
}
