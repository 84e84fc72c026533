using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Netlist;
using HwGen.Simulation;
using GoldenRoot = HwGen.Golden.IntegerRoot;

namespace HwGen.Cim.Tests;

/// <summary>Random vectors of each block of a similarity unit against its golden definition.</summary>
/// <param name="configuration">An array with a similarity unit.</param>
internal sealed class SimilarityBlockVectors(ArrayConfiguration configuration)
{
    private readonly SimilarityWidths _widths = new(configuration);

    private int Filters => configuration.Similarity!.Filters;

    private int Lanes => configuration.Lanes;

    private int Tiles => ((Filters - 1) / Lanes) + 1;

    private static int RootBits => 9;

    /// <summary>All blocks in one module.</summary>
    public Module Blocks() => new BlockBench(
        ("lowest", new LowestFilter(Filters, Lanes)), ("partners", new Partners(configuration)), ("statistics", new PairStatistics(configuration)),
        ("threshold", new SimilarityThreshold(configuration)), ("count", new PartnerCount(configuration)), ("decision", new PruneDecision(Filters, hasKeepOne: true)),
        ("closest", new ClosestPair(configuration)), ("root", new HwGen.Cim.IntegerRoot(RootBits)), ("flags", new FilterFlags(configuration)), ("squared", new SquaredDistances(configuration)), ("roots", new DistanceRoots(configuration)));

    /// <summary>Runs so many rounds of vectors; gives how many values were compared.</summary>
    public int Run(ISimulator simulator, int rounds)
    {
        foreach (var strobe in simulator.Interface.Ports.Where(port => port.Direction == PortDirection.Input))
        {
            simulator.Poke(strobe.Name, new ulong[simulator.Port(strobe.Name).Words]);
        }

        simulator.Reset();
        var random = new Random(17);
        var compared = 0;
        for (var round = 0; round < rounds; round++)
        {
            compared += Lowest(simulator, random) + Partners(simulator, random) + Root(simulator, random) + Flags(simulator, random);
            compared += Statistics(simulator, random) + Count(simulator, random) + Decision(simulator, random) + Closest(simulator, random) + Squared(simulator, random) + Roots(simulator, random);
        }

        return compared;
    }

    private int Lowest(ISimulator simulator, Random random)
    {
        var candidates = (ulong)random.Next(1 << Filters) & (ulong)random.Next(1 << Filters);
        simulator.Poke("lowest_candidates", candidates);
        var lowest = BitOperations.TrailingZeroCount(candidates | (1UL << Filters));
        simulator.Peek("lowest_chosen").ShouldBe(lowest == Filters ? 0 : 1UL << lowest);
        if (lowest < Filters)
        {
            (simulator.Peek("lowest_index"), simulator.Peek("lowest_tile"), simulator.Peek("lowest_lane")).ShouldBe(((ulong)lowest, (ulong)(lowest / Lanes), (ulong)(lowest % Lanes)));
        }

        return 4;
    }

    private int Partners(ISimulator simulator, Random random)
    {
        var (valid, going, tile, reference, mode) = (random.Next(1 << Filters), random.Next(1 << Filters), random.Next(Tiles), random.Next(Filters), random.Next(3));
        simulator.Poke("partners_valid", (ulong)valid);
        simulator.Poke("partners_going", (ulong)going);
        simulator.Poke("partners_tile", (ulong)tile);
        simulator.Poke("partners_reference_tile", (ulong)(reference / Lanes));
        simulator.Poke("partners_reference_lane", (ulong)(reference % Lanes));
        simulator.Poke("partners_others", mode == 1 ? 1UL : 0);
        simulator.Poke("partners_kept_below", mode == 2 ? 1UL : 0);
        var expected = 0UL;
        for (var lane = 0; lane < Lanes; lane++)
        {
            var filter = (tile * Lanes) + lane;
            var counts = mode == 0 ? filter > reference : mode == 1 ? filter != reference : filter < reference && ((going >> filter) & 1) == 0;
            expected |= filter < Filters && ((valid >> filter) & 1) == 1 && counts ? 1UL << lane : 0;
        }

        simulator.Peek("partners_mask").ShouldBe(expected);
        return Lanes;
    }

    private int Root(ISimulator simulator, Random random)
    {
        var value = random.Next(5) == 0 ? (1 << (2 * RootBits)) - 1 - random.Next(3) : random.Next(1 << random.Next(1, (2 * RootBits) + 1));
        simulator.Poke("root_value", (ulong)value);
        Pulse(simulator, "root_start");
        simulator.Poke("root_step", 1);
        simulator.Step(RootBits);
        simulator.Poke("root_step", 0);
        simulator.Peek("root_root").ShouldBe((ulong)GoldenRoot.Of(value));

        // Steps beyond give bits behind the binary point, as far as the root has room for them.
        var further = random.Next(1, RootBits);
        var small = random.Next(1 << (2 * (RootBits - further)));
        simulator.Poke("root_value", (ulong)small);
        Pulse(simulator, "root_start");
        simulator.Poke("root_step", 1);
        simulator.Step(RootBits + further);
        simulator.Poke("root_step", 0);
        simulator.Peek("root_root").ShouldBe((ulong)GoldenRoot.Of(small << (2 * further)));
        return 2;
    }

    private int Flags(ISimulator simulator, Random random)
    {
        var (valid, pruned, over, going) = (random.Next(1 << Filters), random.Next(Filters), random.Next(Filters), random.Next(Filters));
        simulator.Poke("flags_write_data", (uint)(valid | (-1 << Filters)));
        Pulse(simulator, "flags_write");
        Pulse(simulator, "flags_start");
        simulator.Peek("flags_over").ShouldBe(0UL);
        simulator.Poke("flags_pruned_filter", (ulong)pruned);
        simulator.Poke("flags_over_filter", (ulong)over);
        simulator.Poke("flags_going_filter", (ulong)going);
        Pulse(simulator, "flags_prune", "flags_set_over", "flags_set_going");
        simulator.Step();
        var left = (ulong)(valid & ~(1 << pruned));
        (simulator.Peek("flags_valid"), simulator.Peek("flags_read_data"), simulator.Peek("flags_over"), simulator.Peek("flags_going"))
            .ShouldBe((left, left, 1UL << over, 1UL << going));
        return 5;
    }

    /// <summary>Statistics of random tiles, then the threshold that follows from them.</summary>
    private int Statistics(ISimulator simulator, Random random)
    {
        var bits = _widths.StatisticBits;
        var distances = new List<long>();
        Pulse(simulator, "statistics_clear");
        var (tiles, isFarApart) = (random.Next(1, 12), random.Next(3) == 0);
        for (var tile = 0; tile < tiles; tile++)
        {
            var (values, partners) = (new BigInteger(0), random.Next(1, 1 << Lanes));
            for (var lane = 0; lane < Lanes; lane++)
            {
                // Far apart: the variance is as large as it can be.
                var distance = isFarApart ? random.Next(2) * (_widths.LargestStatistic - random.Next(4)) : random.NextInt64(_widths.LargestStatistic + 1) >> random.Next(0, bits);
                values |= (BigInteger)distance << (lane * bits);
                if (((partners >> lane) & 1) == 1)
                {
                    distances.Add(distance);
                }
            }

            simulator.Poke("statistics_distances", Words(values, Lanes * bits));
            simulator.Poke("statistics_partners", (ulong)partners);
            simulator.Poke("statistics_valid", 1);
            simulator.Step();
            simulator.Poke("statistics_valid", 0);
            simulator.Step(random.Next(3));
        }

        simulator.Step(new SimilarityTiming(configuration).StatisticsDrain);
        var expected = new SimilarityStatistics(distances.Count, distances.Aggregate(BigInteger.Zero, (sum, d) => sum + d), distances.Aggregate(BigInteger.Zero, (sum, d) => sum + ((BigInteger)d * d)));
        (simulator.Peek("statistics_pairs"), (BigInteger)simulator.Peek("statistics_sum"), (BigInteger)simulator.Peek("statistics_squares"))
            .ShouldBe(((ulong)expected.Pairs, expected.Sum, expected.Squares));

        // A margin of any size; often one between 0 and the mean.
        var mantissa = random.Next(6) == 0 ? 0 : random.Next(1, 1 << random.Next(1, 17));
        var (scaled, whole) = (mantissa * ((expected.Pairs * expected.Squares) - (expected.Sum * expected.Sum)), expected.Pairs * expected.Sum);
        var exponent = random.Next(3) == 0 ? random.Next(0, 40) : (int)Math.Clamp(scaled.GetBitLength() - whole.GetBitLength() + random.Next(3), 0, 39);
        simulator.Poke("threshold_pairs", (ulong)expected.Pairs);
        simulator.Poke("threshold_sum", (ulong)expected.Sum);
        simulator.Poke("threshold_squares", (ulong)expected.Squares);
        simulator.Poke("threshold_mantissa", (ulong)mantissa);
        simulator.Poke("threshold_exponent", (ulong)exponent);
        Pulse(simulator, "threshold_start");
        simulator.Step(new SimilarityTiming(configuration).SolveCycles);
        simulator.Peek("threshold_threshold").ShouldBe((ulong)expected.Threshold(mantissa, exponent, _widths.LargestStatistic));
        return 4;
    }

    private int Count(ISimulator simulator, Random random)
    {
        Pulse(simulator, "count_start");
        var (tiles, last, expectedLast, compared) = (random.Next(1, Tiles + 1), random.Next(Filters), 0, 0);
        simulator.Poke("count_last_lane", (ulong)(last % Lanes));
        for (var reference = 0; reference < 4; reference++)
        {
            var expected = 0;
            for (var tile = 0; tile < tiles; tile++)
            {
                var similar = random.Next(1 << Lanes) & (tile == Tiles - 1 && Filters % Lanes > 0 ? (1 << (Filters % Lanes)) - 1 : -1);
                expected += BitOperations.PopCount((uint)similar);
                expectedLast += tile == last / Lanes ? (similar >> (last % Lanes)) & 1 : 0;
                simulator.Poke("count_similar", (ulong)similar);
                simulator.Poke("count_first", tile == 0 ? 1UL : 0);
                simulator.Poke("count_last_tile", tile == tiles - 1 ? 1UL : 0);
                simulator.Poke("count_has_last", tile == last / Lanes ? 1UL : 0);
                simulator.Poke("count_reference", (ulong)reference);
                Pulse(simulator, "count_valid");
            }

            simulator.Step(2);
            (simulator.Peek("count_counted"), simulator.Peek("count_counted_filter"), simulator.Peek("count_count")).ShouldBe((1UL, (ulong)reference, (ulong)expected));
            compared += 3;
        }

        simulator.Peek("count_last_count").ShouldBe((ulong)expectedLast);
        return compared + 1;
    }

    /// <summary>Filters with random counts, of which those over the limit go, or some of them; as many as must stay do.</summary>
    private int Decision(ISimulator simulator, Random random)
    {
        var (keepsOne, limit, minimum) = (random.Next(2) == 1, random.Next(Filters), random.Next(Filters + 1));
        var counts = Enumerable.Range(0, Filters).Select(_ => random.Next(random.Next(2) == 0 ? Filters : 4)).ToArray();
        simulator.Poke("decision_limit", (ulong)limit);
        simulator.Poke("decision_minimum_alive", (ulong)minimum);
        simulator.Poke("decision_keeps_one", keepsOne ? 1UL : 0);
        Pulse(simulator, "decision_start");
        var interrupted = random.Next(2 * Filters);
        foreach (var filter in Enumerable.Range(0, Filters).OrderBy(_ => random.Next()))
        {
            simulator.Poke("decision_counted_filter", (ulong)filter);
            simulator.Poke("decision_count", (ulong)counts[filter]);
            simulator.Poke("decision_counted", 1);
            simulator.Peek("decision_is_over").ShouldBe(counts[filter] > limit ? 1UL : 0);
            simulator.Step();
            simulator.Poke("decision_counted", 0);
            if (filter == interrupted)
            {
                // A reset ends what is under way, of which there is nothing now; what was counted stays.
                simulator.Reset();
            }
        }

        bool[] goes = [.. counts.Select(count => count > limit && (!keepsOne || random.Next(3) > 0))];
        for (var filter = 0; keepsOne && filter < Filters; filter++)
        {
            if (counts[filter] > limit)
            {
                simulator.Poke("decision_looked_filter", (ulong)filter);
                simulator.Poke("decision_looked_goes", goes[filter] ? 1UL : 0);
                Pulse(simulator, "decision_looked");
            }
        }

        // Golden spares by sorting: every filter is over a limit of −1 that goes, and none that does not.
        simulator.Step();
        var alive = Enumerable.Repeat(true, Filters).ToArray();
        var stays = goes.Count(g => !g);
        var spared = Enumerable.Range(0, Filters).Where(f => goes[f]).OrderBy(f => counts[f]).ThenBy(f => f).Take(Math.Max(0, minimum - stays)).ToHashSet();
        if (!keepsOne)
        {
            SimilarityPruning.Paper(alive, counts, limit, minimum).ShouldBe([.. Enumerable.Range(0, Filters).Select(f => goes[f] && !spared.Contains(f))]);
        }

        simulator.Poke("decision_mark", 1);
        for (var filter = 0; filter < Filters; filter++)
        {
            simulator.Poke("decision_marked_filter", (ulong)filter);
            simulator.Poke("decision_marked_goes", goes[filter] ? 1UL : 0);
            simulator.Peek("decision_prunes").ShouldBe(goes[filter] && !spared.Contains(filter) ? 1UL : 0, FormattableString.Invariant($"filter {filter}"));
            simulator.Step();
        }

        simulator.Poke("decision_mark", 0);
        return 2 * Filters;
    }

    private int Closest(ISimulator simulator, Random random)
    {
        var bits = _widths.DistanceBits;
        Pulse(simulator, "closest_clear");
        (long Distance, int Order, int Filter)? closest = null;
        var order = 0;
        for (var tile = 0; tile < random.Next(1, 8); tile++)
        {
            var (values, partners, first, largest) = (new BigInteger(0), random.Next(1 << Lanes), random.Next(Filters), random.Next(2) == 0 ? 12 : 1L << bits);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var distance = random.NextInt64(largest);
                values |= (BigInteger)distance << (lane * bits);
                var candidate = (distance, order++, first + lane);
                if (((partners >> lane) & 1) == 1 && (closest is null || candidate.CompareTo(closest.Value) < 0))
                {
                    closest = candidate;
                }
            }

            simulator.Poke("closest_distances", Words(values, Lanes * bits));
            simulator.Poke("closest_partners", (ulong)partners);
            simulator.Poke("closest_tile_filter", (ulong)first);
            Pulse(simulator, "closest_valid");
        }

        simulator.Step(new SimilarityTiming(configuration).ClosestDrain);
        simulator.Peek("closest_found").ShouldBe(closest is null ? 0UL : 1);
        if (closest is { } pair)
        {
            simulator.Peek("closest_higher").ShouldBe((ulong)pair.Filter & ((1UL << _widths.FilterBits) - 1));
        }

        return 2;
    }

    /// <summary>Squared lengths are held, those of all filters, then squared distances made of them and of products.</summary>
    private int Squared(ISimulator simulator, Random random)
    {
        var (bits, mask, compared) = (_widths.DistanceBits, (1L << _widths.DistanceBits) - 1, 0);
        var lengths = new long[Tiles, Lanes];
        long[] Products() => [.. Enumerable.Range(0, Lanes).Select(_ => random.NextInt64(mask + 1))];
        void Poke(long[] products) => simulator.Poke("squared_products", Words(products.Reverse().Aggregate(BigInteger.Zero, (all, product) => (all << bits) | product), Lanes * bits));
        void Reference(int tile, int lane)
        {
            simulator.Poke("squared_reference_lane", (ulong)lane);
            if (Tiles > 1)
            {
                simulator.Poke("squared_reference_tile", (ulong)tile);
            }
        }

        for (var filter = 0; filter < Tiles * Lanes; filter++)
        {
            var products = Products();
            Poke(products);
            Reference(filter / Lanes, filter % Lanes);
            lengths[filter / Lanes, filter % Lanes] = products[filter % Lanes];
            Pulse(simulator, "squared_hold");
        }

        for (var i = 0; i < 8; i++)
        {
            var (tile, reference, products) = (random.Next(Tiles), random.Next(Tiles * Lanes), Products());
            Poke(products);
            Reference(reference / Lanes, reference % Lanes);
            if (Tiles > 1)
            {
                simulator.Poke("squared_tile", (ulong)tile);
            }

            simulator.Evaluate();
            var expected = Enumerable.Range(0, Lanes).Reverse().Aggregate(BigInteger.Zero, (all, lane) => (all << bits) | ((lengths[tile, lane] + lengths[reference / Lanes, reference % Lanes] - (2 * products[lane])) & mask));
            simulator.PeekWords("squared_distances").ShouldBe(Words(expected, Lanes * bits));
            compared += Lanes;
        }

        return compared;
    }

    /// <summary>Roots of squared distances, those next to squares of whole roots too.</summary>
    private int Roots(ISimulator simulator, Random random)
    {
        const int Fraction = 256;
        var (bits, compared) = (_widths.DistanceBits, 0);
        for (var i = 0; i < 4; i++)
        {
            var squares = Enumerable.Range(0, Lanes).Select(_ =>
            {
                var root = (random.NextInt64(1, 1L << ((bits + 8) / 2)) / 128 * 128) + (random.Next(2) == 0 ? 127 : 129);
                return random.Next(3) == 0 && root * root / Fraction < 1L << bits ? root * root / Fraction : random.NextInt64(1L << bits);
            }).ToArray();
            simulator.Poke("roots_distances", Words(squares.Reverse().Aggregate(BigInteger.Zero, (all, square) => (all << bits) | square), Lanes * bits));
            Pulse(simulator, "roots_start");
            simulator.Step(_widths.RootBits);
            simulator.Peek("roots_done").ShouldBe(1UL);
            var roots = squares.Select(square => (BigInteger)GoldenRoot.OfDistance(square)).ToArray();
            simulator.PeekWords("roots_roots").ShouldBe(Words(roots.Reverse().Aggregate(BigInteger.Zero, (all, root) => (all << _widths.StatisticBits) | root), Lanes * _widths.StatisticBits), string.Join(' ', squares));
            compared += Lanes + 1;
        }

        return compared;
    }

    private static void Pulse(ISimulator simulator, params string[] strobes)
    {
        foreach (var strobe in strobes)
        {
            simulator.Poke(strobe, 1);
        }

        simulator.Step();
        foreach (var strobe in strobes)
        {
            simulator.Poke(strobe, 0);
        }
    }

    private static ulong[] Words(BigInteger value, int bits)
    {
        var words = new ulong[((bits - 1) / 64) + 1];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (ulong)((value >> (64 * i)) & ulong.MaxValue);
        }

        return words;
    }
}
