using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;
using HwGen.Tools;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Every configuration of the covering set generates, is clean for the tools, and computes what golden says, with random power-up values and resets in the middle of layers. Ordinary tests run a
/// slice; <c>HWGEN_FULL=1</c> runs the whole set (docs/covering-set.md).
/// </summary>
public class CoveringSetTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static bool IsFull => Environment.GetEnvironmentVariable("HWGEN_FULL") == "1";

    [Fact]
    public void The_set_covers_every_feature_with_every_other()
    {
        var set = Enumerable.Range(0, CoveringSet.Count).Select(CoveringSet.At).ToList();
        set.Count.ShouldBeGreaterThanOrEqualTo(60);
        string[][] Values(Func<ArrayConfiguration, string> left, Func<ArrayConfiguration, string> right) => [.. set.Select(c => (string[])[left(c), right(c)])];
        Func<ArrayConfiguration, string> storage = CoveringSet.StorageOf, keys = c => $"{c.Keys}", similarity = CoveringSet.SimilarityOf, operations = CoveringSet.OperationsOf,
            requantises = c => c.MultiplierBits > 0 ? "requantises" : "does not", lanes = c => c.Lanes == 1 ? "one lane" : c.Groups == 1 ? "all rows" : "some rows";
        Func<ArrayConfiguration, string>[] features = [storage, keys, similarity, operations, requantises, lanes, CoveringSet.SkippingOf, CoveringSet.WindowsOf];
        for (var i = 0; i < features.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var pairs = Values(features[i], features[j]).Select(p => string.Join(" with ", p)).Distinct().ToList();
                var all = from left in set.Select(features[i]).Distinct() from right in set.Select(features[j]).Distinct() select $"{left} with {right}";
                all.Except(pairs).ShouldBeEmpty();
            }
        }

        set.Select(c => c.Columns).Distinct().Order().ShouldBe([4, 5, 8, 9, 16, 17, 31, 32, 33, 64, 65, 70, 128, 256, 512, 1024]);
        set.Select(c => c.Macros).Distinct().Order().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Every_configuration_computes_what_golden_says_on_the_compiled_engine() => Compare("compiled", IsFull ? Enumerable.Range(0, CoveringSet.Count) : [4, 17, 23, 38], networks: IsFull ? 40 : 4);

    [Fact]
    [Trait("Run", "full")]
    public void Configurations_compute_what_golden_says_on_Verilator() => Compare("verilator", Enumerable.Range(0, 12).Select(i => (i * 16 / 3) + (i % 2)), networks: 20);

    [Fact]
    [Trait("Run", "full")]
    public void Configurations_compute_what_golden_says_on_Icarus() => Compare("icarus", [0, 6, 17, 19, 32, 35], networks: 2);

    [Fact]
    public void Every_configuration_is_clean_for_the_tools()
    {
        var checkedCount = 0;
        foreach (var index in IsFull ? Enumerable.Range(0, CoveringSet.Count) : [19, 41])
        {
            Lint(CoreGenerator.Generate(CoveringSet.At(index)));
            checkedCount++;
        }

        output.WriteLine(FormattableString.Invariant($"{checkedCount} configurations: no finding of verilator --lint-only -Wall (files for synthesis, files for simulation) and iverilog -Wall; yosys reads and checks them"));
        checkedCount.ShouldBe(IsFull ? CoveringSet.Count : 2);
    }

    private void Compare(string engine, IEnumerable<int> indices, int networks)
    {
        long total = 0;
        foreach (var index in indices)
        {
            var configuration = CoveringSet.At(index);
            var core = CoreGenerator.Generate(configuration);
            var options = new SimulationOptions { Seed = index + 1 };
            using ISimulator simulator = engine switch
            {
                "compiled" => new CompiledEngine().Start(NetlistSource.Of(core.Design), options),
                "verilator" => new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(NetlistSource.Of(core.Design, core.Files), options),
                _ => new IcarusEngine().Start(NetlistSource.Of(core.Design, core.Files, twins: false), options),
            };
            var tally = new RandomNetworkTests.Tally();
            var (resets, attempts, measured) = (0, 0, 0L);
            while (tally.Mapped < networks)
            {
                attempts.ShouldBeLessThan(400, FormattableString.Invariant($"configuration {index}: networks that fit"));
                var random = new Random((index * 1000) + attempts++);
                resets += Interrupt(configuration, simulator, random) ? 1 : 0;
                tally.Run(configuration, simulator, random, FormattableString.Invariant($"configuration {index}, network {attempts}"));
            }

            for (var i = 0; configuration.Similarity is not null && i < networks; i++)
            {
                var random = new Random((index * 1000) + 500 + i);
                if (SimilarityTests.Layer(random, configuration) is { } layer)
                {
                    measured += layer.Check(simulator, FormattableString.Invariant($"configuration {index}, layer {i}: {layer.Rule}, {layer.Distance}"));
                }
            }

            tally.Compared.ShouldBeGreaterThan(0);
            resets.ShouldBeGreaterThan(0);
            total += tally.Compared + measured;
            output.WriteLine(FormattableString.Invariant(
                $"| {index} | {configuration.Rows} × {configuration.Columns} | {configuration.Lanes} | {configuration.Macros} | {CoveringSet.StorageOf(configuration)} | {configuration.Keys.ToString().ToLowerInvariant()} | {CoveringSet.SimilarityOf(configuration)} | {CoveringSet.OperationsOf(configuration)} | {CoveringSet.SkippingOf(configuration)} | {CoveringSet.WindowsOf(configuration)} | {tally.Mapped} | {resets} | {tally.Compared:N0} | {measured:N0} |"));
        }

        output.WriteLine(FormattableString.Invariant($"{engine}: {total:N0} values compared, 0 differ"));
    }

    /// <summary>A layer that is left in its middle: the run that follows begins with a reset. False where the network drawn does not fit.</summary>
    internal static bool Interrupt(ArrayConfiguration configuration, ISimulator simulator, Random random)
    {
        MappedNetwork mapping;
        try
        {
            mapping = Mapper.Map(RandomNetworks.Network(random), configuration);
        }
        catch (MappingException)
        {
            return false;
        }

        var descriptor = mapping.Program.Stages[0].Passes[0].Descriptor;
        var driver = new CoreDriver(simulator, configuration);
        driver.LoadRows(mapping.Program.Stages[0].Passes[0].Rows);
        for (var field = 0; field < descriptor.Values.Length; field++)
        {
            simulator.Poke("descriptor_write", 1);
            simulator.Poke("descriptor_address", (ulong)field);
            simulator.Poke("descriptor_data", (uint)descriptor.Values[field]);
            simulator.Step();
        }

        simulator.Poke("descriptor_write", 0);
        simulator.Poke("start", 1);
        simulator.Step();
        simulator.Poke("start", 0);
        for (var cycle = random.Next((int)Math.Min(200, Math.Max(1, descriptor.Cycles - 2))); cycle > 0; cycle--)
        {
            simulator.Step();
        }

        return simulator.Peek("busy") == 1;
    }

    private static void Lint(GeneratedCore core)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-set-").FullName;
        try
        {
            foreach (var (path, text) in CoreFiles.Of(core))
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            void Run(string program, params string[] arguments)
            {
                var result = OutsideProgram.Run(new ProgramRequest(program, arguments) { WorkingDirectory = folder, TimeLimit = TimeSpan.FromMinutes(4) });
                (result.Output + result.Error).ShouldBeEmpty(core.TopModule + ", " + program + " " + string.Join(' ', arguments));
                result.ExitCode.ShouldBe(0);
            }

            foreach (var list in (string[])[CoreFiles.SynthesisList, CoreFiles.SimulationList])
            {
                Run("verilator", "--lint-only", "-Wall", "--top-module", core.TopModule, "-f", list);
            }

            Run("iverilog", "-g2005", "-Wall", "-t", "null", "-s", core.TopModule, "-f", CoreFiles.SynthesisList);
            Run("yosys", "-q", "-p", $"read_verilog {File.ReadAllText(Path.Combine(folder, CoreFiles.SynthesisList)).ReplaceLineEndings(" ")}; hierarchy -check -top {core.TopModule}; proc; check -assert");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
