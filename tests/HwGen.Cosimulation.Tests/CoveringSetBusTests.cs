using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using Xunit.Abstractions;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Configurations of the covering set with a bus: every layer over registers and streams against golden, from a host that is late at random; before each network a layer of another is aborted in its
/// middle, and every third begins with a reset. Ordinary tests run a slice; <c>HWGEN_FULL=1</c> all of them (docs/covering-set.md).
/// </summary>
public class CoveringSetBusTests(ITestOutputHelper output)
{
    private static bool IsFull => Environment.GetEnvironmentVariable("HWGEN_FULL") == "1";

    private static IEnumerable<int> All => Enumerable.Range(0, CoveringSet.Count);

    [Fact]
    public void Every_configuration_with_a_bus_computes_what_golden_says_on_the_compiled_engine() => Compare("compiled", IsFull ? All : [1, 8, 6], networks: IsFull ? 6 : 2);

    /// <summary>The layer that is aborted gathers windows, and those behind it do not: the gather once went on in them, in place of their operands.</summary>
    [Fact]
    public void What_an_aborted_layer_had_to_gather_does_not_go_on_in_others()
    {
        const int Index = 39, Seed = 39_706;
        var configuration = CoveringSet.OverBus(Index);
        configuration.PacksWindows.ShouldBeTrue();
        using var simulator = BusNetworkTests.Start(configuration, "compiled", Index);
        foreach (int? late in (int?[])[null, 396])
        {
            var random = new Random(Seed);
            var driver = new BusDriver(simulator, configuration, late);
            Abort(configuration, driver, random).ShouldBeTrue();
            NetworkCase.Draw(configuration, random, 12).Check(driver, "behind an abort").Compared.ShouldBeGreaterThan(100);
        }
    }

    [Fact]
    [Trait("Run", "full")]
    public void Configurations_with_a_bus_compute_what_golden_says_on_Verilator() => Compare("verilator", All.Where(i => i % 11 == 0), networks: 4);

    [Fact]
    [Trait("Run", "full")]
    public void Configurations_with_a_bus_compute_what_golden_says_on_Icarus() => Compare("icarus", [0, 6], networks: 1);

    private void Compare(string engine, IEnumerable<int> indices, int networks)
    {
        var (total, configurations) = (0L, 0);
        foreach (var index in indices)
        {
            var configuration = CoveringSet.OverBus(index);
            using var simulator = BusNetworkTests.Start(configuration, engine, index);
            var tally = new RandomNetworkTests.Tally();
            var (aborts, attempts) = (0, 0);
            BusDriver? driver = null;
            while (tally.Mapped < networks)
            {
                attempts.ShouldBeLessThan(200, FormattableString.Invariant($"configuration {index}: networks that fit"));
                var random = new Random((index * 1000) + 700 + attempts++);
                driver = driver is null || attempts % 3 == 0 ? new BusDriver(simulator, configuration, (index * 10) + attempts) : driver;
                aborts += Abort(configuration, driver, random) ? 1 : 0;
                tally.Run(configuration, () => driver, random, FormattableString.Invariant($"configuration {index} over the bus, network {attempts}"));
            }

            var measured = 0L;
            for (var i = 0; configuration.Similarity is not null && i < networks; i++)
            {
                if (SimilarityTests.Layer(new Random((index * 1000) + 900 + i), configuration) is { } layer)
                {
                    measured += layer.Check(driver!, new BusSimilarity(driver!, configuration), FormattableString.Invariant($"configuration {index} over the bus, layer {i}: {layer.Rule}, {layer.Distance}"));
                }
            }

            tally.Compared.ShouldBeGreaterThan(0);
            aborts.ShouldBeGreaterThan(0);
            total += tally.Compared + measured;
            configurations++;
            output.WriteLine(FormattableString.Invariant(
                $"| {index} | {configuration.Bus.ToString().ToLowerInvariant()} | {configuration.Rows} × {configuration.Columns} | {configuration.Lanes} | {CoveringSet.StorageOf(configuration)} | {CoveringSet.SimilarityOf(configuration)} | {tally.Mapped} | {aborts} | {tally.Compared:N0} | {measured:N0} |"));
        }

        configurations.ShouldBeGreaterThan(0);
        output.WriteLine(FormattableString.Invariant($"{engine}: {configurations} configurations with a bus, {total:N0} values compared, 0 differ"));
    }

    /// <summary>A layer that is aborted; what runs next does so without a reset. False where the network drawn does not fit, or was done before.</summary>
    private static bool Abort(ArrayConfiguration configuration, BusDriver driver, Random random)
    {
        if (BusNetworkTests.Map(RandomNetworks.Network(random), configuration) is not { } program)
        {
            return false;
        }

        var descriptor = program.Stages[0].Passes[0].Descriptor;
        driver.LoadProgram(new InstructionProgram(configuration).Layer(descriptor).End().Words);
        driver.Write("PROGRAM_ADDRESS", 0);
        driver.Command("START");
        for (var cycle = random.Next((int)Math.Min(300, descriptor.Cycles + 100)); cycle > 0; cycle--)
        {
            driver.Host.Step();
        }

        var runs = driver.Status("BUSY");
        driver.Command("ABORT");
        IllegalProgramTests.Idle(driver);
        driver.Host.Receive();
        driver.Write("INTERRUPT_PENDING", 3);
        return runs;
    }
}
