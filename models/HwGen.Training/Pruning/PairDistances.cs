namespace HwGen.Training.Pruning;

/// <summary>The distances of all pairs of some filters, by the filters' places in the list that was measured.</summary>
public sealed class PairDistances
{
    private readonly long[] _values;

    /// <summary>Makes distances of 0.</summary>
    /// <param name="count">Filters.</param>
    public PairDistances(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        _values = new long[checked(count * Math.Max(0, count - 1) / 2)];
    }

    /// <summary>The number of filters.</summary>
    public int Count { get; }

    /// <summary>The number of pairs.</summary>
    public int Pairs => _values.Length;

    /// <summary>The distance of a pair.</summary>
    /// <param name="first">A place in the list.</param>
    /// <param name="second">Another place.</param>
    /// <returns>The distance, 0 or more.</returns>
    public long this[int first, int second]
    {
        get => _values[Index(first, second)];
        set => _values[Index(first, second)] = value;
    }

    private int Index(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(first, second);
        (int low, int high) = first < second ? (first, second) : (second, first);
        ArgumentOutOfRangeException.ThrowIfNegative(low);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(high, Count);
        return (high * (high - 1) / 2) + low;
    }
}
