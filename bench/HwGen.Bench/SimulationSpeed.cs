using System.Diagnostics;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Cosimulation;
using HwGen.Golden;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;
using static System.FormattableString;

namespace HwGen.Bench;

/// <summary>Images a second of the zoo's networks for MNIST and of TFC_1W1A: on the golden model, on the interpreter of programs, and on the simulated core of <c>wide64</c>, every value compared.</summary>
internal static class SimulationSpeed
{
    private const string Configuration = "configurations/wide64.yaml";
    private const string Zoo = "models/zoo";

    public static int Run()
    {
        ImageSet images = DataFolders.LoadIdx("mnist", train: false) ?? DrawnDigits.Draw(10_000, seed: 1);
        ArrayConfiguration configuration = ConfigurationReader.Read(File.ReadAllText(Configuration), Configuration);
        GeneratedCore core = CoreGenerator.Generate(configuration);
        SimulationSource source = NetlistSource.Of(core.Design, core.Files);
        Console.WriteLine("| network | cycles an image | golden, fast | golden, definition | interpreter | compiled engine | Verilator | Verilator, cycles/s |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, QuantisedNetwork network) in Networks())
        {
            MappedNetwork mapped = Mapper.Map(network, configuration);
            FastModel fast = FastModel.Compile(network);
            Rate golden = Rate.Measure(images.Count, () => fast.Logits(images, threads: 1));
            Rate definition = Rate.Measure(5, () =>
            {
                for (int image = 0; image < 5; image++)
                    GoldenModel.Run(network, images.Image(image));
            });
            Rate interpreter = Cosimulate(network, mapped, images.First(10), () => new InterpretedCore(configuration));
            Rate compiled = Cosimulate(network, mapped, images.First(5), () => new CoreDriver(new CompiledEngine().Start(source, new SimulationOptions { Seed = 1 }), configuration));
            Rate verilator = Cosimulate(network, mapped, images.First(20), () => new CoreDriver(new VerilatorEngine().Start(source, new SimulationOptions { Seed = 1 }), configuration));
            // The host's cycles are simulated too: what it loads, and the maps that are read back to be compared.
            Console.WriteLine(Invariant($"| {name} | {mapped.Cycles:N0} | {golden.Processor:N0} | {definition.Processor:N0} | {interpreter.Processor:N0} | {compiled.Processor:N2} | {verilator.Processor:N1} | {verilator.Processor * mapped.Cycles:N0} |"));
        }
        Console.WriteLine();
        Console.WriteLine(Invariant($"Images: {images.Name}; images a second of processor time of one core."));
        return 0;
    }

    private static IEnumerable<(string Name, QuantisedNetwork Network)> Networks()
    {
        foreach (string folder in Directory.GetDirectories(Zoo, "mnist-*").Order(StringComparer.Ordinal))
            yield return (Path.GetFileName(folder), NetworkFile.Read(Path.Combine(folder, "network" + NetworkFile.Extension)));
        if (DataFolders.Candidates().Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "models", "qonnx", "TFC_1W1A.onnx"))).FirstOrDefault(File.Exists) is { } file)
            yield return ("TFC_1W1A", OnnxImporter.Import(file).Network);
    }

    private static Rate Cosimulate(QuantisedNetwork network, MappedNetwork mapped, ImageSet images, Func<ICoreModel> start)
    {
        using ICoreModel core = start();
        var run = new NetworkCosimulation(network, mapped.Program, core);
        using Process process = Process.GetCurrentProcess();
        var best = new Rate(0, 0);
        for (int repetition = 0; repetition < 3; repetition++)
        {
            process.Refresh();
            TimeSpan before = process.TotalProcessorTime;
            long begun = Stopwatch.GetTimestamp();
            CosimulationReport report = run.Run(images);
            double wall = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            process.Refresh();
            if (!report.IsEqual)
                throw new InvalidOperationException(Invariant($"{network.Name}: {report.Mismatches} of {report.Compared} values differ"));
            best = new Rate(Math.Max(best.Wall, images.Count / wall), Math.Max(best.Processor, images.Count / (process.TotalProcessorTime - before).TotalSeconds));
        }
        return best;
    }
}
