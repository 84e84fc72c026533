using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Cosimulation;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;
using static System.FormattableString;

namespace HwGen.Bench;

/// <summary>
/// What pruning saves in simulated hardware: a network and its pruned twin on arrays of several lanes and columns, cycles and row activations by
/// the hardware's own counters, every value compared with the golden model.
/// </summary>
internal static class PrunedCost
{
    private static readonly (int Lanes, int Columns)[] s_arrays = [(1, 4), (1, 32), (16, 4), (16, 32), (64, 4), (64, 32)];

    /// <summary>Runs both networks on each array and prints the table.</summary>
    /// <param name="unpruned">The file of the network that kept all its filters.</param>
    /// <param name="pruned">The file of the one that did not.</param>
    /// <param name="images">Images of the MNIST test set, for the 64 lanes of 32 columns on Verilator.</param>
    /// <param name="fewer">Images for the other arrays, on the compiled engine.</param>
    /// <returns>0; 1 when a value or a counter differs; 2 without the images.</returns>
    public static int Run(string unpruned, string pruned, int images, int fewer)
    {
        if (DataFolders.LoadIdx("mnist", train: false) is not { } all)
        {
            Console.Error.WriteLine($"mnist is in none of {string.Join(", ", DataFolders.Candidates())}");
            return 2;
        }
        QuantisedNetwork[] networks = [NetworkFile.Read(unpruned), NetworkFile.Read(pruned)];
        Console.WriteLine("| lanes × columns | network | images, engine | values compared | cycles an image | schedule bound | row activations | convolution cell operations | lane utilisation |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        bool equal = true;
        foreach ((int lanes, int columns) in s_arrays)
        {
            bool verilator = (lanes, columns) == s_arrays[^1];
            ArrayConfiguration array = Array(lanes, columns);
            ISimulationEngine engine = verilator ? new VerilatorEngine() : new CompiledEngine();
            GeneratedCore core = CoreGenerator.Generate(array);
            SimulationSource source = NetlistSource.Of(core.Design, core.Files, twins: true);
            var costs = new List<(double Cycles, double Bound, double Activations, double Cells)>();
            foreach (QuantisedNetwork network in networks)
            {
                MappedNetwork mapped = Mapper.Map(network, array);
                CosimulationReport report = new ParallelCosimulation(
                    network, mapped.Program, _ => new CoreDriver(engine.Start(source, new SimulationOptions { Seed = 1 }), array))
                { Cores = Environment.ProcessorCount }.Run(all.First(verilator ? images : fewer));
                equal &= report.IsEqual;
                long bound = mapped.Layers.Sum(layer => layer.ScheduleBound);
                long cells = mapped.Layers.Where(layer => layer.Kind.StartsWith("convolution", StringComparison.Ordinal)).Sum(layer => layer.CellOperations);
                double activations = (double)report.Counted.RowActivations / report.Images;
                double utilisation = mapped.Layers.Sum(layer => layer.CellOperations) / (report.CyclesPerImage * lanes * columns);
                costs.Add((report.CyclesPerImage, bound, activations, cells));
                Console.WriteLine(Invariant($"| {lanes} × {columns} | {network.Name} | {report.Images}, {engine.Name} | {report.Compared:N0}, {report.Mismatches} differ | {report.CyclesPerImage:N0} (predicted {report.PredictedPerImage:N0}) | {bound:N0} | {activations:N0} | {cells:N0} | {100 * utilisation:0.0} % |"));
            }
            Console.WriteLine(Invariant($"| {lanes} × {columns} | saved | | | {Saved(costs, c => c.Cycles)} | {Saved(costs, c => c.Bound)} | {Saved(costs, c => c.Activations)} | {Saved(costs, c => c.Cells)} | |"));
        }
        if (!equal)
            Console.Error.WriteLine("a value or a counter differs");
        return equal ? 0 : 1;
    }

    private static string Saved<T>(IReadOnlyList<T> costs, Func<T, double> part) => Invariant($"{100 * (1 - (part(costs[1]) / part(costs[0]))):0.0} %");

    // Cells for the largest layer's tiles, memories for 784 pixels of 8 planes and for 4-bit values of the dense layers.
    private static ArrayConfiguration Array(int lanes, int columns) => new(
        Invariant($"pruned{lanes}x{columns}"), 65536 / columns, columns, lanes, [RowOperation.And, RowOperation.Xor], OperandWords: 16384, LevelWords: 8192);
}
