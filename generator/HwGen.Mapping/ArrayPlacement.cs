using HwGen.Architecture.Configuration;

namespace HwGen.Mapping;

/// <summary>How some filters of a layer lie in the array: which segment of which filter is in which row.</summary>
/// <param name="Filters">Filters, the first of which is filter 0 here.</param>
/// <param name="Segments">Rows of a filter: weight bit-planes of the words of its window.</param>
/// <param name="Folds">How often the lanes are halved: 2^folds sectors of lanes hold different segments of the same filters.</param>
/// <param name="TileFilters">Filters of a tile: evaluated together; at most the lanes of a sector.</param>
/// <param name="SectorLanes">Lanes of a sector in each macro.</param>
/// <param name="Macros">Macros: they share the filters of a tile.</param>
/// <param name="Lanes">Lanes of a macro.</param>
/// <param name="FilterLanes">Lanes that a filter takes in the first sector: one, or one for each of its weight bit-planes, the highest first.</param>
internal sealed record ArrayPlacement(int Filters, int Segments, int Folds, int TileFilters, int SectorLanes, int Macros, int Lanes, int FilterLanes = 1)
{
    /// <summary>Lanes of a tile's filters.</summary>
    public int TileLanes => TileFilters * FilterLanes;

    /// <summary>Lanes of the last tile's filters.</summary>
    public int LastTileLanes => LastTileFilters * FilterLanes;

    /// <summary>Tiles of filters.</summary>
    public int Tiles => ((Filters - 1) / TileFilters) + 1;

    /// <summary>Filters of the last tile.</summary>
    public int LastTileFilters => Filters - ((Tiles - 1) * TileFilters);

    /// <summary>Row groups of a tile.</summary>
    public int GroupsPerTile => ((Segments - 1) >> Folds) + 1;

    /// <summary>Row groups in all.</summary>
    public int Groups => Tiles * GroupsPerTile;

    /// <summary>The row group, counted from the first of the placement, and the lane of a segment of a filter.</summary>
    public (int Group, int Lane) Row(int filter, int segment, int filterLane = 0) =>
        (((filter / TileFilters) * GroupsPerTile) + (segment >> Folds), Lane(filter, filterLane) + ((segment & ((1 << Folds) - 1)) * SectorLanes));

    /// <summary>A lane of a filter in the first sector, counted over all macros.</summary>
    public int Lane(int filter, int filterLane = 0)
    {
        var inTile = (filter % TileFilters * FilterLanes) + filterLane;
        return ((inTile % Macros) * Lanes) + (inTile / Macros);
    }

    /// <summary>The placement of as many filters as fit into a number of row groups; null when not even one fits.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="filters">The filters that are left to place.</param>
    /// <param name="segments">Rows of a filter.</param>
    /// <param name="groups">Row groups that are free.</param>
    /// <param name="mostFilters">The most filters that anything else has room for.</param>
    /// <param name="filterLanes">Lanes of a filter.</param>
    public static ArrayPlacement? Fit(ArrayConfiguration configuration, int filters, int segments, int groups, int mostFilters, int filterLanes = 1)
    {
        for (var folds = Loosest(configuration, filters, filterLanes); folds <= configuration.LargestFolds; folds++)
        {
            var sectorLanes = configuration.Lanes >> folds;
            var tile = Math.Min(Math.Min(filters, mostFilters), sectorLanes * configuration.Macros / filterLanes);
            if (tile < 1)
            {
                return null;
            }

            var groupsPerTile = ((segments - 1) >> folds) + 1;
            var tiles = Math.Min(groups / groupsPerTile, configuration.InitialDepth);
            if (tiles >= 1)
            {
                return new ArrayPlacement((int)Math.Min(Math.Min(filters, mostFilters), (long)tiles * tile), segments, folds, tile, sectorLanes, configuration.Macros, configuration.Lanes, filterLanes);
            }
        }

        return null;
    }

    /// <summary>A placement of one tile that holds a part of the segments of as many filters as fit the lanes.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="filters">The filters that are left to place.</param>
    /// <param name="segments">Segments that every part should at least hold: the lanes are halved further for it where they can be.</param>
    /// <param name="groups">Row groups that are free.</param>
    /// <param name="filterLanes">Lanes of a filter.</param>
    public static ArrayPlacement OfPart(ArrayConfiguration configuration, int filters, int segments, int groups, int filterLanes = 1)
    {
        var folds = Loosest(configuration, filters, filterLanes);
        while (folds < configuration.LargestFolds && groups << folds < segments && (configuration.Lanes >> (folds + 1)) * configuration.Macros >= filterLanes)
        {
            folds++;
        }

        var sectorLanes = configuration.Lanes >> folds;
        var tile = Math.Min(filters, sectorLanes * configuration.Macros / filterLanes);
        return new ArrayPlacement(tile, 1, folds, tile, sectorLanes, configuration.Macros, configuration.Lanes, filterLanes);
    }

    /// <summary>The most folds that leave a lane for every filter: they cost no cycle and save row groups.</summary>
    private static int Loosest(ArrayConfiguration configuration, int filters, int filterLanes)
    {
        var folds = 0;
        while (folds < configuration.LargestFolds && (configuration.Lanes >> (folds + 1)) * configuration.Macros >= (long)filters * filterLanes)
        {
            folds++;
        }

        return folds;
    }
}
