using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Golden;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cim.Tests;

/// <summary>Key stores against golden's table of keys: random writes, erasures at any time, resets.</summary>
public class KeyStoreTests
{
    private const int Groups = 3, Columns = 70, Lanes = 2, Entries = 5;

    public static TheoryData<KeyStoreKind, StorageKind, string> Stores => new()
    {
        { KeyStoreKind.Dense, StorageKind.FlipFlop, "compiled" },
        { KeyStoreKind.Dense, StorageKind.FlipFlop, "icarus" },
        { KeyStoreKind.Dense, StorageKind.Memory, "compiled" },
        { KeyStoreKind.Dense, StorageKind.Memory, "verilator" },
        { KeyStoreKind.Dense, StorageKind.Memory, "icarus" },
        { KeyStoreKind.Sparse, StorageKind.FlipFlop, "compiled" },
        { KeyStoreKind.Sparse, StorageKind.FlipFlop, "verilator" },
        { KeyStoreKind.Sparse, StorageKind.FlipFlop, "icarus" },
    };

    [Theory]
    [MemberData(nameof(Stores))]
    public void Keys_are_those_of_golden_from_the_cycle_after_zeroize_on(KeyStoreKind keys, StorageKind storage, string engine)
    {
        using var simulator = UnitSimulator.Start(Store(keys, storage), engine);
        KeysAreGoldens(simulator, Configuration(keys, storage)).ShouldBeGreaterThan(500);
    }

    /// <summary>Random writes, erasures and resets of a store; gives how many keys were compared.</summary>
    internal static int KeysAreGoldens(ISimulator simulator, ArrayConfiguration configuration)
    {
        var (keys, groups, columns, lanes) = (configuration.Keys, configuration.Groups, configuration.Columns, configuration.Lanes);
        var random = new Random(11);
        var golden = new KeyTable();
        var entries = new (int Row, int Column)?[configuration.KeyEntries];
        var stored = new bool[columns];
        int compared = 0, inverted = 0, erased = 0;
        simulator.Reset();
        for (var i = 0; i < 600; i++)
        {
            var (group, lane) = (random.Next(groups), random.Next(lanes));
            var (write, zeroize) = (random.Next(3) == 0, random.Next(60) == 0);
            var key = Enumerable.Range(0, columns).Select(_ => random.Next(2) == 1).ToArray();
            var (entry, column, present) = (random.Next(configuration.KeyEntries), random.Next(columns), random.Next(4) > 0);
            simulator.Poke("group", (ulong)group);
            simulator.Poke("lane", (ulong)lane);
            simulator.Poke("write", write ? 1UL : 0);
            simulator.Poke("zeroize", zeroize ? 1UL : 0);
            if (keys == KeyStoreKind.Dense)
            {
                simulator.Poke("data", UnitSimulator.Words(key));
            }
            else
            {
                simulator.Poke("entry", (ulong)entry);
                simulator.Poke("column", (ulong)column);
                simulator.Poke("present", present ? 1UL : 0);
            }

            var row = (group * lanes) + lane;
            if (write && simulator.Peek("busy") == 0)
            {
                if (keys == KeyStoreKind.Dense)
                {
                    golden.Write(row, key);
                }
                else
                {
                    entries[entry] = present ? (row, column) : null;
                    golden.Zeroize();
                    foreach (var (usedRow, usedColumn) in entries.OfType<(int, int)>())
                    {
                        golden.Add(usedRow, usedColumn);
                    }
                }
            }

            if (zeroize)
            {
                golden.Zeroize();
                Array.Clear(entries);
                erased++;
            }

            simulator.Step();
            if (!write)
            {
                for (var i2 = 0; i2 < lanes; i2++)
                {
                    var expected = golden.Decrypt((group * lanes) + i2, stored);
                    simulator.PeekWords(FormattableString.Invariant($"key_{i2}")).ShouldBe(UnitSimulator.Words(expected), $"step {i}, lane {i2}");
                    compared++;
                    inverted += expected.Count(bit => bit);
                }
            }

            if (random.Next(200) == 0)
            {
                simulator.Reset();
                golden.Zeroize();
                Array.Clear(entries);
            }
        }

        inverted.ShouldBeGreaterThan(50);
        erased.ShouldBeGreaterThan(2);
        return compared;
    }

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    [InlineData(KeyStoreKind.Dense, StorageKind.Memory)]
    [InlineData(KeyStoreKind.Sparse, StorageKind.FlipFlop)]
    public void Behind_zeroize_no_word_of_the_store_is_left(KeyStoreKind keys, StorageKind storage)
    {
        using var simulator = UnitSimulator.Start(Store(keys, storage), "compiled");
        NothingIsLeft(simulator, Configuration(keys, storage)).ShouldBeGreaterThan(0);
    }

    /// <summary>Fills a store, erases it and looks at its words; gives how many keys were compared.</summary>
    internal static int NothingIsLeft(ISimulator simulator, ArrayConfiguration configuration)
    {
        var (keys, storage, groups, columns, lanes, entries) = (configuration.Keys, configuration.Storage, configuration.Groups, configuration.Columns, configuration.Lanes, configuration.KeyEntries);
        simulator.Reset();
        while (simulator.Peek("busy") == 1)
        {
            simulator.Step();
        }

        simulator.Poke("write", 1);
        for (var i = 0; i < (keys == KeyStoreKind.Dense ? groups * lanes : entries); i++)
        {
            simulator.Poke("group", (ulong)(i % groups));
            simulator.Poke("lane", (ulong)(i / groups));
            if (keys == KeyStoreKind.Dense)
            {
                simulator.Poke("data", UnitSimulator.Words([.. Enumerable.Repeat(true, columns)]));
            }
            else
            {
                simulator.Poke("entry", (ulong)i);
                simulator.Poke("column", (ulong)(columns - 2));
                simulator.Poke("present", 1);
            }

            simulator.Step();
        }

        simulator.Poke("write", 0);
        simulator.Poke("zeroize", 1);
        simulator.Step();
        simulator.Poke("zeroize", 0);
        var cycles = 0;
        for (; simulator.Peek("busy") == 1; cycles++)
        {
            simulator.Step();
        }

        cycles.ShouldBe((keys == KeyStoreKind.Dense ? groups : entries) + 1);
        if (keys == KeyStoreKind.Dense)
        {
            // The words themselves, not what the ports say of them.
            for (var lane = 0; lane < lanes; lane++)
            {
                var memory = storage == StorageKind.Memory ? $"bank_{lane}.bank.cells" : $"bank_{lane}.rows";
                for (var group = 0; group < groups; group++)
                {
                    simulator.ReadMemory(memory, group, 1).ShouldAllBe(word => word == 0);
                }
            }
        }

        // One key makes the store valid again: no other comes back.
        simulator.Poke("write", 1);
        simulator.Poke("group", 0);
        simulator.Poke("lane", 0);
        if (keys == KeyStoreKind.Dense)
        {
            simulator.Poke("data", UnitSimulator.Words([.. Enumerable.Range(0, columns).Select(column => column == 0)]));
        }
        else
        {
            simulator.Poke("entry", 0);
            simulator.Poke("column", 0);
        }

        simulator.Step();
        simulator.Poke("write", 0);
        var ones = BigInteger.Zero;
        for (var group = 0; group < groups; group++)
        {
            simulator.Poke("group", (ulong)group);
            simulator.Step();
            for (var lane = 0; lane < lanes; lane++)
            {
                ones += simulator.PeekWords(FormattableString.Invariant($"key_{lane}")).Sum(word => BitOperations.PopCount(word));
            }
        }

        ones.ShouldBe(1);
        return groups * lanes;
    }

    /// <summary>The store of a configuration.</summary>
    internal static KeyStore Store(ArrayConfiguration configuration) => configuration.Keys == KeyStoreKind.Dense ? new DenseKeyStore(configuration) : new SparseKeyStore(configuration);

    private static KeyStore Store(KeyStoreKind keys, StorageKind storage) => Store(Configuration(keys, storage));

    private static ArrayConfiguration Configuration(KeyStoreKind keys, StorageKind storage) =>
        new("unit", Groups * Lanes, Columns, Lanes, ArrayConfiguration.AllOperations) { Storage = storage, Keys = keys, KeyEntries = Entries };
}
