namespace HwGen.Networks;

/// <summary>A monotone step function of one channel as thresholds.</summary>
/// <param name="Thresholds">Ascending.</param>
/// <param name="Falling">Whether the level falls with the value.</param>
internal readonly record struct Steps(ImmutableArray<long> Thresholds, bool Falling);

/// <summary>Finds the thresholds of monotone step functions on integers, by halving.</summary>
internal static class StepSearch
{
    /// <summary>
    /// The thresholds by which a level is low + (number reached), or high − (number reached) where it falls.
    /// </summary>
    public static Steps Find(Func<long, long> level, ValueRange range, long low, long high)
    {
        bool falling = level(range.Maximum) < level(range.Minimum);
        var thresholds = ImmutableArray.CreateBuilder<long>((int)(high - low));
        long from = range.Minimum, gap = 0;
        for (long step = 1; step <= high - low; step++)
        {
            long target = falling ? high - step : low + step;
            long found = FirstReached(value => falling ? level(value) <= target : level(value) >= target, from, range.Maximum + 1, gap);
            gap = found - from;
            from = found;
            thresholds.Add(from);
        }
        return new Steps(thresholds.MoveToImmutable(), falling);
    }

    /// <summary>The first value that is reached, from … end (the end counts as reached): looked for around the last gap, then by halving.</summary>
    private static long FirstReached(Func<long, bool> reached, long from, long end, long gap)
    {
        // Invariant: nothing below "from" is reached; "end" is.
        long probe = Math.Min(end, from + gap), reach = 1;
        if (probe == end || reached(probe))
        {
            end = probe;
            for (; end - reach >= from; reach *= 2)
            {
                if (!reached(end - reach))
                {
                    from = end - reach + 1;
                    break;
                }
                end -= reach;
            }
        }
        else
        {
            from = probe + 1;
            for (; from + reach < end; reach *= 2)
            {
                if (reached(from + reach))
                {
                    end = from + reach;
                    break;
                }
                from += reach + 1;
            }
        }
        while (from < end)
        {
            long middle = from + ((end - from) / 2);
            if (reached(middle))
                end = middle;
            else
                from = middle + 1;
        }
        return from;
    }
}
