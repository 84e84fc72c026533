namespace HwGen.Architecture.Configuration;

// Several macros: they meet the same operand, and the filters of a tile take turns over them.
public sealed partial record ArrayConfiguration
{
    /// <summary>The most macros of a core.</summary>
    public const int LargestMacros = 64;

    /// <summary>Macros; rows, lanes and row groups are those of one.</summary>
    public int Macros { get; init; } = 1;

    /// <summary>Lanes of all macros: filters that are evaluated at once.</summary>
    public int TotalLanes => Lanes * Macros;

    /// <summary>Rows of all macros.</summary>
    public int TotalRows => Rows * Macros;

    /// <summary>Bits of the number of a lane of all macros: macro · lanes + lane.</summary>
    public int TotalLaneBits => Bits(TotalLanes - 1);

    /// <summary>Bits of a number of filters of a tile, 0 to all lanes.</summary>
    public int FilterCountBits => Bits(TotalLanes);

    /// <summary>The lane of a filter of a tile, counted over all macros: neighbouring filters lie in neighbouring macros.</summary>
    /// <param name="filter">The filter within the tile.</param>
    /// <param name="firstLane">The first lane of its sector.</param>
    public int LaneOf(int filter, int firstLane = 0) => ((filter % Macros) * Lanes) + firstLane + (filter / Macros);
}
