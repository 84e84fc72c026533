using HwGen.Architecture.Configuration;

namespace HwGen.Mapping;

/// <summary>How some filters of a layer lie in the array: which segment of which filter is in which row.</summary>
/// <param name="Filters">Filters, the first of which is filter 0 here.</param>
/// <param name="Segments">Segments of a filter: words of its window.</param>
/// <param name="Sectors">Groups of lanes that hold different segments of the same filters; 1 when a tile fills the lanes.</param>
/// <param name="TileFilters">Filters of a tile: evaluated together; also the lanes of a sector.</param>
internal sealed record ArrayPlacement(int Filters, int Segments, int Sectors, int TileFilters)
{
    /// <summary>Tiles of filters.</summary>
    public int Tiles => ((Filters - 1) / TileFilters) + 1;

    /// <summary>Filters of the last tile.</summary>
    public int LastTileFilters => Filters - ((Tiles - 1) * TileFilters);

    /// <summary>Row groups of a tile.</summary>
    public int GroupsPerTile => ((Segments - 1) / Sectors) + 1;

    /// <summary>Row groups in all.</summary>
    public int Groups => Tiles * GroupsPerTile;

    /// <summary>The row group, counted from the first of the placement, and the lane of a segment of a filter.</summary>
    public (int Group, int Lane) Row(int filter, int segment) =>
        (((filter / TileFilters) * GroupsPerTile) + (segment / Sectors), ((segment % Sectors) * TileFilters) + (filter % TileFilters));

    /// <summary>The placement of as many filters as fit into a number of row groups; null when not even one fits.</summary>
    /// <param name="configuration">The array.</param>
    /// <param name="filters">The filters that are left to place.</param>
    /// <param name="segments">Segments of a filter.</param>
    /// <param name="groups">Row groups that are free.</param>
    /// <param name="dense">True to use as few row groups as can be, false to drain as few accumulators as can be.</param>
    public static ArrayPlacement? Fit(ArrayConfiguration configuration, int filters, int segments, int groups, bool dense)
    {
        if (groups < 1)
        {
            return null;
        }

        var lanes = configuration.Lanes;
        if (segments <= groups && (filters >= lanes || !dense))
        {
            var tile = Math.Min(filters, lanes);
            var fits = (int)Math.Min(filters, (long)(groups / segments) * tile);
            return new ArrayPlacement(fits, segments, 1, tile);
        }

        // One tile with several sectors; the fewest that fit, or as many as there is room for.
        var needed = ((segments - 1) / groups) + 1;
        if (needed > lanes)
        {
            return null;
        }

        var placed = Math.Min(filters, lanes / needed);
        return new ArrayPlacement(placed, segments, dense ? Math.Min(lanes / placed, segments) : needed, placed);
    }
}
