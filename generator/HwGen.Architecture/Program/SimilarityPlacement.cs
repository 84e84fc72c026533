using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>
/// Where the filters of a layer lie in the array when their similarity is measured: filter f is in tile f / lanes; each of its rows holds
/// one bit-plane of a word of its weights. Where a tile has at most half as many filters as there are lanes, sectors of lanes hold other rows of the same filters.
/// </summary>
/// <param name="Filters">Filters of the layer.</param>
/// <param name="FanIn">Weights of a filter.</param>
/// <param name="Planes">Bit-planes of a weight; 1 for ±1.</param>
/// <param name="Words">Words of a filter.</param>
/// <param name="Tiles">Tiles of filters.</param>
/// <param name="Folds">How often the lanes are halved.</param>
/// <param name="GroupsPerTile">Row groups of a tile.</param>
public sealed record SimilarityPlacement(int Filters, int FanIn, int Planes, int Words, int Tiles, int Folds, int GroupsPerTile)
{
    /// <summary>Places a layer, from row group 0 on.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="filters">Filters of the layer.</param>
    /// <param name="fanIn">Weights of a filter.</param>
    /// <param name="planes">Bit-planes of a weight; 1 for ±1.</param>
    /// <param name="refusal">What does not fit; null where all does.</param>
    /// <returns>Null when the layer does not fit.</returns>
    public static SimilarityPlacement? TryPlace(ArrayConfiguration configuration, int filters, int fanIn, int planes, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var words = ((fanIn - 1) / configuration.Columns) + 1;
        var rows = (long)words * planes;
        var tiles = ((filters - 1) / configuration.Lanes) + 1;
        var folds = 0;
        while (folds < configuration.LargestFolds && filters <= configuration.Lanes >> (folds + 1) && rows > 1L << folds)
        {
            folds++;
        }

        var groups = ((rows - 1) >> folds) + 1;
        refusal = configuration.Similarity switch
        {
            null => "the array has no similarity unit (similarity)",
            var unit when filters > unit.Filters => FormattableString.Invariant($"{filters} filters; the similarity unit holds {unit.Filters} (similarity.filters)"),
            var unit when rows > unit.Segments => FormattableString.Invariant($"{rows} rows a filter; the similarity unit holds {unit.Segments} (similarity.segments)"),
            _ when planes > configuration.WeightBits => FormattableString.Invariant($"{planes} bits a weight; the array holds {configuration.WeightBits} (arithmetic.weightBits)"),
            _ when groups * tiles > configuration.Groups => FormattableString.Invariant(
                $"{groups * tiles} row groups of {configuration.Lanes} lanes; the array has {configuration.Groups} (array.rows: at least {groups * tiles * configuration.Lanes})"),
            _ => null,
        };
        return refusal is null ? new SimilarityPlacement(filters, fanIn, planes, words, tiles, folds, (int)groups) : null;
    }

    /// <summary>The row of a word's bit-plane.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="word">The word.</param>
    /// <param name="plane">The bit-plane.</param>
    public (int Group, int Lane) RowOf(ArrayConfiguration configuration, int filter, int word, int plane)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var (tile, lane) = (filter / configuration.Lanes, filter % configuration.Lanes);
        var row = (word * Planes) + plane;
        return ((tile * GroupsPerTile) + (row >> Folds), lane + ((row & ((1 << Folds) - 1)) * (configuration.Lanes >> Folds)));
    }

    /// <summary>The fields of a command that follow from the placement.</summary>
    public Dictionary<SimilarityField, int> Fields(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new Dictionary<SimilarityField, int>
        {
            [SimilarityField.GroupsPerTile] = Tiles == 1 ? 0 : GroupsPerTile,
            [SimilarityField.Filters] = Filters,
            [SimilarityField.Tiles] = Tiles,
            [SimilarityField.TileFilters] = Math.Min(Filters, configuration.Lanes),
            [SimilarityField.Words] = Words,
            [SimilarityField.ChannelWords] = Words,
            [SimilarityField.LastWordColumns] = FanIn - ((Words - 1) * configuration.Columns),
            [SimilarityField.Planes] = Planes,
            [SimilarityField.SectorLanes] = configuration.Lanes >> Folds,
            [SimilarityField.Folds] = (1 << Folds) - 1,
        };
    }
}
