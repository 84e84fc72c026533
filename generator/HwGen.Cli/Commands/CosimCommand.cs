using System.CommandLine;
using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Cli.Results;
using HwGen.Cosimulation;
using HwGen.Cosimulation.Ladder;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen cosim</c>: a network on the emitted Verilog and on the golden model, every value compared.</summary>
internal static class CosimCommand
{
    public static Command Create()
    {
        var options = new Options();
        return options.AddTo(new Command("cosim", "Run a network on the Verilog and on the golden model, and compare every value"))
            .Runs((parsed, context) => RunAsync(parsed, options, context));
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, Options options, RunContext context)
    {
        // Everything that may be wrong with the input is looked at before a tool is run or installed.
        var configuration = ConfigurationInput.Read(parsed.GetRequiredValue(options.Configuration)).Configuration;
        var network = NetworkFileInput.ReadOrImport(parsed.GetRequiredValue(options.Network), parsed.GetValue(options.Scaling));
        var images = DataInput.Read(parsed.GetRequiredValue(options.Data), parsed.GetValue(options.Images), parsed.GetValue(options.DataFolder), network.Network);
        // A program from files may have been edited: what it costs stands beside it, in the table that `map` wrote.
        var batch = parsed.GetValue(options.Batch);
        var mapped = parsed.GetValue(options.Program) is null ? Mapper.Map(network.Network, configuration, batch, parsed.GetValue(options.Packing), images.Count) : null;
        if (configuration.HasBus && configuration.Keys == KeyStoreKind.Sparse)
            throw new InputException(new InputError("is not what cosim can drive with sparse keys") { Key = "bus", Value = configuration.Bus.ToString().ToLowerInvariant(), Allowed = "none; or decrypt.keys none or dense" });
        var program = mapped?.Program ?? ReadProgram(parsed.GetRequiredValue(options.Program)!, configuration, network.Network, batch);
        if (configuration.Keys != KeyStoreKind.None)
            program = RowEncryption.Encrypt(program, parsed.GetValue(options.KeySeed));
        var clock = parsed.GetValue(options.Clock);
        var against = parsed.GetValue(options.Against) is { } file ? ReadLogits(file, images.Count, network.Network) : null;
        var force = parsed.GetValue(options.Force);
        if (parsed.GetValue(options.Trace) is { } trace)
            SingleFile.Check(trace, force);
        using var output = parsed.GetValue(options.Output) is { } folder ? OutputFolder.Begin(folder, force) : null;
        var engineName = parsed.GetRequiredValue(options.Engine);
        var core = CoreGenerator.Generate(configuration);
        var source = Source(core, engineName, parsed.GetValue(options.Verilog));
        var seed = parsed.GetValue(options.Seed);
        await context.EnsureToolsAsync(Engines.ToolsOf(engineName), parsed.GetValue(options.Yes)).ConfigureAwait(false);
        var versions = await Engines.VersionsAsync(engineName, context.CancellationToken).ConfigureAwait(false);

        var engine = Engines.Make(engineName, context.CancellationToken);
        var jobs = parsed.GetValue(options.Jobs);
        var (above, interpreted) = await StepsAboveAsync(network, program, images, jobs, context).ConfigureAwait(false);
        var report = await SimulateAsync(engine, source, network.Network, program, images, seed, jobs, context).ConfigureAwait(false);
        var result = new CosimulationResult(report, against is null ? null : LogitComparison.Of(against, report.Logits, network.Network.Output))
        {
            Above = above,
            Interpreted = interpreted,
            IsLabelled = images.IsLabelled,
        };
        if (parsed.GetValue(options.Trace) is { } path)
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
            .Add("keySeed", configuration.Keys == KeyStoreKind.None ? null : parsed.GetValue(options.KeySeed))
            .AddTools(versions)
            .Add("mapping", mapped is null ? null : MappingTable.Summary(mapped, clock))
            .Add("result", result.Summary())
            .Add("exitCode", (int)result.Code);
        if (output is not null)
        {
            result.Write(output);
            BenchFiles.Write(core, parsed.GetValue(options.Verilog), source.Interface, network.Network, program, images.First(Math.Min(images.Count, parsed.GetValue(options.BenchImages))), output);
            ImageFiles.Write(images, network.Network, output);
            if (MismatchFiles.Write(engine, source, network.Network, program, images, report, seed, output) is { } files)
                context.Terminal.Result(files);
            if (mapped is not null)
                MappingTable.Write(mapped, output.PathOf("layers.csv"));
            summary.Write(output.PathOf("summary.json"));
            output.Commit();
        }
        if (mapped is not null)
            MappingTable.Print(mapped, clock, context.Terminal);
        result.PrintLayers(context.Terminal);
        result.Print(context.Terminal);
        return context.Finish(summary, result.Code);
    }

    /// <summary>What needs no simulator: the source file, the imported network, the golden model, the interpreter.</summary>
    private static async Task<(IReadOnlyList<LadderStep> Steps, CosimulationReport Interpreted)> StepsAboveAsync(
        NetworkFileInput network, CoreProgram program, ImageSet images, int jobs, RunContext context)
    {
        context.Terminal.Say("comparing the steps of the ladder above the hardware");
        return await Task.Run<(IReadOnlyList<LadderStep>, CosimulationReport)>(() =>
        {
            LadderStep[] source =
            [
                network.Source is var (model, imported)
                    ? SourceSteps.ImportStep(model, imported, images, context.CancellationToken)
                    : LadderStep.Skipped(SourceSteps.ImportName, "the network is a file of ours; an ONNX file can be given in its place"),
                SourceSteps.GoldenStep(network.Network, images, context.CancellationToken),
            ];
            var interpreted = new ParallelCosimulation(network.Network, program, _ => new InterpretedCore(program.Configuration)) { Cores = jobs }.Run(images, context.CancellationToken);
            return ([.. source, LadderStep.Of("interpreter = golden", interpreted)], interpreted);
        }).ConfigureAwait(false);
    }

    /// <summary>Builds the design, or finds it built, and runs the images on as many simulators as there are jobs.</summary>
    internal static async Task<CosimulationReport> SimulateAsync(
        ISimulationEngine engine, SimulationSource source, QuantisedNetwork network, CoreProgram program, ImageSet images, int seed, int jobs, RunContext context)
    {
        context.Terminal.Say($"building {source.Interface.Top} for {engine.Name}");
        return await context.Terminal.ProgressAsync(
            string.Create(CultureInfo.InvariantCulture, $"simulating {images.Count:N0} images"),
            report => Task.Run(() => new ParallelCosimulation(network, program, _ => CoreModels.Of(engine.Start(source, new SimulationOptions { Seed = seed }), program.Configuration))
            {
                Cores = jobs,
                Progress = done => report((double)done / images.Count),
            }.Run(images, context.CancellationToken))).ConfigureAwait(false);
    }

    private static SimulationSource Source(GeneratedCore core, string engineName, string? folder)
    {
        var twins = Engines.TakesTwins(engineName);
        var source = NetlistSource.Of(core.Design, core.Files, twins);
        if (folder is null)
            return source;
        if (!Engines.ReadsText(engineName))
            throw new InputException(new InputError("runs the netlist and reads no Verilog: it cannot be given --rtl") { Key = "--engine", Value = engineName, Allowed = "verilator, icarus" });
        var list = Path.Combine(folder, twins ? CoreFiles.SimulationList : CoreFiles.SynthesisList);
        var edited = source with { Files = FileList.Read(list), Design = null };

        // A netlist of synthesis has the ports of the design, and no module or memory of it inside.
        if (edited.Files.Any(file => file.Name == SynthesisReport.Netlist))
            edited = edited with { Interface = edited.Interface with { Memories = [] } };
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

    private static CoreProgram ReadProgram(string folder, ArrayConfiguration configuration, QuantisedNetwork network, int? batch)
    {
        var program = ProgramFiles.Read(folder);
        if (batch is { } said && said != program.Batch)
        {
            throw new InputException(new InputError("the program says its own batch")
            {
                Key = "--batch",
                Value = said.ToString(CultureInfo.InvariantCulture),
                Allowed = string.Create(CultureInfo.InvariantCulture, $"{program.Batch}, or no --batch, or a program that was mapped with it"),
            });
        }
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

    /// <summary>The options of one command line.</summary>
    private sealed class Options
    {
        public Options() => Engine.AcceptOnlyFromAmong([.. Engines.Names]);

        public Argument<string> Network { get; } = new("NET") { Description = "The network: a .hwnet file, zoo:NAME, or an ONNX file, which is imported and compared too" };

        public Option<InputScaling?> Scaling { get; } = InputScalingOption.Create();

        public Option<string> Configuration { get; } = new("--config", "-c") { Description = "The configuration: a YAML file, or edge64", HelpName = "CONFIG", Required = true };

        public Option<string> Data { get; } = new("--data") { Description = "The images: " + DataInput.Allowed, HelpName = "SET", Required = true };

        public Option<int> Images { get; } = CommonOptions.Positive(new Option<int>("--images", "-n") { Description = "How many images, from the first", HelpName = "N", DefaultValueFactory = _ => 100 });

        public Option<string> Engine { get; } = new("--engine") { Description = "The simulator", DefaultValueFactory = _ => Engines.Names[0] };

        public Option<string?> Against { get; } = new("--against") { Description = "Logits from elsewhere (images × classes) to compare the hardware's with", HelpName = "FILE.npy" };

        public Option<string?> Verilog { get; } = new("--rtl") { Description = "Take the Verilog from a folder of `hwgen generate`, as it stands there", HelpName = "DIR" };

        public Option<string?> Program { get; } = new("--program") { Description = "Take the program and memory images from a folder of `hwgen map`, as they stand there", HelpName = "DIR" };

        public Option<string?> Trace { get; } = new("--trace") { Description = "Write the waveform of the first image", HelpName = "FILE.vcd" };

        public Option<string?> Output { get; } = new("--output", "-o") { Description = "A folder for summary, tables, inputs and outputs, and a bench that runs by make", HelpName = "DIR" };

        public Option<int> BenchImages { get; } = CommonOptions.Positive(new Option<int>("--bench-images") { Description = "How many of the images the bench of the folder has", HelpName = "N", DefaultValueFactory = _ => 4 });

        public Option<bool> Force { get; } = CommonOptions.Force();

        public Option<int?> Batch { get; } = CommonOptions.Batch();

        public Option<InputPacking> Packing { get; } = CommonOptions.Packing();

        public Option<double> Clock { get; } = CommonOptions.Clock();

        public Option<int> KeySeed { get; } = new("--key-seed") { Description = "What the key of encrypted rows is drawn from, where the configuration decrypts", HelpName = "N", DefaultValueFactory = _ => 1 };

        public Option<int> Seed { get; } = CommonOptions.Seed();

        public Option<int> Jobs { get; } = CommonOptions.Jobs();

        public Option<string?> DataFolder { get; } = CommonOptions.DataFolder();

        public Option<bool> Yes { get; } = CommonOptions.Yes();

        public Command AddTo(Command command)
        {
            command.Arguments.Add(Network);
            foreach (var option in (Option[])[Configuration, Data, Scaling, Images, Engine, Against, Verilog, Program, Trace, Output, BenchImages, Force, Batch, Packing, Clock, KeySeed, Seed, Jobs, DataFolder, Yes])
                command.Options.Add(option);
            return command;
        }
    }
}
