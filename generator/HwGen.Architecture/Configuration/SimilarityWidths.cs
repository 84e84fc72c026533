using System.Numerics;

namespace HwGen.Architecture.Configuration;

/// <summary>
/// Sizes and widths of a similarity unit: each follows from the largest value that its configuration allows, so nothing can overflow.
/// </summary>
public sealed class SimilarityWidths
{
    private readonly ArrayConfiguration _array;

    /// <summary>Computes them.</summary>
    /// <exception cref="ArgumentException">The configuration has no similarity unit.</exception>
    public SimilarityWidths(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Unit = configuration.Similarity ?? throw new ArgumentException("The configuration has no similarity unit.", nameof(configuration));
        _array = configuration;
    }

    /// <summary>The unit.</summary>
    public SimilarityConfiguration Unit { get; }

    /// <summary>Lanes whose distances are looked at: as many as there are, or as filters may be.</summary>
    public int ComparedLanes => Math.Min(_array.Lanes, Unit.Filters);

    /// <summary>The most tiles of filters.</summary>
    public int LargestTiles => ((Unit.Filters - 1) / ComparedLanes) + 1;

    /// <summary>Bits of a tile's number.</summary>
    public int TileBits => Index(LargestTiles);

    /// <summary>Bits of a compared lane's number.</summary>
    public int LaneBits => Index(ComparedLanes);

    /// <summary>Bits of a filter's number.</summary>
    public int FilterBits => Index(Unit.Filters);

    /// <summary>Bits of a number of filters, 0 to <see cref="SimilarityConfiguration.Filters"/>.</summary>
    public int FilterCountBits => Count(Unit.Filters);

    /// <summary>Bits of a segment's number.</summary>
    public int SegmentBits => Index(Unit.Segments);

    /// <summary>32-bit words of valid bits.</summary>
    public int ValidWords => ((Unit.Filters - 1) / 32) + 1;

    /// <summary>Bits of the address of a word of valid bits.</summary>
    public int ValidAddressBits => Index(ValidWords);

    /// <summary>
    /// The largest distance in the accumulators: all cells of a filter differ in all bit-planes. A squared distance of ±1 weights is 4 times
    /// the Hamming distance.
    /// </summary>
    public long LargestDistance => Unit.Distances.Max(Largest);

    /// <summary>Bits of a distance as it is accumulated: for the Euclidean one, of the square.</summary>
    public int DistanceBits => Count(LargestDistance);

    /// <summary>The largest distance of the statistics: for the Euclidean one, the root.</summary>
    public long LargestStatistic => Unit.Distances.Max(kind => kind == SimilarityDistance.Euclidean ? Root(LargestSquare) : Largest(kind));

    /// <summary>Bits of a distance as the statistics take it.</summary>
    public int StatisticBits => Count(LargestStatistic);

    /// <summary>Bits of a root ⌊√(256·d²)⌋.</summary>
    public int RootBits => Count(Root(LargestSquare));

    /// <summary>Bits of a threshold: a distance is similar when it lies below, and all may.</summary>
    public int ThresholdBits => StatisticBits + 1;

    /// <summary>The most pairs.</summary>
    public long LargestPairs => (long)Unit.Filters * (Unit.Filters - 1) / 2;

    /// <summary>Bits of a number of pairs.</summary>
    public int PairBits => Count(LargestPairs);

    /// <summary>Bits of the sum of all distances.</summary>
    public int SumBits => (int)((BigInteger)LargestPairs * LargestStatistic).GetBitLength();

    /// <summary>Bits of the sum of their squares.</summary>
    public int SquaresBits => (int)((BigInteger)LargestPairs * LargestStatistic * LargestStatistic).GetBitLength();

    /// <summary>The largest sum of absolute contributions of a distance or a product of rows: what accumulators and shifts must hold.</summary>
    public long LargestSum => Unit.HasEuclidean ? Math.Max(LargestDistance, LargestSquare) : LargestDistance;

    private long WordsOfWidest => Math.Max(1, Unit.Segments / _array.WeightBits);

    private long LargestSquare
    {
        get
        {
            var step = (1L << _array.WeightBits) - 1;
            return Math.Max(4L * Unit.Segments * _array.Columns, WordsOfWidest * _array.Columns * step * step);
        }
    }

    private long Largest(SimilarityDistance kind) => kind switch
    {
        SimilarityDistance.PlaneWeighted => Math.Max((long)Unit.Segments * _array.Columns, WordsOfWidest * _array.Columns * ((1L << _array.WeightBits) - 1)),
        SimilarityDistance.Euclidean => LargestSquare,
        _ => (long)Unit.Segments * _array.Columns,
    };

    private static long Root(long square)
    {
        var value = (BigInteger)square << 8;
        var root = (BigInteger)Math.Sqrt((double)value);
        while (root * root > value)
        {
            root--;
        }

        while ((root + 1) * (root + 1) <= value)
        {
            root++;
        }

        return (long)root;
    }

    private static int Count(long largest) => largest <= 0 ? 1 : BitOperations.Log2((ulong)largest) + 1;

    private static int Index(long items) => Count(items - 1);
}
