using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.SimilarityField;

namespace HwGen.Cim;

// The walk over the rows of a tile, and over the tiles.
public sealed partial class SimilaritySequencer
{
    /// <summary>
    /// Walks over the rows of a tile of filters: words, in each the bit-planes of the reference, in each the bit-planes of the rows. Where rows are XORed
    /// or captured a plane meets the same plane alone.
    /// </summary>
    private RowWalk Rows(ReferenceWalk chosen, StateMachine<Pass> pass, Signal walking, Signal preloading, Signal tileDone)
    {
        var rowBits = _widths.SegmentBits;
        var planeBits = Planes.Width(configuration);
        Register(out var word, Words.Width(configuration));
        Register(out var channelWord, Words.Width(configuration));
        Register(out var plane, planeBits);
        Register(out var wordRow, rowBits);
        Register(out var lane, configuration.LaneCountBits);
        Register(out var group, configuration.GroupAddressBits);
        Register(out var begins, 1);

        Wire(out var stepping, walking | preloading);
        Wire(out var lastPlane, (plane + 1).EqualTo(_fields[Planes]));
        var products = HasEuclidean ? new ProductWalk(this, planeBits, preloading) : null;
        Wire(out var endWord, products is null ? lastPlane : lastPlane & products.IsLast);
        Wire(out var lastChannelWord, (channelWord + 1).EqualTo(_fields[ChannelWords]));
        Wire(out var rowsEnd, endWord & (word + 1).EqualTo(_fields[Words]));
        Wire(out var laneNext, lane + _fields[SectorLanes]);
        Wire(out var lastSector, laneNext.EqualTo(configuration.Lanes));
        Wire(out var steppedLane, Choose(lastSector, Constant(0, lane.Width), laneNext));
        Wire(out var steppedGroup, Choose(lastSector, group + 1, group));

        When(stepping, () =>
        {
            begins.Drive(0);
            plane.Drive(plane + 1);
            lane.Drive(steppedLane);
            group.Drive(steppedGroup);
            When(lastPlane, () =>
            {
                // The next plane of the reference meets the rows of the word again.
                plane.Drive(0);
                products?.Plane.Drive(products.Plane + 1);
                if (products is not null)
                {
                    lane.Drive(products.WordLane);
                    group.Drive(products.WordGroup);
                }
            });
            When(endWord, () =>
            {
                products?.Plane.Drive(0);
                word.Drive(word + 1);
                channelWord.Drive(Choose(lastChannelWord, Constant(0, channelWord.Width), channelWord + 1));
                wordRow.Drive(wordRow + _fields[Planes].FitTo(rowBits));
                lane.Drive(steppedLane);
                group.Drive(steppedGroup);
                products?.WordLane.Drive(steppedLane);
                products?.WordGroup.Drive(steppedGroup);
            });
        });

        var (tile, isFirstTile, isLastTile, isCaptured, restarts, startGroup) = TileWalk(chosen, pass, tileDone);
        When(restarts, () =>
        {
            foreach (var counter in (Register[])[word, channelWord, plane, wordRow, lane])
            {
                counter.Drive(0);
            }

            group.Drive(startGroup);
            begins.Drive(1);
            products?.Plane.Drive(0);
            products?.WordLane.Drive(0);
            products?.WordGroup.Drive(startGroup);
        });

        Wire(out var rowNumber, wordRow + plane.FitTo(rowBits));
        Wire(out var captures, preloading | (walking & isCaptured));
        OperandRow.Drive(products is null ? rowNumber : Choose(products.IsLinear, rowNumber, wordRow + products.Plane.FitTo(rowBits)));
        CaptureRow.Drive(rowNumber);
        Capture.Drive(products is null ? captures : captures & (products.IsLinear | products.Plane.EqualTo(0)));
        CaptureLane.Drive((chosen.CaptureLane.FitTo(lane.Width) + lane).Truncate(configuration.LaneBits));
        Evaluate.Drive(walking);
        Group.Drive(group);
        Lane.Drive(lane);
        First.Drive(begins);
        LastWord.Drive(lastChannelWord);

        var shiftBits = configuration.ShiftBits;
        Wire(out var weighted, Choose(Flag(SimilarityControl.Weighted), plane.FitTo(shiftBits), Constant(0, shiftBits)));
        if (products is null)
        {
            Shift.Drive(weighted);
        }
        else
        {
            Wire(out var scaled, Choose(Flag(SimilarityControl.Quadruple), Constant(2, shiftBits), weighted));
            Shift.Drive(Choose(Flag(SimilarityControl.Product), plane.FitTo(shiftBits) + products.Plane.FitTo(shiftBits), scaled));
            Negate!.Drive(Flag(SimilarityControl.Product) & Flag(SimilarityControl.Signed) & (lastPlane ^ products.IsLastPlane));
        }

        Delayed(chosen, walking & rowsEnd, tile, isFirstTile, isLastTile);
        return new RowWalk(rowsEnd, isLastTile, restarts);
    }

    /// <summary>Walks over the tiles; a pass that measures lengths stays in the tile of the reference.</summary>
    private (Signal? Tile, Signal IsFirst, Signal IsLast, Signal IsCaptured, Signal Restarts, Signal StartGroup) TileWalk(
        ReferenceWalk chosen, StateMachine<Pass> pass, Signal tileDone)
    {
        Wire(out var restarts, width: 1);
        _restarts = restarts;
        if (chosen.Next.Tile is not { } nextTile)
        {
            return (null, Constant(1, 1), Constant(1, 1), Constant(1, 1), restarts, _fields[GroupBase]);
        }

        Wire(out var toPreload, width: 1);
        _toPreload = toPreload;
        Register(out var tile, _widths.TileBits);
        Register(out var tileGroup, configuration.GroupAddressBits);
        var isNorms = HasEuclidean ? pass.Is(Pass.Norms) : Constant(0, 1);
        Wire(out var filterGroup, _fields[GroupBase] + (nextTile.FitTo(tileGroup.Width) * _fields[GroupsPerTile]));
        Wire(out var referenceGroup, Choose(isNorms, filterGroup, _fields[GroupBase]));
        Wire(out var startGroup, Choose(toPreload, filterGroup, Choose(chosen.Advance, referenceGroup, tileGroup + _fields[GroupsPerTile])));
        When(restarts, () => tileGroup.Drive(startGroup));
        When(tileDone, () => tile.Drive(tile + 1));
        When(chosen.Advance, () => tile.Drive(Choose(isNorms, nextTile, Constant(0, tile.Width))));
        Wire(out var isLastTile, isNorms | (tile.FitTo(Tiles.Width(configuration)) + 1).EqualTo(_fields[Tiles]));
        return (tile, tile.EqualTo(0), isLastTile, tile.EqualTo(chosen.CaptureTile!), restarts, startGroup);
    }

    /// <summary>What belongs to the sums of a tile goes with its last operand: three cycles; it stays until the next tile's come.</summary>
    private void Delayed(ReferenceWalk chosen, Signal ends, Signal? tile, Signal isFirst, Signal isLast)
    {
        Register(out var read, ends, reset: 0);
        Register(out var counted, read, reset: 0);
        Register(out var summed, counted, reset: 0);
        Signal Later(string name, Signal value)
        {
            using var scope = Scope(name);
            Register(out var inRead, value, enable: ends);
            Register(out var inCount, inRead, enable: read);
            Register(out var inSum, inCount, enable: counted);
            return inSum;
        }

        Summed.Drive(summed);
        ReferenceLane.Drive(Later("reference_lane", chosen.Current.Lane));
        if (HasStatistics)
        {
            SummedFirst!.Drive(Later("first", isFirst));
            SummedLast!.Drive(Later("last", isLast));
            Reference!.Drive(Later("reference", chosen.Current.Index));
        }
        else
        {
            Discard(chosen.Current.Index);
        }

        if (tile is null)
        {
            SummedFilter?.Drive(Constant(0, _widths.FilterBits));
            return;
        }

        SummedTile!.Drive(Later("tile", tile));
        ReferenceTile!.Drive(Later("reference_tile", chosen.Current.Tile!));

        // The first filter of a tile by a product with a constant.
        var wide = _widths.FilterBits + _widths.LaneBits + 1;
        SummedFilter?.Drive(Later("filter", (tile.FitTo(wide) * Constant(_widths.ComparedLanes, wide)).Truncate(_widths.FilterBits)));
    }

    /// <summary>
    /// The second loop over planes that products take: which plane of the reference is the operand, and where the rows of the word begin.
    /// </summary>
    private sealed class ProductWalk
    {
        public ProductWalk(SimilaritySequencer sequencer, int planeBits, Signal preloading)
        {
            sequencer.Register(out var operandPlane, planeBits);
            sequencer.Register(out var wordLane, sequencer.Lane.Width);
            sequencer.Register(out var wordGroup, sequencer.Group.Width);
            sequencer.Wire(out var linear, preloading | ~sequencer.Flag(SimilarityControl.Product));
            sequencer.Wire(out var operandLast, (operandPlane + 1).EqualTo(sequencer._fields[Planes]));
            (Plane, WordLane, WordGroup) = (operandPlane, wordLane, wordGroup);
            (IsLinear, IsLastPlane, IsLast) = (linear, operandLast, linear | operandLast);
        }

        public Register Plane { get; }

        public Register WordLane { get; }

        public Register WordGroup { get; }

        /// <summary>1 where a plane meets the same plane alone.</summary>
        public Signal IsLinear { get; }

        public Signal IsLastPlane { get; }

        public Signal IsLast { get; }
    }

    /// <summary>What the states need of the rows.</summary>
    private sealed record RowWalk(Signal RowsEnd, Signal IsLastTile, Signal Restarts);
}
