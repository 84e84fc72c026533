using System.CommandLine;
using HwGen.Cli.Hosting;
using HwGen.Cli.Results;
using HwGen.Synthesis;
using HwGen.Synthesis.Layout;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Power;
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
        synthesis = synthesis with { StaticRegisters = source.StaticRegisters };
        using var output = OutputFolder.Begin(
            parsed.GetValue(options.Output) ?? Path.Combine(folder, "synth-" + Name(synthesis.Target)), parsed.GetValue(options.Force));
        IReadOnlyList<Tool> tools = [.. Synthesizer.ToolsOf(synthesis), .. parsed.GetValue(options.Layout) ? [ToolCatalogue.Qflow] : Array.Empty<Tool>()];
        await context.EnsureToolsAsync(tools, parsed.GetValue(options.Yes)).ConfigureAwait(false);
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tool in tools)
            versions[tool.Program] = await tool.VersionAsync(context.CancellationToken).ConfigureAwait(false);

        // The tools work in a folder of their own, which stays when one fails: its message names the log there.
        var work = Directory.CreateTempSubdirectory("hwgen-synth-").FullName;
        if (source.SizeNote is { } note && synthesis.Target.IsStandardCells())
            context.Terminal.Say("note: " + note);
        context.Terminal.Say($"synthesizing {source.Top} for {Name(synthesis.Target)}");
        var result = await Synthesizer.RunAsync(source, synthesis, work, context.CancellationToken).ConfigureAwait(false);
        var report = new SynthesisReport(result, synthesis)
        {
            Power = parsed.GetValue(options.Activity) is { } dump ? await PowerAsync(parsed, options, result, synthesis, dump, context).ConfigureAwait(false) : null,
            Layout = parsed.GetValue(options.Layout) ? await LayoutAsync(result, synthesis, parsed.GetValue(options.Density) ?? QflowLayout.StartDensity, context).ConfigureAwait(false) : null,
        };
        report.Write(output, Models(folder, result));
        var summary = report.Summary().AddTools(versions);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        Directory.Delete(work, recursive: true);
        report.Print(context.Terminal, output.TargetPath);
        return context.Finish(summary, ExitCode.Good);
    }

    private static async Task<WorkloadPower> PowerAsync(
        ParseResult parsed, Options options, SynthesisResult result, SynthesisOptions synthesis, string dump, RunContext context)
    {
        var library = CellLibrary.Read(synthesis.Liberty);
        var file = Path.Combine(result.Folder, SynthesisReport.Netlist);
        var netlist = MappedNetlist.Read(file);
        var sum = new PowerSum(netlist, library, synthesis);
        var clock = sum.Clock ?? throw new InputException(new InputError("has no clock: there are no cycles to count") { Key = "--activity", Value = dump });
        context.Terminal.Say($"counting changes in {dump}");
        var activity = SwitchingActivity.Read(dump, clock, parsed.GetValue(options.Active));
        var period = synthesis.Period ?? result.Timing!.MinimumPeriod;
        var power = sum.At(activity, period * 1e-9);
        var check = await PowerCheck.RunAsync(file, library, synthesis, power.MeanActivity, period, Path.Combine(result.Folder, "power"), context.CancellationToken).ConfigureAwait(false);
        var same = new PowerSum(netlist, library, synthesis) { AsOpenSta = true }.At(power.MeanActivity, period * 1e-9);
        return new WorkloadPower(
            power, check, same.Total, activity.Cycles, period, library.Voltage, parsed.GetValue(options.Inferences), parsed.GetValue(options.Operations),
            synthesis.Liberty == SynthesisOptions.Osu018Liberty ? "180 nm" : $"library {library.Name}", parsed.GetValue(options.Bits) ?? "bits not given", parsed.GetValue(options.Sparsity));
    }

    private static Task<LayoutResult> LayoutAsync(SynthesisResult result, SynthesisOptions synthesis, double density, RunContext context)
    {
        context.Terminal.Say("placing and routing with qflow");
        return QflowLayout.RunAsync(
            Path.Combine(result.Folder, SynthesisReport.Netlist), result.Top, QflowTechnology.Of(synthesis, [.. result.Cells.Keys], Path.Combine(result.Folder, "technology")),
            Path.Combine(result.Folder, "qflow"), density, synthesis.TimeLimit, context.Terminal.Say, context.CancellationToken);
    }

    /// <summary>The behaviour of black boxes, from the folder that has their stubs.</summary>
    private static List<string> Models(string folder, SynthesisResult result) =>
        [.. result.BlackBoxes.Select(name => Path.Combine(folder, "sim", name + ".v")).Where(File.Exists)];

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
            Density.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double?>() is { } share && !(share is >= 0.1 and <= 1))
                    result.AddError("--density: must be from 0.1 to 1");
            });
            Sparsity.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double?>() is { } share && !(share is >= 0 and <= 1))
                    result.AddError("--sparsity: must be from 0 to 1");
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

        public Option<bool> KeepDepth { get; } = new("--keep-depth") { Description = "Keep the depth of wide sums: faster and larger, where they decide the clock" };

        public Option<string?> Lef { get; } = new("--lef") { Description = "The layout views of the cells of --liberty, for --layout", HelpName = "FILE.lef" };

        public Option<bool> Layout { get; } = new("--layout") { Description = "Place and route the netlist with qflow" };

        public Option<double?> Density { get; } = new("--density")
        {
            Description = "With --layout: the share of the area that cells take in the first try (0.65 without it); where nets find no way, another follows with more room",
            HelpName = "0.1-1",
        };

        public Option<string?> Activity { get; } = new("--activity") { Description = "Power of a simulation, from its waveform (hwgen cosim --trace)", HelpName = "FILE.vcd" };

        public Option<string?> Active { get; } = new("--active") { Description = "With --activity: count only cycles in which this signal is 1, such as busy", HelpName = "SIGNAL" };

        public Option<int> Inferences { get; } = CommonOptions.Positive(new Option<int>("--inferences") { Description = "With --activity: inferences in the waveform", HelpName = "N", DefaultValueFactory = _ => 1 });

        public Option<double?> Operations { get; } = new("--operations") { Description = "With --activity: operations of an inference, for TOPS/W; a multiply-add is two", HelpName = "N" };

        public Option<string?> Bits { get; } = new("--bits") { Description = "With --activity: bits of inputs and weights, to stand beside the figures", HelpName = "TEXT" };

        public Option<double?> Sparsity { get; } = new("--sparsity") { Description = "With --activity: the share of operands that are all zero (hwgen cosim counts them), to stand beside the figures", HelpName = "0-1" };

        public Option<string?> Output { get; } = new("--output", "-o") { Description = "The folder for netlist, reports and logs; DIR/synth-TARGET without it", HelpName = "DIR" };

        public Option<bool> Force { get; } = CommonOptions.Force();

        public Option<bool> Yes { get; } = CommonOptions.Yes();

        public Command AddTo(Command command)
        {
            command.Arguments.Add(Folder);
            foreach (var option in (Option[])[Target, Liberty, Lef, Top, Adders, Period, KeepDepth, Layout, Density, Activity, Active, Inferences, Operations, Bits, Sparsity, Output, Force, Yes])
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
            var lef = parsed.GetValue(Lef);
            if (lef is not null && !File.Exists(lef))
                throw new InputException(new InputError("there is no such file") { Key = "--lef", Value = lef });
            foreach (var (name, isGiven) in new[] { ("--lef", lef is not null), ("--keep-depth", parsed.GetValue(KeepDepth)), ("--layout", parsed.GetValue(Layout)), ("--density", parsed.GetValue(Density) is not null), ("--activity", parsed.GetValue(Activity) is not null) })
            {
                if (isGiven && !target.IsStandardCells())
                    throw new InputException(new InputError("is for standard cells") { Key = name, Allowed = "--target osu018" });
            }
            if (parsed.GetValue(Activity) is { } dump && !File.Exists(dump))
                throw new InputException(new InputError("there is no such file") { Key = "--activity", Value = dump });
            if (parsed.GetValue(Layout) && liberty is not null && lef is null)
                throw new InputException(new InputError("needs the layout views of the library") { Key = "--layout", Allowed = "--lef FILE beside --liberty" });
            return new SynthesisOptions(target)
            {
                Lef = lef is null ? SynthesisOptions.Osu018Lef : Path.GetFullPath(lef),
                Liberty = liberty is null ? SynthesisOptions.Osu018Liberty : Path.GetFullPath(liberty),
                Adders = Enum.Parse<AdderStructure>(parsed.GetRequiredValue(Adders), ignoreCase: true),
                Period = parsed.GetValue(Period),
                KeepDepth = parsed.GetValue(KeepDepth),
            };
        }
    }
}
