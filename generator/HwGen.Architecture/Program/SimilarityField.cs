using System.Numerics;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>The fields of a similarity command, one host word each; the value is the address at which the host writes it.</summary>
public enum SimilarityField
{
    /// <summary>The rule, what is measured and how: see <see cref="SimilarityControl"/>.</summary>
    Control,

    /// <summary>The row group of the first segment of the first filter.</summary>
    GroupBase,

    /// <summary>Row groups between neighbouring tiles of filters.</summary>
    GroupsPerTile,

    /// <summary>Filters of the layer, pruned ones included.</summary>
    Filters,

    /// <summary>Tiles of filters: filter f is in tile f / lanes.</summary>
    Tiles,

    /// <summary>Filters of the fullest tile.</summary>
    TileFilters,

    /// <summary>Words of a filter.</summary>
    Words,

    /// <summary>Words of a kernel position; the last of each has <see cref="LastWordColumns"/>.</summary>
    ChannelWords,

    /// <summary>Columns that count in the last word of a kernel position.</summary>
    LastWordColumns,

    /// <summary>Bit-planes of a weight: rows that a word takes.</summary>
    Planes,

    /// <summary>Lanes of a sector.</summary>
    SectorLanes,

    /// <summary>Which halvings of the lanes fold their counts together.</summary>
    Folds,

    /// <summary>The most similar partners that a filter may have: ⌊c·(F − 1)⌋.</summary>
    Limit,

    /// <summary>Filters that stay at least.</summary>
    MinimumAlive,

    /// <summary>How many filters go at most under the quota; at least 1.</summary>
    Quota,

    /// <summary>Mantissa of b.</summary>
    Mantissa,

    /// <summary>Exponent of b: b = mantissa · 2^−exponent.</summary>
    Exponent,

    /// <summary>The fixed threshold that replaces the statistics.</summary>
    Threshold,
}

/// <summary>The bits of <see cref="SimilarityField.Control"/>; the lowest two are the rule, a <see cref="SimilarityRule"/> or <see cref="ReadDistances"/>.</summary>
[Flags]
public enum SimilarityControl
{
    /// <summary>The rule <see cref="SimilarityRule.Paper"/>, Hamming distances, thresholds from the statistics.</summary>
    None = 0,

    /// <summary>In place of a rule: nothing is pruned, the distances of all pairs go to the host.</summary>
    ReadDistances = 3,

    /// <summary>A fixed threshold in place of the statistics.</summary>
    FixedThreshold = 4,

    /// <summary>Each bit-plane counts with its weight.</summary>
    Weighted = 8,

    /// <summary>Squared distances by the AND of rows.</summary>
    Product = 16,

    /// <summary>The last bit-plane is a sign.</summary>
    Signed = 32,

    /// <summary>Counts count four times: the squared distance of ±1 weights.</summary>
    Quadruple = 64,

    /// <summary>Statistics take roots.</summary>
    Root = 128,
}

/// <summary>The widths of the fields of a similarity command.</summary>
public static class SimilarityLayout
{
    /// <summary>Bits of <see cref="SimilarityField.Control"/>.</summary>
    public const int ControlBits = 8;

    /// <summary>Bits of <see cref="SimilarityField.Mantissa"/>.</summary>
    public const int MantissaBits = 16;

    /// <summary>Bits of <see cref="SimilarityField.Exponent"/>.</summary>
    public const int ExponentBits = 7;

    /// <summary>All fields in order of their addresses.</summary>
    public static IReadOnlyList<SimilarityField> Fields { get; } = Enum.GetValues<SimilarityField>();

    /// <summary>Bits of a field's address.</summary>
    public static int AddressBits { get; } = Bits(Fields.Count - 1);

    /// <summary>Bits of a field.</summary>
    public static int Width(this SimilarityField field, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var widths = new SimilarityWidths(configuration);
        return field switch
        {
            SimilarityField.Control => ControlBits,
            SimilarityField.GroupBase => configuration.GroupAddressBits,
            SimilarityField.GroupsPerTile => configuration.GroupAddressBits,
            SimilarityField.Filters or SimilarityField.Limit or SimilarityField.MinimumAlive or SimilarityField.Quota => widths.FilterCountBits,
            SimilarityField.Tiles => Bits(widths.LargestTiles),
            SimilarityField.TileFilters => Bits(widths.ComparedLanes),
            SimilarityField.Words or SimilarityField.ChannelWords => Bits(widths.Unit.Segments),
            SimilarityField.LastWordColumns => Bits(configuration.Columns),
            SimilarityField.Planes => Bits(configuration.WeightBits),
            SimilarityField.SectorLanes => configuration.LaneCountBits,
            SimilarityField.Folds => Math.Max(1, configuration.LargestFolds),
            SimilarityField.Mantissa => MantissaBits,
            SimilarityField.Exponent => ExponentBits,
            SimilarityField.Threshold => widths.ThresholdBits,
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };
    }

    private static int Bits(int largest) => BitOperations.Log2((uint)largest) + 1;
}
