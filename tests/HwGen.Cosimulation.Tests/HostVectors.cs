using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;

namespace HwGen.Cosimulation.Tests;

/// <summary>What the host of a core without a bus reads of it, beside results.</summary>
internal static class HostVectors
{
    /// <summary>Every row is read back as it was written, in any order; gives how many rows were compared.</summary>
    public static int RowsAreReadBack(ISimulator simulator, ArrayConfiguration configuration, int seed)
    {
        var random = new Random(seed);
        var driver = new CoreDriver(simulator, configuration);
        var rows = Enumerable.Range(0, configuration.TotalRows).Select(row => new RowImage(
            row / configuration.TotalLanes, row % configuration.TotalLanes, configuration.RowOperations[random.Next(configuration.RowOperations.Count)], [Word(configuration, random)])).ToList();
        driver.LoadRows(rows);
        foreach (var row in rows.Concat(rows).OrderBy(_ => random.Next()))
        {
            driver.ReadRow(row.Group, row.Lane).ShouldBe([.. row.Bits], FormattableString.Invariant($"row {row.Group}, lane {row.Lane}"));
        }

        return 2 * rows.Count;
    }

    /// <summary>Operand words are read back as they were written, each alone; gives how many.</summary>
    public static int OperandsAreReadBack(ISimulator simulator, ArrayConfiguration configuration, int seed)
    {
        var random = new Random(seed);
        var driver = new CoreDriver(simulator, configuration);
        ulong[] words = [.. Enumerable.Range(0, configuration.OperandWords).Select(_ => Word(configuration, random))];
        driver.WriteOperands(0, words);
        for (var i = 0; i < configuration.OperandWords; i++)
        {
            var (address, word) = (random.Next(configuration.OperandWords), Word(configuration, random));
            driver.WriteOperands(address, [word]);
            words[address] = word;
            var read = random.Next(configuration.OperandWords);
            driver.ReadOperands(read, 1).ShouldBe([words[read]], FormattableString.Invariant($"operand {read}"));
        }

        driver.ReadOperands(0, words.Length).ShouldBe(words);
        return 2 * words.Length;
    }

    /// <summary>Resets a core, and waits until nothing in it is busy.</summary>
    public static void Reset(ISimulator simulator)
    {
        simulator.Reset();
        foreach (var busy in new[] { "row_busy", "key_busy" }.Where(name => simulator.Interface.Ports.Any(port => port.Name == name)))
        {
            simulator.RunUntil(busy, 0, 10_000).Reached.ShouldBeTrue(busy);
        }
    }

    /// <summary>Encrypted rows are decrypted with their keys, and behind an erasure with zeros; gives how many words were compared.</summary>
    public static long KeysAreErased(ISimulator simulator, ArrayConfiguration configuration, int seed)
    {
        var random = new Random(seed);
        var driver = new CoreDriver(simulator, configuration);
        // A sparse store keeps an entry that is not present.
        RowImage[] rows = [.. Enumerable.Range(0, configuration.TotalRows).Select(row => new RowImage(
            row / configuration.TotalLanes, row % configuration.TotalLanes, RowOperation.Xor, [Word(configuration, random)])
        {
            Key = [configuration.Keys == KeyStoreKind.Dense ? Word(configuration, random) : row < configuration.KeyEntries - 1 ? 1UL << random.Next(configuration.Columns) : 0],
        })];
        driver.LoadRows(rows);
        var compared = RandomLayers.Check(new LoadedCore(driver), configuration, seed, 12, rows: rows);
        simulator.Poke("zeroize", 1);
        simulator.Step();
        simulator.Poke("zeroize", 0);
        return compared + RandomLayers.Check(new LoadedCore(driver), configuration, seed + 1, 12, rows: [.. rows.Select(row => row with { Key = [] })]);
    }

    private static ulong Word(ArrayConfiguration configuration, Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & BitWords.TopMask(configuration.Columns);
}

/// <summary>A core whose rows are there already.</summary>
internal sealed class LoadedCore(CoreDriver core) : ICoreModel
{
    public void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels)
    {
        core.LoadInitials(initials);
        core.LoadLevels(levels);
    }

    public void WriteOperands(int address, ReadOnlySpan<ulong> words) => core.WriteOperands(address, words);

    public ulong[] ReadOperands(int address, int count) => core.ReadOperands(address, count);

    public long[] ReadResults(int address, int count) => core.ReadResults(address, count);

    public CoreCounters? Run(LayerDescriptor descriptor) => core.Run(descriptor);

    public void Dispose() => core.Dispose();
}
