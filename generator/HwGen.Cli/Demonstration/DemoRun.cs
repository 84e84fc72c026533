using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Cli.Commands;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Cli.Results;
using HwGen.Golden;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Cli.Demonstration;

/// <summary>The steps of the demo, in order; each prints what it did in numbers.</summary>
/// <param name="context">Where to speak, and when to stop.</param>
/// <param name="output">Where results go.</param>
/// <param name="folder">The folder as the person named it.</param>
internal sealed class DemoRun(RunContext context, OutputFolder output, string folder)
{
    private const string ConfigurationName = "edge64";
    private const string EngineName = "verilator";
    private const string Waveform = "first-image.vcd.gz";
    private const int Steps = 5;
    private const double ClockMegahertz = 100;

    private int _step;

    /// <summary>Images that run on the Verilog, at most those of the set.</summary>
    public required int Images { get; init; }

    /// <summary>Where the simulators' power-up values start.</summary>
    public required int Seed { get; init; }

    /// <summary>Simulators that run at once.</summary>
    public required int Jobs { get; init; }

    /// <summary>Runs all steps.</summary>
    public async Task<ExitCode> RunAsync(DemoSubject subject, bool yes)
    {
        await context.EnsureToolsAsync(Engines.ToolsOf(EngineName), yes).ConfigureAwait(false);
        var network = subject.Network.Network;
        var configuration = ConfigurationInput.Read(ConfigurationName);
        var summary = new RunSummary("demo")
            .Add("network", network.Name)
            .Add("networkSha256", ContentKey.Sha256(subject.Network.Bytes))
            .Add("data", subject.Test.Name)
            .AddTools(await Engines.VersionsAsync(EngineName, context.CancellationToken).ConfigureAwait(false));
        File.WriteAllBytes(output.PathOf("network.hwnet"), subject.Network.Bytes);
        File.WriteAllText(output.PathOf("facts.json"), subject.Facts.ToJson());

        var core = Generate(configuration, summary);
        var mapped = Map(network, configuration.Configuration, summary);
        var isGoldenRight = await GoldenAsync(subject, summary).ConfigureAwait(false);
        var (result, isHashRight) = await SimulateAsync(subject, core, mapped, summary).ConfigureAwait(false);
        await TraceAsync(subject, core, mapped).ConfigureAwait(false);

        var code = isGoldenRight && isHashRight ? result.Code : ExitCode.Differs;
        summary.Add("exitCode", (int)code);
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        MappingTable.Print(mapped, ClockMegahertz, context.Terminal);
        result.PrintLayers(context.Terminal);
        context.Terminal.Result($"results: {folder} (core/ the Verilog, program/ the memory images, summary.json, *.csv, logits.npy, {Waveform})");
        context.Terminal.Result($"to see an edit caught: change a line of {folder}/core/rtl or {folder}/program/rows.hex, then ./hwgen cosim {folder}/network.hwnet --config {ConfigurationName} --data {DataName(subject)} --rtl {folder}/core --program {folder}/program");
        result.Print(context.Terminal);
        return context.Finish(summary, code);
    }

    private GeneratedCore Generate(ConfigurationInput configuration, RunSummary summary)
    {
        var core = CoreGenerator.Generate(configuration.Configuration);
        CoreFolder.Write(core, configuration.Text, output, "core/").Write(output.PathOf("core/summary.json"));
        var array = configuration.Configuration;
        Step("generate", string.Create(CultureInfo.InvariantCulture,
            $"{core.TopModule}, {array.Rows} rows × {array.Columns} columns, {array.Lanes} lanes: {core.Files.Count} Verilog files, {core.Files.Sum(file => (long)file.Text.Count(c => c == '\n')):N0} lines"));
        summary.Add("configuration", ConfigurationWriter.ToJson(array)).Add("topModule", core.TopModule).Add("verilogFiles", core.Files.Count);
        return core;
    }

    private MappedNetwork Map(QuantisedNetwork network, ArrayConfiguration configuration, RunSummary summary)
    {
        var mapped = Mapper.Map(network, configuration);
        foreach (var (name, text) in ProgramFiles.Texts(mapped.Program))
            File.WriteAllText(output.PathOf("program/" + name), text);
        MappingTable.Write(mapped, output.PathOf("layers.csv"));
        summary.Add("mapping", MappingTable.Summary(mapped, ClockMegahertz));
        Step("map", string.Create(CultureInfo.InvariantCulture,
            $"{network.Name}: {mapped.Layers.Count} stages, {mapped.Layers.Sum(l => l.MultiplyAccumulates):N0} products an image, {mapped.Cycles:N0} cycles an image predicted"));
        return mapped;
    }

    /// <summary>All test images on the golden model; the zoo's accuracy and hash again; each folded threshold against its batch norm.</summary>
    private async Task<bool> GoldenAsync(DemoSubject subject, RunSummary summary)
    {
        var network = subject.Network.Network;
        var decisions = 0L;
        foreach (var layer in network.Layers.OfType<ThresholdLayer>().Where(layer => layer.Unfolded is not null))
            decisions += BatchNormFolding.Check(layer, network[layer.Inputs[0]].Range);
        var watch = Stopwatch.StartNew();
        var logits = await Task.Run(() => FastModel.Compile(network).Logits(subject.Test, Jobs), context.CancellationToken).ConfigureAwait(false);
        var seconds = watch.Elapsed.TotalSeconds;
        CosimulationResult.Logits(logits.Values).Write(output.PathOf("golden-logits.npy"));
        var correct = logits.Correct(subject.Test.Labels);
        var hash = logits.Hash();
        var isRight = hash == subject.Facts.LogitsSha256 && correct == subject.Facts.CorrectImages && subject.Test.Count == subject.Facts.TestImages;
        Step("golden model", string.Create(CultureInfo.InvariantCulture,
            $"{logits.Images:N0} images, accuracy {100.0 * correct / logits.Images:0.00} %, {logits.Images / seconds:N0} images/s; logit hash {Verdict(isRight)}; {decisions:N0} decisions of folded thresholds equal to their batch norms"));
        summary.Add("golden", new JsonObject
        {
            ["images"] = logits.Images,
            ["correct"] = correct,
            ["accuracy"] = (double)correct / logits.Images,
            ["logitsSha256"] = hash,
            ["equalsTheZoo"] = isRight,
            ["foldedThresholdDecisions"] = decisions,
        });
        return isRight;
    }

    private async Task<(CosimulationResult Result, bool IsHashRight)> SimulateAsync(DemoSubject subject, GeneratedCore core, MappedNetwork mapped, RunSummary summary)
    {
        var images = subject.Test.First(Math.Min(Images, subject.Test.Count));
        var engine = Engines.Make(EngineName, context.CancellationToken);
        var report = await CosimCommand.SimulateAsync(
            engine, NetlistSource.Of(core.Design, core.Files), subject.Network.Network, mapped.Program, images, Seed, Jobs, context).ConfigureAwait(false);
        var result = new CosimulationResult(report, null);
        result.Write(output);

        // The zoo has a hash over the first images; with fewer of them the comparison value by value has to do.
        var first = subject.Facts.FirstImages;
        bool? isRight = images.Count < first ? null : HashOfFirst(report.Logits, first) == subject.Facts.FirstLogitsSha256;
        Step("simulate", string.Create(CultureInfo.InvariantCulture,
            $"{images.Count:N0} images on the Verilog, {images.Count / report.Elapsed.TotalSeconds:N1} images/s, {report.Compared:N0} values compared; ")
            + (isRight is { } right
                ? string.Create(CultureInfo.InvariantCulture, $"logit hash of the first {first} images {Verdict(right)}")
                : string.Create(CultureInfo.InvariantCulture, $"the zoo's logit hash needs {first} images")));
        summary.Add("simulation", result.Summary()).Add("logitsEqualTheZoo", isRight);
        return (result, isRight ?? true);
    }

    private async Task TraceAsync(DemoSubject subject, GeneratedCore core, MappedNetwork mapped)
    {
        context.Terminal.Say("tracing the first image");
        var plain = output.PathOf("first-image.vcd");
        await Task.Run(() => Results.Waveform.Write(
            Engines.Make(EngineName, context.CancellationToken), NetlistSource.Of(core.Design, core.Files),
            subject.Network.Network, mapped.Program, subject.Test, plain, Seed, context.CancellationToken)).ConfigureAwait(false);
        var packed = output.PathOf(Waveform);
        using (var from = File.OpenRead(plain))
        using (var to = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            await from.CopyToAsync(to, context.CancellationToken).ConfigureAwait(false);
        var length = new FileInfo(plain).Length;
        File.Delete(plain);
        Step("waveform", string.Create(CultureInfo.InvariantCulture,
            $"every signal while the first image runs: {Waveform}, {new FileInfo(packed).Length / 1e6:N1} MB ({length / 1e6:N1} MB unpacked)"));
    }

    private static string HashOfFirst(int[,] logits, int images)
    {
        var first = new int[images, logits.GetLength(1)];
        Array.Copy(logits, first, first.Length);
        return new Logits(first).Hash();
    }

    private static string DataName(DemoSubject subject) => subject.Test.Name == "mnist" ? "mnist" : "drawn-digits";

    private static string Verdict(bool isRight) => isRight ? "equal to the zoo's" : "DIFFERS from the zoo's";

    private void Step(string name, string what) =>
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture, $"[{++_step}/{Steps}] {name}: {what}"));
}
