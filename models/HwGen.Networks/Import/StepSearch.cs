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
        long from = range.Minimum;
        for (long step = 1; step <= high - low; step++)
        {
            long until = range.Maximum + 1;
            while (from < until)
            {
                long middle = from + ((until - from) / 2);
                bool reached = falling ? level(middle) <= high - step : level(middle) >= low + step;
                if (reached)
                    until = middle;
                else
                    from = middle + 1;
            }
            thresholds.Add(from);
        }
        return new Steps(thresholds.MoveToImmutable(), falling);
    }
}
