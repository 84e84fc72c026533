using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cosimulation.Tests;

/// <summary>Whole networks whose rows are stored encrypted: the right key gives golden's values in the cycles of the plain core, a wrong key gives others.</summary>
public class DecryptTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Theory]
    [InlineData(KeyStoreKind.Dense)]
    [InlineData(KeyStoreKind.Sparse)]
    public void Random_networks_with_encrypted_rows_equal_golden_and_a_wrong_key_does_not(KeyStoreKind keys)
    {
        long compared = 0;
        int mapped = 0, reloaded = 0, wrong = 0;
        for (var seed = 1000; mapped < 14; seed++)
        {
            var random = new Random(seed);
            var configuration = RandomNetworks.Array(random) with { Macros = 1, Keys = keys, KeyEntries = 24, OperandSkipping = false };
            var network = RandomNetworks.Network(random);
            if (TryMap(network, configuration) is not { } program || program.Rows.Length + program.Stages.Sum(stage => stage.Passes.Sum(pass => pass.Rows.Length)) < 8)
            {
                // Of a row or two, most bits meet no input.
                continue;
            }

            mapped++;
            reloaded += program.RowLoads > 0 ? 1 : 0;
            var encrypted = RowEncryption.Encrypt(program, seed);
            var images = RandomNetworks.Images(random, network, 4);
            var source = NetlistSource.Of(CoreGenerator.Generate(configuration).Design);
            var report = Run(encrypted);
            report.FirstMismatches.ShouldBeEmpty($"seed {seed}, {configuration}");
            report.IsEqual.ShouldBeTrue($"seed {seed}");
            compared += report.Compared;

            // The rows as they are stored, and the key of another network.
            var other = RowEncryption.Encrypt(program, seed + 1);
            wrong += Run(WithKeysOf(encrypted, other)).IsEqual ? 0 : 1;
            Run(WithKeysOf(encrypted, null)).Layers.Select(l => l.Counted).ShouldBe(report.Layers.Select(l => l.Counted));

            CosimulationReport Run(CoreProgram what) =>
                new NetworkCosimulation(network, what, new CompiledEngine().Start(source, new SimulationOptions { Seed = seed })).Run(images);
        }

        output.WriteLine(FormattableString.Invariant($"{mapped} networks with {keys} keys, {reloaded} reloaded: {compared} values compared; with the wrong key {wrong} of {mapped} give other values"));
        compared.ShouldBeGreaterThan(500);
        reloaded.ShouldBeGreaterThan(0);
        // A few key bits of a sparse store may meet bits that no output depends on; a key for every bit may not.
        wrong.ShouldBeGreaterThanOrEqualTo(keys == KeyStoreKind.Dense ? mapped - 1 : mapped / 3);
    }

    [Theory]
    [InlineData(KeyStoreKind.Dense, "verilator")]
    [InlineData(KeyStoreKind.Sparse, "icarus")]
    public void An_encrypted_network_equals_golden_on_the_emitted_Verilog(KeyStoreKind keys, string engine)
    {
        for (var seed = 2000; ; seed++)
        {
            var random = new Random(seed);
            var configuration = RandomNetworks.Array(random) with { Macros = 1, Keys = keys, Storage = StorageKind.Memory };
            var network = RandomNetworks.Network(random);
            if (configuration.Groups < 2 || configuration.Lanes is < 2 or > 8 || TryMap(network, configuration) is not { Cycles: < 3000 } program)
            {
                continue;
            }

            var core = CoreGenerator.Generate(configuration);
            using var simulator = engine == "verilator"
                ? new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(NetlistSource.Of(core.Design, core.Files), new SimulationOptions { Seed = 3 })
                : new IcarusEngine().Start(NetlistSource.Of(core.Design, core.Files, twins: false), new SimulationOptions { Seed = 3 });
            var report = new NetworkCosimulation(network, RowEncryption.Encrypt(program, 5), simulator).Run(RandomNetworks.Images(random, network, 1));
            report.IsEqual.ShouldBeTrue();
            report.Compared.ShouldBeGreaterThan(0);
            return;
        }
    }

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    [InlineData(KeyStoreKind.Dense, StorageKind.Memory)]
    [InlineData(KeyStoreKind.Sparse, StorageKind.Memory)]
    public void What_is_read_back_is_ciphertext_and_the_lock_ends_it_until_reset(KeyStoreKind keys, StorageKind storage)
    {
        var configuration = new ArrayConfiguration("lock", 8, 8, 2, ArrayConfiguration.AllOperations, OperandWords: 16, ResultWords: 4, InitialWords: 4, LargestFanIn: 64, InputBits: 1, WeightBits: 1, LevelWords: 4) { Keys = keys, Storage = storage };
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(CoreGenerator.Generate(configuration).Design), new SimulationOptions { Seed = 4 });
        Locked(simulator, configuration).ShouldBe(8);
    }

    /// <summary>Reads a row, locks the core and resets it; gives how many values were compared.</summary>
    internal static int Locked(ISimulator simulator, ArrayConfiguration configuration)
    {
        var driver = new CoreDriver(simulator, configuration);
        RowImage Row(byte bits, byte key) => new(configuration.Groups - 1, 1, RowOperation.And, [bits]) { Key = [key] };
        driver.LoadRows([Row(0x1a, 0x0b)]);
        driver.ReadRow(configuration.Groups - 1, 1).ShouldBe([0x1a]);

        simulator.Poke("lock", 1);
        simulator.Step();
        simulator.Poke("lock", 0);
        simulator.Peek("locked").ShouldBe(1UL);
        driver.ReadRow(configuration.Groups - 1, 1).ShouldBe([0UL]);
        driver.LoadRows([Row(0x3f, 0x07)]);
        simulator.Peek("locked").ShouldBe(1UL);

        // Reset ends the lock, and the keys with it; the ciphertext is what it was before the lock.
        simulator.Reset();
        simulator.Peek("locked").ShouldBe(0UL);
        driver.ReadRow(configuration.Groups - 1, 1).ShouldBe([0x1a]);
        return 8;
    }

    private static CoreProgram? TryMap(Networks.QuantisedNetwork network, ArrayConfiguration configuration)
    {
        try
        {
            return Mapper.Map(network, configuration).Program;
        }
        catch (MappingException)
        {
            return null;
        }
    }

    /// <summary>The ciphertext of one program with the keys of another, or with none.</summary>
    private static CoreProgram WithKeysOf(CoreProgram program, CoreProgram? keys)
    {
        return program with
        {
            Rows = Rows(program.Rows, keys?.Rows),
            Stages = [.. program.Stages.Select((stage, s) => stage with { Passes = [.. stage.Passes.Select((pass, p) => pass with { Rows = Rows(pass.Rows, keys?.Stages[s].Passes[p].Rows) })] })],
        };

        static ImmutableArray<RowImage> Rows(ImmutableArray<RowImage> rows, ImmutableArray<RowImage>? keys) =>
            [.. rows.Select((row, i) => row with { Key = keys?[i].Key ?? [] })];
    }
}
