namespace HwGen.Mapping;

/// <summary>
/// When the values of a round complete operand words. A word of each bit-plane is written a cycle, and a value that completes the next words waits for the last of them: a round
/// that is too short for its values and these waits would be overtaken by the next.
/// </summary>
/// <param name="Columns">Values that fill a word.</param>
/// <param name="Planes">Bit-planes: cycles that the words of a value take.</param>
/// <param name="FilterCycles">Cycles from one value to the next.</param>
/// <param name="FirstBit">Where the first value of an output lies in its word.</param>
/// <param name="PooledPositions">Rounds of a tile, of which the last gives the values.</param>
internal readonly record struct WordSpacing(int Columns, int Planes, int FilterCycles, int FirstBit, int PooledPositions)
{
    /// <summary>
    /// True when every tile's values are out before the next round ends, rounds being so many cycles apart. Three outputs show it: where the third leaves its words no later behind it
    /// than the second did, none after it does.
    /// </summary>
    public bool Allows(ArrayPlacement placement, long roundCycles)
    {
        long round = 0, written = 0, lag = long.MaxValue;
        for (var output = 0; output < 3; output++)
        {
            var fill = FirstBit;
            for (var tile = 0; tile < placement.Tiles; tile++)
            {
                round += PooledPositions;
                var isLast = tile == placement.Tiles - 1;
                var filters = isLast ? placement.LastTileFilters : placement.TileFilters;
                var begins = round * roundCycles;
                long waited = 0;
                for (var left = filters; left > 0;)
                {
                    var count = Math.Min(left, Columns - fill);
                    (left, fill) = (left - count, (fill + count) % Columns);
                    if (fill > 0 && !(isLast && left == 0))
                    {
                        continue;
                    }

                    var completes = begins + waited + ((long)(filters - left) * FilterCycles);
                    var writes = Math.Max(completes, written);
                    (waited, written) = (waited + writes - completes, writes + Planes);
                }

                if (waited + ((long)filters * FilterCycles) > roundCycles)
                {
                    return false;
                }
            }

            if (output == 2 && written - (round * roundCycles) > lag)
            {
                return false;
            }

            lag = written - (round * roundCycles);
        }

        return true;
    }
}
