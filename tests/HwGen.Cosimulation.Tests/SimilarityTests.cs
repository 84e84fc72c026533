using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// The similarity unit against golden: distances, masks and cycles of random layers on random arrays, by every rule and distance, with
/// random power-up values. <c>HWGEN_FULL=1</c> draws many more.
/// </summary>
public class SimilarityTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Random_layers_on_random_arrays_have_goldens_distances_masks_and_cycles()
    {
        var count = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 2000 : 30;
        var (cores, cases, compared, pruned) = (0, 0, 0L, 0);
        var reached = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var configuration = Array(random);
            var core = CoreGenerator.Generate(configuration);
            using var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = seed + 1 });
            cores++;
            for (var layer = 0; layer < 4; layer++)
            {
                if (Layer(random, configuration) is not { } drawn)
                {
                    continue;
                }

                compared += drawn.Check(simulator, FormattableString.Invariant($"seed {seed}, layer {layer}: {drawn.Weights.Length} filters of {drawn.Weights[0].Length} weights of {drawn.Bits} bits, {drawn.Rule}, {drawn.Distance}, {configuration}"));
                cases++;
                var (goes, over) = drawn.Expected();
                pruned += goes.Count(g => g);
                Count($"{drawn.Rule} {drawn.Distance}");
                Count(drawn.Placement!.Folds > 0 ? "folded" : drawn.Placement.Tiles > 1 ? "several tiles" : "one tile");
                Count(drawn.FixedThreshold is null ? "statistics" : "fixed threshold");
                Count(over > goes.Count(g => g) ? "spared" : "not spared");
            }
        }

        void Count(string what) => reached[what] = reached.GetValueOrDefault(what) + 1;
        output.WriteLine(FormattableString.Invariant($"{cases} layers on {cores} cores: {compared} values compared, {pruned} filters pruned; {string.Join(", ", reached.Select(r => $"{r.Key} {r.Value}"))}"));
        compared.ShouldBeGreaterThan(count * 10);
        pruned.ShouldBeGreaterThan(count / 2);
        reached.Count.ShouldBe(16);
    }

    [Theory]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void Random_layers_have_goldens_distances_masks_and_cycles_on_other_engines_too(string engine)
    {
        var random = new Random(11);
        var configuration = Array(random) with
        {
            Rows = 128,
            Columns = 8,
            Lanes = 8,
            WeightBits = 3,
            Similarity = new SimilarityConfiguration(20, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances),
        };
        var core = CoreGenerator.Generate(configuration);
        using ISimulator simulator = engine == "verilator"
            ? new VerilatorEngine().Start(NetlistSource.Of(core.Design, core.Files), new SimulationOptions { Seed = 3 })
            : new IcarusEngine().Start(NetlistSource.Of(core.Design, core.Files, twins: false), new SimulationOptions { Seed = 3 });
        var (cases, compared) = (0, 0);
        while (cases < (engine == "icarus" ? 3 : 60))
        {
            if (Layer(random, configuration) is { } layer)
            {
                compared += layer.Check(simulator, FormattableString.Invariant($"layer {cases}, {layer.Rule}, {layer.Distance}"));
                cases++;
            }
        }

        output.WriteLine(FormattableString.Invariant($"{engine}: {cases} layers, {compared} values compared"));
        compared.ShouldBeGreaterThan(cases * 5);
    }

    [Theory]
    [InlineData(SimilarityRule.Paper, 1, 1)]
    [InlineData(SimilarityRule.Paper, 0, 0)]
    [InlineData(SimilarityRule.Paper, 15, 15)]
    [InlineData(SimilarityRule.KeepOne, 1, null)]
    public void The_strict_rule_collapses_random_filters_of_nine_bits(SimilarityRule rule, int minimumAlive, int? left)
    {
        // b = 0.146 ≈ 38273·2^−18 and c = 0.15: ⌊0.15·31⌋ = 4.
        var random = new Random(9);
        var weights = Enumerable.Range(0, 32).Select(_ => Enumerable.Range(0, 9).Select(_ => (random.Next(2) * 2) - 1).ToArray()).ToArray();
        var configuration = new ArrayConfiguration(
            "collapse", 32, 9, 32, ArrayConfiguration.AllOperations)
        {
            Similarity = new SimilarityConfiguration(32, 2, SimilarityConfiguration.AllRules, SimilarityConfiguration.DefaultDistances),
        };
        var layer = new SimilarityCase(
            configuration, weights, 1, [.. Enumerable.Repeat(true, 32)], SimilarityDistance.Hamming, rule, 38273, 18, 4, minimumAlive, 1, null);
        var core = CoreGenerator.Generate(configuration);
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = 1 });
        layer.Check(simulator, rule.ToString()).ShouldBe((32 * 31 / 2) + 32);
        var (goes, over) = layer.Expected();
        output.WriteLine(FormattableString.Invariant($"{rule}, at least {minimumAlive}: {over} of 32 over the limit, {32 - goes.Count(g => g)} left"));
        over.ShouldBe(32);
        (32 - goes.Count(g => g)).ShouldBe(left ?? (32 - goes.Count(g => g)));
        if (rule == SimilarityRule.KeepOne)
        {
            (32 - goes.Count(g => g)).ShouldBeInRange(2, 16);
        }
    }

    private static ArrayConfiguration Array(Random random)
    {
        var lanes = random.Next(4) == 0 ? random.Next(1, 20) : 1 << random.Next(0, 6);
        var groups = random.Next(3) == 0 ? 1 : random.Next(1, 24);
        SimilarityRule[] rules = [.. SimilarityConfiguration.AllRules.Where(_ => random.Next(4) > 0)];
        SimilarityDistance[] distances = [.. SimilarityConfiguration.AllDistances.Where(_ => random.Next(3) > 0)];
        return new ArrayConfiguration(
            "similar", groups * lanes, random.Next(4, 40), lanes, ArrayConfiguration.AllOperations, OperandWords: 16, ResultWords: 16, InitialWords: 16, LargestFanIn: 16,
            InputBits: random.Next(1, 4), WeightBits: random.Next(1, 5), LevelWords: 16)
        {
            Storage = random.Next(2) == 0 ? StorageKind.FlipFlop : StorageKind.Memory,
            Similarity = new SimilarityConfiguration(
                random.Next(2, 70), 1 << random.Next(1, 7), rules.Length == 0 ? SimilarityConfiguration.AllRules : rules, distances.Length == 0 ? SimilarityConfiguration.AllDistances : distances),
        };
    }

    /// <summary>A layer that fits; null where what was drawn does not.</summary>
    internal static SimilarityCase? Layer(Random random, ArrayConfiguration configuration)
    {
        var unit = configuration.Similarity!;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var bits = random.Next(1, configuration.WeightBits + 1);
            var filters = Math.Min(random.Next(2, Math.Min(unit.Filters, 40) + 1), unit.Filters);
            var fanIn = random.Next(1, 3) * random.Next(1, 30);
            var distance = unit.Distances[random.Next(unit.Distances.Count)];
            var alike = random.Next(1, 8);
            var weights = new int[filters][];
            for (var filter = 0; filter < filters; filter++)
            {
                // Clusters: some weights of an earlier filter, some of its own.
                var near = filter == 0 || random.Next(3) == 0 ? null : weights[random.Next(filter)];
                weights[filter] = [.. Enumerable.Range(0, fanIn).Select(i => near is not null && random.Next(alike) > 0 ? near[i] : Weight(random, bits))];
            }

            var drawn = new SimilarityCase(
                configuration, weights, bits, [.. Enumerable.Range(0, filters).Select(_ => random.Next(8) > 0)], distance, unit.Rules[random.Next(unit.Rules.Count)],
                random.Next(5) == 0 ? 0 : random.Next(32768, 65536), random.Next(12, 24), random.Next(0, Math.Max(1, filters / 3)), random.Next(0, Math.Min(filters, 6)),
                random.Next(1, Math.Min(5, filters + 1)), random.Next(4) == 0 ? random.Next(0, fanIn) : null);
            if (drawn.Placement is not null && (!unit.HasStatistics || drawn.Rule != SimilarityRule.Quota || drawn.FixedThreshold is null))
            {
                return drawn.Rule == SimilarityRule.Quota ? drawn with { FixedThreshold = null } : drawn;
            }
        }

        return null;
    }

    private static int Weight(Random random, int bits) => bits == 1 ? (random.Next(2) * 2) - 1 : random.Next(-(1 << (bits - 1)), 1 << (bits - 1));
}
