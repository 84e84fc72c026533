namespace HwGen.Golden;

/// <summary>Which filters of a layer go, by the definitions of the similarity unit.</summary>
public static class SimilarityPruning
{
    /// <summary>How many partners of each alive filter are similar to it; 0 for one that is not alive.</summary>
    /// <param name="alive">Which filters are alive.</param>
    /// <param name="isSimilar">Whether two filters are similar; symmetric.</param>
    public static int[] Counts(ReadOnlySpan<bool> alive, Func<int, int, bool> isSimilar)
    {
        int[] counts = new int[alive.Length];
        for (int filter = 0; filter < alive.Length; filter++)
        {
            for (int partner = 0; partner < alive.Length; partner++)
            {
                if (partner != filter && alive[filter] && alive[partner] && isSimilar(Math.Min(filter, partner), Math.Max(filter, partner)))
                    counts[filter]++;
            }
        }
        return counts;
    }

    /// <summary>Every filter over the limit, but for the <paramref name="minimumAlive"/> that stay.</summary>
    public static bool[] Paper(ReadOnlySpan<bool> alive, int[] counts, int limit, int minimumAlive)
    {
        bool[] goes = new bool[alive.Length];
        for (int filter = 0; filter < goes.Length; filter++)
            goes[filter] = alive[filter] && counts[filter] > limit;
        return Spare(alive, goes, counts, minimumAlive);
    }

    /// <summary>Ascending, of the filters over the limit each that is similar to a lower one that is kept.</summary>
    public static bool[] KeepOne(ReadOnlySpan<bool> alive, int[] counts, Func<int, int, bool> isSimilar, int limit, int minimumAlive)
    {
        bool[] goes = new bool[alive.Length];
        for (int filter = 0; filter < goes.Length; filter++)
        {
            if (!alive[filter] || counts[filter] <= limit)
                continue;
            for (int lower = 0; lower < filter; lower++)
                goes[filter] |= alive[lower] && !goes[lower] && isSimilar(lower, filter);
        }
        return Spare(alive, goes, counts, minimumAlive);
    }

    /// <summary>As often as the quota says, the higher filter of the closest pair; ties: the lowest numbers.</summary>
    public static bool[] Quota(ReadOnlySpan<bool> alive, Func<int, int, long> distance, int quota, int minimumAlive)
    {
        List<int> left = [];
        for (int filter = 0; filter < alive.Length; filter++)
        {
            if (alive[filter])
                left.Add(filter);
        }
        bool[] goes = new bool[alive.Length];
        for (int time = 0; time < quota && left.Count > Math.Max(1, minimumAlive); time++)
        {
            var (_, _, higher) = (from low in left from high in left where low < high select (distance(low, high), low, high)).Min();
            goes[higher] = true;
            left.Remove(higher);
        }
        return goes;
    }

    // As many as are missing stay after all: the lowest counts, ties to the lowest number.
    private static bool[] Spare(ReadOnlySpan<bool> alive, bool[] goes, int[] counts, int minimumAlive)
    {
        int stays = 0;
        for (int filter = 0; filter < goes.Length; filter++)
            stays += alive[filter] && !goes[filter] ? 1 : 0;
        for (; stays < minimumAlive && goes.Contains(true); stays++)
        {
            int spared = Enumerable.Range(0, goes.Length).Where(filter => goes[filter]).MinBy(filter => (counts[filter], filter));
            goes[spared] = false;
        }
        return goes;
    }
}
