using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Cim;
using HwGen.Cosimulation;
using HwGen.Cosimulation.Tests;
using HwGen.Mapping;
using HwGen.Simulation;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>Small cores that together have every block, and their vectors: random networks, resets in the middle of layers, layers of the similarity unit, programs.</summary>
internal static class Cores
{
    private const int Networks = 32, LayersAtOnce = 16;

    internal static ArrayConfiguration Plain { get; } = new(
        "unit", 12, 5, 4, ArrayConfiguration.AllOperations, OperandWords: 512, ResultWords: 128, InitialWords: 32, LargestFanIn: 256, InputBits: 8, WeightBits: 4, LevelWords: 256, MultiplierBits: 12);

    internal static ArrayConfiguration Encrypted { get; } = new(
        "unit", 12, 9, 3, [RowOperation.And, RowOperation.Xor], OperandWords: 512, ResultWords: 128, InitialWords: 16, LargestFanIn: 256, InputBits: 2, WeightBits: 4, LevelWords: 128, MultiplierBits: 0)
    {
        Storage = StorageKind.Memory,
        Keys = KeyStoreKind.Dense,
    };

    internal static ArrayConfiguration Macros { get; } = Plain with { Rows = 8, Lanes = 2, Macros = 3, Columns = 8, Storage = StorageKind.Memory, MemoryMacro = MemoryMacroKind.External, MultiplierBits = 0 };

    internal static ArrayConfiguration Windows { get; } = Macros with { WindowWords = 64 };

    internal static ArrayConfiguration Resistive { get; } = Encrypted with
    {
        Rows = 8,
        Columns = 6,
        Lanes = 2,
        RowOperations = ArrayConfiguration.AllOperations,
        Storage = StorageKind.Rram,
        SpareRows = 2,
        RowParity = RowParityKind.Even,
        Keys = KeyStoreKind.Sparse,
        KeyEntries = 4,
    };

    internal static ArrayConfiguration Similar { get; } = Encrypted with
    {
        Rows = 24,
        Columns = 6,
        Lanes = 4,
        Storage = StorageKind.FlipFlop,
        Keys = KeyStoreKind.None,
        WeightBits = 3,
        Similarity = new SimilarityConfiguration(11, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances),
    };

    internal static ArrayConfiguration AxiConfiguration { get; } = BusProgramTests.Small with { Name = "unit", OperandWords = 256, ResultWords = 128, LevelWords = 64, ProgramWords = 256 };

    internal static ArrayConfiguration WishboneConfiguration { get; } = BusProgramTests.Small with
    {
        Name = "unit",
        Rows = 6,
        Lanes = 2,
        Macros = 3,
        Columns = 36,
        OperandWords = 256,
        ResultWords = 128,
        LevelWords = 64,
        ProgramWords = 128,
        RowOperations = [RowOperation.And, RowOperation.Xor],
        Bus = BusKind.Wishbone,
    };

    /// <summary>What the cores are, in their order.</summary>
    public static IReadOnlyList<ArrayConfiguration> Configurations { get; } = [Plain, Encrypted, Macros, Resistive, Similar, AxiConfiguration, WishboneConfiguration, Windows];

    /// <summary>Seven cores of which faults are drawn, the quickest first.</summary>
    public static IReadOnlyList<Bench> Seven { get; } =
    [
        Core("plain", Plain), Core("encrypted", Encrypted), Core("macros", Macros), Core("resistive", Resistive), Core("similar", Similar), Bus("axi", AxiConfiguration), Bus("wishbone", WishboneConfiguration),
    ];

    /// <summary>A core with a window memory, of which those faults are drawn that no other core has.</summary>
    public static Bench WithWindows { get; } = Core("windows", Windows);

    /// <summary>All cores.</summary>
    public static IReadOnlyList<Bench> All { get; } = [.. Seven, WithWindows];

    private static Bench Core(string name, ArrayConfiguration configuration)
    {
        var cases = new Lazy<IReadOnlyList<NetworkCase>>(() => Draw(configuration, 17));
        return new Bench(name, isCore: true, () => CoreGenerator.Generate(configuration).Design, simulator => Run(simulator, configuration, cases.Value));
    }

    /// <summary>Networks that fit and are over soon.</summary>
    private static List<NetworkCase> Draw(ArrayConfiguration configuration, int seed)
    {
        var cases = new List<NetworkCase>();
        for (var i = 0; cases.Count < Networks && i < 3000; i++)
        {
            try
            {
                var drawn = NetworkCase.Draw(configuration, new Random((seed * 100_000) + i), 2);
                if (drawn.Mapping.Program.Cycles < 2000)
                {
                    cases.Add(drawn);
                }
            }
            catch (MappingException)
            {
                // Another one.
            }
        }

        return cases;
    }

    private static long Run(ISimulator simulator, ArrayConfiguration configuration, IReadOnlyList<NetworkCase> cases)
    {
        var noisy = new NoisySimulator(simulator, 7);
        var compared = 0L;
        for (var i = 0; configuration.Similarity is not null && i < 120; i++)
        {
            if (SimilarityTests.Layer(new Random(i), configuration) is { } layer)
            {
                compared += layer.Check(i % 2 == 0 ? simulator : noisy, FormattableString.Invariant($"similarity layer {i}"));
            }
        }

        // Few long filters behind a pass over their lengths, any threshold, and any number that must stay.
        for (var i = 0; configuration.Similarity is { HasEuclidean: true } unit && i < 80; i++)
        {
            var random = new Random(500 + i);
            if (SimilarityTests.Layer(random, configuration) is { } layer && layer.Rule != SimilarityRule.Quota)
            {
                layer = layer with { Distance = SimilarityDistance.Euclidean, MinimumAlive = random.Next(layer.Alive.Length + 1), Limit = random.Next(2) };
                layer = i % 4 == 0 ? layer with { FixedThreshold = layer.Statistic(0, 1) + random.Next(40) } : WithMargin(layer, random);
                compared += layer.Check(simulator, FormattableString.Invariant($"similarity layer {i} by roots"));
            }
        }

        for (var i = 0; i < cases.Count; i++)
        {
            var host = i % 4 < 2 ? simulator : noisy;
            if (i % 4 == 1)
            {
                CoveringSetTests.Interrupt(configuration, simulator, new Random(i));
            }

            compared += cases[i].Check(host, FormattableString.Invariant($"network {i}")).Compared;
            var driver = new CoreDriver(host, configuration);
            compared += RandomLayers.Check(driver, configuration, i, host == noisy ? 2 * LayersAtOnce : LayersAtOnce, host == noisy ? () => HostVectors.Reset(noisy) : null);
            if (configuration.Similarity is not null && SimilarityTests.Layer(new Random(200 + i), configuration) is { } behind)
            {
                // The descriptor is still there, whatever it is.
                compared += behind.Check(driver, new SimilarityDriver(host, configuration), FormattableString.Invariant($"similarity layer behind network {i}"));
            }
        }

        compared += HostVectors.RowsAreReadBack(noisy, configuration, 1) + HostVectors.OperandsAreReadBack(noisy, configuration, 2);
        compared += RandomLayers.CheckLoops(new CoreDriver(simulator, configuration), configuration);
        compared += RandomLayers.CheckFieldsBehindReset(simulator, configuration);
        if (configuration.Keys != KeyStoreKind.None)
        {
            compared += HostVectors.KeysAreErased(simulator, configuration, 3) + DecryptTests.Locked(simulator, configuration);
        }

        return compared + RandomLayers.CheckWaits(new CoreDriver(simulator, configuration), configuration, 4);
    }

    /// <summary>A layer whose threshold lies between 0 and the mean, by a mantissa of all of its bits.</summary>
    private static SimilarityCase WithMargin(SimilarityCase layer, Random random)
    {
        var statistics = Golden.SimilarityStatistics.Of(layer.Alive, layer.Statistic);
        var mean = (double)statistics.Sum / Math.Max(1, statistics.Pairs);
        var variance = ((double)statistics.Squares / Math.Max(1, statistics.Pairs)) - (mean * mean);
        var mantissa = random.Next(1, 1 << random.Next(1, 17));
        var exponent = variance <= 0 ? 12 : (int)Math.Clamp(Math.Round(Math.Log2(mantissa * variance / mean)) + random.Next(3), 0, 31);
        return layer with { FixedThreshold = null, Mantissa = mantissa, Exponent = exponent };
    }

    private static Bench Bus(string name, ArrayConfiguration configuration)
    {
        var cases = new Lazy<IReadOnlyList<NetworkCase>>(() => Draw(configuration, 17));
        return new Bench(
            name, isCore: true, () => CoreGenerator.Generate(configuration).Design,
            simulator => Programs(simulator, configuration),
            simulator => NetworksAndLayers(simulator, configuration, cases.Value));
    }

    private static long NetworksAndLayers(ISimulator simulator, ArrayConfiguration configuration, IReadOnlyList<NetworkCase> cases)
    {
        var compared = 0L;
        for (var i = 0; i < cases.Count; i++)
        {
            compared += cases[i].Check(simulator, FormattableString.Invariant($"network {i}")).Compared;
            compared += RandomLayers.Check(new BusDriver(simulator, configuration), configuration, i, LayersAtOnce);
        }

        compared += RandomLayers.Check(new BusDriver(simulator, configuration), configuration, 91, 60, wanted: RandomLayers.HasSegments);
        return compared + RandomLayers.CheckLoops(new BusDriver(simulator, configuration), configuration) + RandomLayers.CheckWaits(new BusDriver(simulator, configuration), configuration, 4);
    }

    private static long Programs(ISimulator simulator, ArrayConfiguration configuration)
    {
        long compared = BusProgramTests.Registers(simulator, configuration, 3000) + BusProgramTests.Interrupts(simulator, configuration);
        compared += IllegalProgramTests.LeftWords(simulator, configuration);
        compared += BusProgramTests.Operations(simulator, configuration, "own") + BusProgramTests.Operations(simulator, configuration, "all") + BusProgramTests.Operations(simulator, configuration, "instruction");
        if (configuration.Macros == 1)
        {
            IllegalProgramTests.Aborts(simulator, configuration);
        }

        // Each begins with a reset: what a program does not set is 0.
        var longest = 0L;
        for (var seed = 0; seed < 40; seed++)
        {
            compared += IllegalProgramTests.Programs(simulator, configuration, seed % 10 == 0 ? 60 : 5, [], ref longest, seed);
        }

        return compared;
    }
}
