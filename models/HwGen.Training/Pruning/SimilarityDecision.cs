using System.Numerics;

namespace HwGen.Training.Pruning;

/// <summary>Decides which filters of a layer go, from integers alone: mean and variance are never divided out.</summary>
public static class SimilarityDecision
{
    /// <summary>Decides.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="alive">The numbers of the alive filters, ascending.</param>
    /// <param name="distances">Their distances, by places in <paramref name="alive"/>.</param>
    /// <param name="allFilters">F, all filters of the layer, pruned ones included.</param>
    /// <param name="minimumAlive">Filters that stay at least.</param>
    /// <param name="quota">For <see cref="PruningRuleKind.Quota"/>, how many go at most.</param>
    /// <returns>The filters that go.</returns>
    public static PruningDecision Decide(PruningRule rule, IReadOnlyList<int> alive, PairDistances distances, int allFilters, int minimumAlive, int quota = 0)
    {
        if (distances.Count != alive.Count)
            throw new ArgumentException(Invariant($"{alive.Count} filters and distances of {distances.Count}"), nameof(distances));
        if (alive.Count < 2)
            return new PruningDecision([], 0, 0);
        if (rule.Kind == PruningRuleKind.Quota)
            return new PruningDecision(ClosestPairs(alive, distances, Math.Min(quota, alive.Count - minimumAlive)), 0, 0);
        bool[,] similar = Similar(rule, distances);
        int[] counts = new int[alive.Count];
        int pairs = 0;
        for (int i = 0; i < alive.Count; i++)
        {
            for (int j = 0; j < alive.Count; j++)
                counts[i] += similar[i, j] ? 1 : 0;
            pairs += counts[i];
        }
        int limit = (int)decimal.Floor(rule.C * (allFilters - 1));
        bool[] goes = rule.Kind == PruningRuleKind.Paper ? [.. counts.Select(count => count > limit)] : KeepOne(counts, similar, limit);
        KeepMinimum(goes, counts, minimumAlive);
        return new PruningDecision([.. Enumerable.Range(0, alive.Count).Where(i => goes[i]).Select(i => alive[i])], pairs / 2, limit);
    }

    // d < mean − b·variance with mean = S/P, variance = Q/P − (S/P)², b = m·2^−e, times P²·2^e: 2^e·P²·d < 2^e·P·S − m·(P·Q − S²).
    private static bool[,] Similar(PruningRule rule, PairDistances distances)
    {
        int count = distances.Count;
        BigInteger sum = 0;
        BigInteger squares = 0;
        for (int j = 1; j < count; j++)
        {
            for (int i = 0; i < j; i++)
            {
                BigInteger distance = Statistic(rule, distances[i, j]);
                sum += distance;
                squares += distance * distance;
            }
        }
        BigInteger pairs = distances.Pairs;
        BinaryConstant b = BinaryConstant.Nearest(rule.B);
        BigInteger bound = ((pairs * sum) << b.Exponent) - (b.Mantissa * ((pairs * squares) - (sum * sum)));
        var similar = new bool[count, count];
        for (int j = 1; j < count; j++)
        {
            for (int i = 0; i < j; i++)
            {
                BigInteger distance = Statistic(rule, distances[i, j]);
                bool isSimilar = rule.FixedThreshold is { } threshold ? distance < threshold : (pairs * pairs * distance) << b.Exponent < bound;
                similar[i, j] = similar[j, i] = isSimilar;
            }
        }
        return similar;
    }

    private static BigInteger Statistic(PruningRule rule, long distance) => rule.Distance == DistanceKind.Euclidean ? Root((BigInteger)distance << 8) : distance;

    /// <summary>⌊√value⌋, by Newton's method from above.</summary>
    internal static BigInteger Root(BigInteger value)
    {
        if (value < 2)
            return value;
        BigInteger root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (value / root)) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    private static bool[] KeepOne(int[] counts, bool[,] similar, int limit)
    {
        bool[] goes = new bool[counts.Length];
        for (int filter = 0; filter < counts.Length; filter++)
            for (int lower = 0; lower < filter && counts[filter] > limit && !goes[filter]; lower++)
                goes[filter] = similar[lower, filter] && !goes[lower];
        return goes;
    }

    // The lowest counts stay, ties to the lowest index.
    private static void KeepMinimum(bool[] goes, int[] counts, int minimumAlive)
    {
        int missing = minimumAlive - goes.Count(gone => !gone);
        foreach (int filter in Enumerable.Range(0, goes.Length).Where(i => goes[i]).OrderBy(i => counts[i]).ThenBy(i => i).Take(Math.Max(0, missing)).ToArray())
            goes[filter] = false;
    }

    private static ImmutableArray<int> ClosestPairs(IReadOnlyList<int> alive, PairDistances distances, int times)
    {
        bool[] gone = new bool[alive.Count];
        for (int time = 0; time < times; time++)
        {
            int loser = -1;
            long closest = long.MaxValue;
            // Ascending by the lower, then the higher index: a strict comparison leaves ties to the lowest indices.
            for (int i = 0; i < alive.Count; i++)
            {
                for (int j = i + 1; j < alive.Count; j++)
                {
                    if (!gone[i] && !gone[j] && distances[i, j] < closest)
                    {
                        closest = distances[i, j];
                        loser = j;
                    }
                }
            }
            gone[loser] = true;
        }
        return [.. Enumerable.Range(0, alive.Count).Where(i => gone[i]).Select(i => alive[i])];
    }
}
