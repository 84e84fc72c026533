using FsCheck;
using FsCheck.Fluent;
using HwGen.Networks;
using HwGen.Training.Pruning;

namespace HwGen.Training.Tests.Pruning;

public sealed class SimilarityDecisionTests
{
    private static readonly PruningRule s_paper = new(PruningRuleKind.Paper, DistanceKind.Hamming, 0.146m, 0.15m);

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];

    private static FilterVectors RandomFilters(int count, int length, ulong seed)
    {
        var random = new RandomSource(seed);
        return new FilterVectors("layer", 1, [.. All(count)], [.. All(count).Select(_ => ImmutableArray.CreateRange(All(length).Select(_ => (2 * random.NextBelow(2)) - 1)))]);
    }

    private static PairDistances Distances(int count, Func<int, int, long> distance)
    {
        var distances = new PairDistances(count);
        for (int j = 1; j < count; j++)
            for (int i = 0; i < j; i++)
                distances[i, j] = distance(i, j);
        return distances;
    }

    // The page's words in exact fractions: similar d < mean − b·variance.
    private static bool[,] SimilarByDefinition(PairDistances distances, BinaryConstant b)
    {
        var all = new List<Rational>();
        for (int j = 1; j < distances.Count; j++)
            for (int i = 0; i < j; i++)
                all.Add(Rational.FromInteger(distances[i, j]));
        Rational pairs = Rational.FromInteger(all.Count);
        Rational mean = all.Aggregate((x, y) => x + y) / pairs;
        Rational variance = all.Select(d => (d - mean) * (d - mean)).Aggregate((x, y) => x + y) / pairs;
        Rational bound = mean - (Rational.FromDouble(b.Mantissa * Math.ScaleB(1, -b.Exponent)) * variance);
        var similar = new bool[distances.Count, distances.Count];
        for (int j = 1; j < distances.Count; j++)
            for (int i = 0; i < j; i++)
                similar[i, j] = similar[j, i] = Rational.FromInteger(distances[i, j]) < bound;
        return similar;
    }

    private static int[] ByDefinition(PruningRule rule, PairDistances distances, int allFilters, int minimumAlive)
    {
        int count = distances.Count;
        bool[,] similar = SimilarByDefinition(distances, BinaryConstant.Nearest(rule.B));
        int[] counts = [.. All(count).Select(f => All(count).Count(g => g != f && similar[f, g]))];
        var pruned = new List<int>();
        for (int f = 0; f < count; f++)
        {
            if (counts[f] * 100 <= (int)(rule.C * 100) * (allFilters - 1) / 100 * 100)
                continue;
            if (rule.Kind == PruningRuleKind.Paper || All(f).Any(g => similar[f, g] && !pruned.Contains(g)))
                pruned.Add(f);
        }
        while (pruned.Count > 0 && count - pruned.Count < minimumAlive)
            pruned.Remove(pruned.MinBy(f => (counts[f], f)));
        return [.. pruned];
    }

    [Fact]
    public void Paper_and_keep_one_follow_the_definition_in_exact_fractions()
    {
        var cases = from count in Gen.Choose(2, 14)
                    from values in Gen.ListOf(Gen.Choose(0, 9), 91)
                    from hundredthsOfC in Gen.Choose(0, 60)
                    from thousandthsOfB in Gen.Choose(0, 400)
                    from extra in Gen.Choose(0, 5)
                    from minimum in Gen.Choose(1, 4)
                    from kind in Gen.Elements(PruningRuleKind.Paper, PruningRuleKind.KeepOne)
                    select (count, values, c: hundredthsOfC / 100m, b: thousandthsOfB / 1000m, extra, minimum, kind);
        int prunedInAll = 0;
        Prop.ForAll(Arb.From(cases), one =>
        {
            PairDistances distances = Distances(one.count, (i, j) => one.values[(j * (j - 1) / 2) + i]);
            var rule = new PruningRule(one.kind, DistanceKind.Hamming, one.b, one.c);
            PruningDecision decision = SimilarityDecision.Decide(rule, All(one.count), distances, one.count + one.extra, one.minimum);
            decision.Pruned.ShouldBe(ByDefinition(rule, distances, one.count + one.extra, one.minimum));
            prunedInAll += decision.Pruned.Length;
        }).QuickCheckThrowOnFailure();
        prunedInAll.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_paper_rule_with_its_constants_takes_all_of_32_random_nine_bit_filters()
    {
        FilterVectors vectors = RandomFilters(32, 9, seed: 1);
        PairDistances distances = new GoldenDistances().Measure(vectors, DistanceKind.Hamming);
        PruningDecision decision = SimilarityDecision.Decide(s_paper, vectors.Filters, distances, 32, minimumAlive: 1);
        decision.Limit.ShouldBe(4);
        decision.Pruned.Length.ShouldBe(31);
        SimilarityDecision.Decide(s_paper with { Kind = PruningRuleKind.KeepOne }, vectors.Filters, distances, 32, 1).Pruned.Length.ShouldBeInRange(1, 30);
    }

    [Fact]
    public void The_lowest_counts_stay_where_too_few_would_and_ties_go_to_the_lowest_index()
    {
        // 0-1-2-3 close to each other, 4 close to 0 and 1 only, 5 far from all.
        PairDistances distances = Distances(6, (i, j) => j < 4 || (j == 4 && i < 2) ? 0 : 100);
        PruningRule rule = s_paper with { C = 0, B = 0 };
        SimilarityDecision.Decide(rule, All(6), distances, 6, 1).Pruned.ShouldBe([0, 1, 2, 3, 4]);
        SimilarityDecision.Decide(rule, All(6), distances, 6, 2).Pruned.ShouldBe([0, 1, 2, 3]);
        SimilarityDecision.Decide(rule, All(6), distances, 6, 3).Pruned.ShouldBe([0, 1, 3]);
        SimilarityDecision.Decide(rule, All(6), distances, 6, 6).Pruned.ShouldBeEmpty();
    }

    [Fact]
    public void The_limit_comes_from_the_decimal_exactly()
    {
        // 0.29·100 is 28.999… in doubles: the limit would be one lower.
        PairDistances distances = Distances(101, (i, j) => i == 0 && j <= 29 ? 0 : 100);
        PruningRule rule = s_paper with { C = 0.29m, B = 0 };
        SimilarityDecision.Decide(rule, All(101), distances, 101, 1).ShouldSatisfyAllConditions(
            decision => decision.Limit.ShouldBe(29), decision => decision.Pruned.ShouldBeEmpty());
        SimilarityDecision.Decide(rule with { C = 0.28m }, All(101), distances, 101, 1).Pruned.ShouldBe([0]);
    }

    [Fact]
    public void A_quota_takes_the_higher_of_the_closest_pair_each_time()
    {
        PairDistances distances = Distances(5, (i, j) => (i, j) switch { (1, 4) => 1, (2, 4) => 0, (0, 3) => 1, (1, 3) => 1, _ => 9 });
        PruningRule rule = s_paper with { Kind = PruningRuleKind.Quota };
        // (2,4) loses 4; then (0,3) and (1,3) tie: the lowest indices are (0,3).
        SimilarityDecision.Decide(rule, [10, 11, 12, 13, 14], distances, 20, 1, quota: 1).Pruned.ShouldBe([14]);
        SimilarityDecision.Decide(rule, [10, 11, 12, 13, 14], distances, 20, 1, quota: 2).Pruned.ShouldBe([13, 14]);
        SimilarityDecision.Decide(rule, [10, 11, 12, 13, 14], distances, 20, 4, quota: 2).Pruned.ShouldBe([14]);
        SimilarityDecision.Decide(rule, [10, 11, 12, 13, 14], distances, 20, 1, quota: 99).Pruned.ShouldBe([11, 12, 13, 14]);
    }

    [Fact]
    public void Fewer_than_two_alive_are_left_alone()
    {
        SimilarityDecision.Decide(s_paper, [7], new PairDistances(1), 32, 1).Pruned.ShouldBeEmpty();
        SimilarityDecision.Decide(s_paper, [], new PairDistances(0), 32, 1).Pruned.ShouldBeEmpty();
    }

    [Fact]
    public void A_fixed_threshold_replaces_the_statistics()
    {
        PairDistances distances = Distances(3, (i, j) => i + j);
        PruningRule rule = s_paper with { C = 0, FixedThreshold = 2 };
        SimilarityDecision.Decide(rule, All(3), distances, 3, 1).SimilarPairs.ShouldBe(1);
        SimilarityDecision.Decide(rule with { FixedThreshold = 3 }, All(3), distances, 3, 1).SimilarPairs.ShouldBe(2);
    }

    [Theory]
    [InlineData("0.146", 38273, 18)]
    [InlineData("0.01", 41943, 22)]
    [InlineData("1", 32768, 15)]
    [InlineData("0.5", 32768, 16)]
    [InlineData("3", 49152, 14)]
    [InlineData("0.99999999", 32768, 15)]
    [InlineData("0", 0, 0)]
    public void Constants_are_the_nearest_16_bit_mantissa(string value, int mantissa, int exponent) =>
        BinaryConstant.Nearest(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(new BinaryConstant(mantissa, exponent));

    [Fact]
    public void Integer_roots_are_exact()
    {
        for (int value = 0; value < 5000; value++)
            SimilarityDecision.Root(value).ShouldBe((int)Math.Sqrt(value));
        var large = System.Numerics.BigInteger.Pow(10, 40);
        SimilarityDecision.Root(large * large).ShouldBe(large);
        SimilarityDecision.Root((large * large) - 1).ShouldBe(large - 1);
    }

    [Fact]
    public void Distances_follow_their_definitions()
    {
        var vectors = new FilterVectors("layer", 4, [0, 1], [[-1, 3, -8], [0, 2, 7]]);
        var golden = new GoldenDistances();
        // 1111^0000, 0011^0010, 1000^0111.
        golden.Measure(vectors, DistanceKind.Hamming)[0, 1].ShouldBe(4 + 1 + 4);
        golden.Measure(vectors, DistanceKind.PlaneWeighted)[0, 1].ShouldBe(15 + 1 + 15);
        golden.Measure(vectors, DistanceKind.Euclidean)[1, 0].ShouldBe(1 + 1 + 225);
    }
}
