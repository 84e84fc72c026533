using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

// The walk of the window over the input.
public sealed partial class Sequencer
{
    /// <summary>
    /// Where the window is: pooled positions within tiles within output columns within output rows. Each loop keeps where it began,
    /// and the next place is known in the cycle in which a round ends.
    /// </summary>
    private WindowWalk Window(Signal starting, Signal roundEnd)
    {
        var addressBits = configuration.OperandAddressBits;
        const int Coordinate = DescriptorLayout.CoordinateBits;
        Register(out var poolColumn, DescriptorLayout.PixelBits);
        Register(out var poolRow, DescriptorLayout.PixelBits);
        Register(out var tile, Tiles.Width(configuration));
        Register(out var outputColumn, DescriptorLayout.PixelBits);
        Register(out var outputRow, DescriptorLayout.PixelBits);
        Wire(out var lastPoolColumn, (poolColumn + 1).EqualTo(_fields[PoolWidth]));
        Wire(out var lastPool, lastPoolColumn & (poolRow + 1).EqualTo(_fields[PoolHeight]));
        Wire(out var lastTile, (tile + 1).EqualTo(_fields[Tiles]));
        Wire(out var outputEnd, lastPool & lastTile);
        Wire(out var rowEnd, outputEnd & (outputColumn + 1).EqualTo(_fields[OutputWidth]));
        Wire(out var finished, rowEnd & (outputRow + 1).EqualTo(_fields[OutputHeight]));
        Count(poolColumn, roundEnd, lastPoolColumn);
        Count(poolRow, roundEnd & lastPoolColumn, lastPool);
        Count(tile, roundEnd & lastPool, lastTile);
        Count(outputColumn, roundEnd & outputEnd, rowEnd);
        Count(outputRow, roundEnd & rowEnd, finished);

        Register(out var rowAddressBegin, addressBits);
        Register(out var outputAddressBegin, addressBits);
        Register(out var poolAddressBegin, addressBits);
        Register(out var windowAddress, addressBits);
        Wire(out var nextWindowAddress, Choose(starting, _fields[OperandBase],
            Choose(~lastPoolColumn, windowAddress + _fields[PositionColumnStep],
            Choose(~lastPool, poolAddressBegin + _fields[PositionRowStep],
            Choose(~lastTile, outputAddressBegin,
            Choose(~rowEnd, outputAddressBegin + _fields[OutputColumnStep], rowAddressBegin + _fields[OutputRowStep]))))));
        When(starting | roundEnd, () => windowAddress.Drive(nextWindowAddress));
        When(starting | (roundEnd & lastPoolColumn), () => poolAddressBegin.Drive(nextWindowAddress));
        When(starting | (roundEnd & outputEnd), () => outputAddressBegin.Drive(nextWindowAddress));
        When(starting | (roundEnd & rowEnd), () => rowAddressBegin.Drive(nextWindowAddress));

        Register(out var outputX, Coordinate);
        Register(out var windowX, Coordinate);
        Wire(out var nextWindowX, Choose(starting | rowEnd, _fields[FirstX],
            Choose(~lastPoolColumn, windowX + _fields[StrideX],
            Choose(~outputEnd, outputX, outputX + _fields[OutputStrideX]))));
        When(starting | roundEnd, () => windowX.Drive(nextWindowX));
        When(starting | (roundEnd & outputEnd), () => outputX.Drive(nextWindowX));

        Register(out var outputY, Coordinate);
        Register(out var windowY, Coordinate);
        Wire(out var nextWindowY, Choose(starting, _fields[FirstY],
            Choose(~lastPoolColumn, windowY,
            Choose(~lastPool, windowY + _fields[StrideY],
            Choose(~rowEnd, outputY, outputY + _fields[OutputStrideY])))));
        When(starting | roundEnd, () => windowY.Drive(nextWindowY));
        When(starting | (roundEnd & rowEnd), () => outputY.Drive(nextWindowY));

        Register(out var tileGroup, GroupBits);
        Wire(out var nextTileGroup, Choose(starting | outputEnd, _fields[GroupBase].ZeroExtend(GroupBits),
            Choose(lastPool, tileGroup + _fields[GroupsPerTile].ZeroExtend(GroupBits), tileGroup)));
        When(starting | roundEnd, () => tileGroup.Drive(nextTileGroup));
        Register(out var tileInitial, InitialBits);
        Wire(out var firstInitial, _fields[InitialBase].ZeroExtend(InitialBits));
        When(roundEnd & lastPool, () => tileInitial.Drive(Choose(lastTile, firstInitial, tileInitial + 1)));
        When(starting, () => tileInitial.Drive(firstInitial));

        Register(out var tileLevel, configuration.LevelAddressBits);
        When(roundEnd & lastPool, () => tileLevel.Drive(Choose(lastTile, _fields[LevelBase], tileLevel + _fields[TileLevels])));
        When(starting, () => tileLevel.Drive(_fields[LevelBase]));

        Wire(out var firstPool, poolColumn.EqualTo(0) & poolRow.EqualTo(0));
        PoolFirst.Drive(firstPool);
        PoolLast.Drive(lastPool);
        TileLast.Drive(lastTile);
        FetchInitial.Drive(tileInitial.Truncate(configuration.InitialAddressBits));
        Wire(out var filters, Choose(lastTile, _fields[LastTileFilters], _fields[TileFilters]));
        RoundFilters.Drive(filters);
        return new WindowWalk(nextWindowAddress, windowX, nextWindowX, nextWindowY, tileGroup, nextTileGroup, filters, tileLevel, tileInitial, lastPoolColumn, lastPool, outputEnd, finished);

        void Count(Register counter, Signal when, Signal wraps)
        {
            When(when, () => counter.Drive(Choose(wraps, Constant(0, counter.Width), counter + 1)));
            When(starting, () => counter.Drive(0));
        }
    }

    /// <summary>What the other walks need of the window.</summary>
    private sealed record WindowWalk(
        Signal NextAddress, Signal X, Signal NextX, Signal NextY, Signal Group, Signal NextGroup,
        Signal Filters, Signal Level, Signal Initial, Signal LastPoolColumn, Signal LastPool, Signal OutputEnd, Signal Finished);
}
