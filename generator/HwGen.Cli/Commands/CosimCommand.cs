using System.CommandLine;
using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Cli.Results;
using HwGen.Cosimulation;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen cosim</c>: a network on the emitted Verilog and on the golden model, every value compared.</summary>
internal static class CosimCommand
{
    private static readonly Argument<string> s_network = new("NET") { Description = "The network: a .hwnet file, or zoo:NAME" };
    private static readonly Option<string> s_configuration = new("--config", "-c") { Description = "The configuration: a YAML file, or edge64", HelpName = "CONFIG", Required = true };
    private static readonly Option<string> s_data = new("--data") { Description = "The images: " + DataInput.Allowed, HelpName = "SET", Required = true };
    private static readonly Option<int> s_images = CommonOptions.Positive(new("--images", "-n") { Description = "How many images, from the first", HelpName = "N", DefaultValueFactory = _ => 100 });
    private static readonly Option<string> s_engine = MakeEngine();
    private static readonly Option<string?> s_against = new("--against") { Description = "Logits from elsewhere (images × classes) to compare the hardware's with", HelpName = "FILE.npy" };
    private static readonly Option<string?> s_verilog = new("--rtl") { Description = "Take the Verilog from a folder of `hwgen generate`, as it stands there", HelpName = "DIR" };
    private static readonly Option<string?> s_program = new("--program") { Description = "Take the program and memory images from a folder of `hwgen map`, as they stand there", HelpName = "DIR" };
    private static readonly Option<string?> s_trace = new("--trace") { Description = "Write the waveform of the first image", HelpName = "FILE.vcd" };
    private static readonly Option<string?> s_output = new("--output", "-o") { Description = "A folder for summary, tables and logits", HelpName = "DIR" };

    public static Command Create() =>
        new Command("cosim", "Run a network on the Verilog and on the golden model, and compare every value")
        {
            s_network, s_configuration, s_data, s_images, s_engine, s_against, s_verilog, s_program, s_trace, s_output,
            CommonOptions.Force, CommonOptions.Seed, CommonOptions.Jobs, CommonOptions.DataFolder, CommonOptions.Yes,
        }.Runs(RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, RunContext context)
    {
        // Everything that may be wrong with the input is looked at before a tool is run or installed.
        var configuration = ConfigurationInput.Read(parsed.GetValue(s_configuration)!).Configuration;
        var network = NetworkFileInput.Read(parsed.GetValue(s_network)!);
        var images = DataInput.Read(parsed.GetValue(s_data)!, parsed.GetValue(s_images), parsed.GetValue(CommonOptions.DataFolder), network.Network);
        var program = parsed.GetValue(s_program) is { } programFolder ? ReadProgram(programFolder, configuration, network.Network) : Mapper.Map(network.Network, configuration).Program;
        var against = parsed.GetValue(s_against) is { } file ? ReadLogits(file, images.Count, network.Network) : null;
        var force = parsed.GetValue(CommonOptions.Force);
        if (parsed.GetValue(s_trace) is { } trace)
            SingleFile.Check(trace, force);
        using var output = parsed.GetValue(s_output) is { } folder ? OutputFolder.Begin(folder, force) : null;
        var engineName = parsed.GetValue(s_engine)!;
        var source = Source(CoreGenerator.Generate(configuration), Engines.TakesTwins(engineName), parsed.GetValue(s_verilog));
        var seed = parsed.GetValue(CommonOptions.Seed);
        await context.EnsureToolsAsync(Engines.ToolsOf(engineName), parsed.GetValue(CommonOptions.Yes)).ConfigureAwait(false);
        var versions = await Engines.VersionsAsync(engineName, context.CancellationToken).ConfigureAwait(false);

        var engine = Engines.Make(engineName, context.CancellationToken);
        var report = await SimulateAsync(engine, source, network.Network, program, images, seed, parsed.GetValue(CommonOptions.Jobs), context).ConfigureAwait(false);
        var result = new CosimulationResult(report, against is null ? null : LogitComparison.Of(against, report.Logits, network.Network.Output));
        if (parsed.GetValue(s_trace) is { } path)
        {
            context.Terminal.Say("tracing the first image");
            SingleFile.Make(path, force, partial => Waveform.Write(engine, source, network.Network, program, images, partial, seed, context.CancellationToken));
            context.Terminal.Result(string.Create(CultureInfo.InvariantCulture, $"waveform of the first image: {path} ({new FileInfo(path).Length / 1e6:N1} MB)"));
        }

        var summary = new RunSummary("cosim")
            .Add("network", network.Network.Name)
            .Add("networkSha256", ContentKey.Sha256(network.Bytes))
            .Add("configuration", ConfigurationWriter.ToJson(configuration))
            .Add("data", images.Name)
            .Add("engine", engineName)
            .Add("seed", seed)
            .AddTools(versions)
            .Add("result", result.Summary())
            .Add("exitCode", (int)result.Code);
        if (output is not null)
        {
            result.Write(output);
            summary.Write(output.PathOf("summary.json"));
            output.Commit();
        }
        result.Print(context.Terminal);
        return context.Finish(summary, result.Code);
    }

    /// <summary>Builds the design, or finds it built, and runs the images on as many simulators as there are jobs.</summary>
    internal static async Task<CosimulationReport> SimulateAsync(
        ISimulationEngine engine, SimulationSource source, QuantisedNetwork network, CoreProgram program, ImageSet images, int seed, int jobs, RunContext context)
    {
        context.Terminal.Say($"building {source.Interface.Top} for {engine.Name}");
        return await context.Terminal.ProgressAsync(
            string.Create(CultureInfo.InvariantCulture, $"simulating {images.Count:N0} images"),
            report => Task.Run(() => new ParallelCosimulation(network, program, _ => engine.Start(source, new SimulationOptions { Seed = seed }))
            {
                Simulators = jobs,
                Progress = done => report((double)done / images.Count),
            }.Run(images, context.CancellationToken))).ConfigureAwait(false);
    }

    private static SimulationSource Source(GeneratedCore core, bool twins, string? folder)
    {
        var source = DesignSource.Of(core.Design, core.Files, twins);
        if (folder is null)
            return source;
        var list = Path.Combine(folder, twins ? CoreFiles.SimulationList : CoreFiles.SynthesisList);
        var edited = source with { Files = FileList.Read(list) };
        try
        {
            edited.Check();
        }
        catch (ArgumentException problem)
        {
            throw new InputException(new InputError(problem.Message) { File = list }, problem);
        }
        return edited;
    }

    private static CoreProgram ReadProgram(string folder, ArrayConfiguration configuration, QuantisedNetwork network)
    {
        var program = ProgramFiles.Read(folder);
        var (found, expected) = (ConfigurationWriter.ToText(program.Configuration), ConfigurationWriter.ToText(configuration));
        if (found != expected)
        {
            throw new InputException(new InputError("the program is for another configuration")
            {
                File = Path.Combine(folder, ProgramFiles.ProgramName),
                Key = "configuration",
                Value = found,
                Allowed = "the one of --config, " + expected,
            });
        }
        ProgramCheck.Run(program, network, Path.Combine(folder, ProgramFiles.ProgramName));
        return program;
    }

    private static NpyArray ReadLogits(string file, int images, QuantisedNetwork network)
    {
        var array = NpyArray.Read(file);
        LogitComparison.CheckShape(array, file, images, (int)network.OutputMap.Shape.Count);
        return array;
    }

    private static Option<string> MakeEngine()
    {
        var option = new Option<string>("--engine") { Description = "The simulator", DefaultValueFactory = _ => Engines.Names[0] };
        option.AcceptOnlyFromAmong([.. Engines.Names]);
        return option;
    }
}
