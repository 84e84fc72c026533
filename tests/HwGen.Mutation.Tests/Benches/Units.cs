using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;
using HwGen.Cim;
using HwGen.Cim.Tests;
using HwGen.Netlist;
using HwGen.Simulation;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>Blocks of the cores by themselves, and the vectors of their own tests.</summary>
internal static class Units
{
    public static IReadOnlyList<Bench> All { get; } =
    [
        Keys("dense keys", Cores.Encrypted), Keys("sparse keys", Cores.Resistive), Rram(Cores.Resistive), Similarity(Cores.Similar),
        new("planes that leave at once", isCore: false, () => Design.Elaborate(new PlaneJoin(Cores.Plain.WeightBits, Cores.Plain.AccumulatorBits), "unit_"), simulator => BlockTests.JoinedPlanes(simulator, Cores.Plain.WeightBits, Cores.Plain.AccumulatorBits)),
        Registers("registers of AXI4-Lite", Cores.AxiConfiguration), Registers("registers of Wishbone", Cores.WishboneConfiguration),
        Gather(Cores.Windows), Rows("rows in a memory", Cores.Encrypted), Rows("rows in a macro", Cores.Macros), Rows("rows in registers", Cores.Similar),
        Unit("sums", new SumTree(Cores.Similar.Lanes, 2 * new SimilarityWidths(Cores.Similar).StatisticBits), simulator => SmallBlockVectors.Sums(simulator, Cores.Similar.Lanes, 2 * new SimilarityWidths(Cores.Similar).StatisticBits)),
        Unit("lowest counts", new LowestCounts(Cores.Similar.Similarity!.Filters), simulator => SmallBlockVectors.LowestCounts(simulator, Cores.Similar.Similarity!.Filters)),
        Unit("joined macros", new MacroJoin(Cores.Macros), simulator => SmallBlockVectors.Joins(simulator, Cores.Macros)),
        Unit("window memory", new WindowMemory(Cores.Windows), simulator => SmallBlockVectors.Windows(simulator, Cores.Windows)),
        .. OfEach("packer", configuration => new PlanePacker(configuration), (simulator, configuration) => new PlanePackerVectors(simulator, configuration).Run(100)),
        .. OfEach("results", configuration => new ResultUnit(configuration), (simulator, configuration) => new ResultUnitVectors(simulator, configuration).Run(100)),
        .. OfEach("values", configuration => new ValueUnit(configuration), (simulator, configuration) => new ValueUnitVectors(simulator, configuration).Run(300)),
        new("programmer", isCore: false, () => Design.Elaborate(new RramProgrammer(Cores.Resistive.StoredBits, Cores.Resistive.SetRetries), "unit_"), simulator => RramTests.Programmed(simulator, Cores.Resistive.StoredBits, Cores.Resistive.SetRetries)),
    ];

    private static Bench Unit(string name, Module block, Func<ISimulator, long> vectors, ClockDomain? clock = null) => new(name, isCore: false, () => Design.Elaborate(block, "unit_", clock), vectors);

    /// <summary>A block of each core, on the clock of that core.</summary>
    private static IEnumerable<Bench> OfEach(string name, Func<ArrayConfiguration, Module> block, Func<ISimulator, ArrayConfiguration, long> vectors) =>
        Cores.Configurations.Select((configuration, i) => Unit(FormattableString.Invariant($"{name} {i}"), block(configuration), simulator => vectors(simulator, configuration), configuration.HasBus ? BusCore.Clock : null));

    private static Bench Gather(ArrayConfiguration configuration) => new("gather", isCore: false, () => Design.Elaborate(new WindowGather(configuration), "unit_"), simulator =>
    {
        foreach (var input in (string[])["start", "take", "enable"])
        {
            simulator.Poke(input, 0);
        }

        simulator.Reset();
        var random = new Random(3);
        return Enumerable.Range(0, 40).Sum(layer => WindowBlockTests.Gather(simulator, configuration, random, FormattableString.Invariant($"layer {layer}")));
    });

    private static Bench Registers(string name, ArrayConfiguration configuration) => new(
        name, isCore: false, () => Design.Elaborate(new RegisterFile(RegisterMap.Of(configuration)), "unit_", BusCore.Clock), simulator => RegisterFileTests.Reads(simulator, RegisterMap.Of(configuration)));

    private static Bench Rows(string name, ArrayConfiguration configuration)
    {
        var operations = configuration.RowOperations.Count > 1;
        var isMemory = configuration.Storage == StorageKind.Memory;
        RowStorage Storage() => isMemory
            ? new RowMemory(configuration.Columns, configuration.Groups, operations, configuration.MemoryMacro == MemoryMacroKind.External) : new RowCells(configuration.Columns, configuration.Groups, operations);
        return new(
            name, isCore: false, () => Design.Elaborate(Storage(), "unit_"), simulator => StorageTests.ReadAndWritten(simulator, configuration.Columns, configuration.Groups, stays: isMemory, operations));
    }

    private static Bench Keys(string name, ArrayConfiguration configuration) => new(
        name, isCore: false, () => Design.Elaborate(KeyStoreTests.Store(configuration), "unit_"),
        simulator => KeyStoreTests.KeysAreGoldens(simulator, configuration) + KeyStoreTests.NothingIsLeft(simulator, configuration));

    private static Bench Rram(ArrayConfiguration configuration) => new(
        "rram", isCore: false, () => Design.Elaborate(new RramArray(configuration), "unit_"), simulator => Repaired(simulator, configuration));

    private static long Repaired(ISimulator simulator, ArrayConfiguration configuration)
    {
        long compared = RramTests.LastBackground(new RramBench(configuration, simulator), configuration) + RramTests.CyclesOfSelfTest(new RramBench(configuration, simulator), configuration);
        for (var seed = 0; seed < 24; seed++)
        {
            compared += RramTests.RepairedAsGolden(new RramBench(configuration, simulator), configuration, seed, 30).Compared;
            compared += RramTests.Scrubbed(new RramBench(configuration, simulator), configuration, seed % configuration.Rows, seed % configuration.Columns);
        }

        return compared;
    }

    private static Bench Similarity(ArrayConfiguration configuration)
    {
        var vectors = new SimilarityBlockVectors(configuration);
        return new Bench("similarity blocks", isCore: false, () => Design.Elaborate(vectors.Blocks(), "unit_"), simulator => vectors.Run(simulator, 1000));
    }
}
