using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The ports between the similarity unit and the array: while the unit measures, what it says goes to the macro in place of the layer.</summary>
public sealed class SimilarityArray : Bundle
{
    /// <summary>Makes the ports.</summary>
    public SimilarityArray(ArrayConfiguration configuration)
        : base(BundleSide.Source, "array")
    {
        Measures = Forward(1, "measures");
        Evaluate = Forward(1, "evaluate");
        Group = Forward(configuration.GroupAddressBits, "group");
        Operand = Forward(configuration.Columns, "operand");
        Mask = Forward(configuration.Columns, "mask");
        Shift = Forward(configuration.ShiftBits, "shift");
        Negate = Forward(1, "negate");
        First = Forward(1, "first");
        SectorLane = Forward(configuration.LaneCountBits, "sector_lane");
        SectorLanes = Forward(configuration.LaneCountBits, "sector_lanes");
        Folds = Forward(Math.Max(1, configuration.LargestFolds), "folds");
        Operation = Forward(2, "operation");
        RowLane = Forward(configuration.LaneBits, "row_lane");
        Row = Backward(configuration.Columns, "row");
        Accumulators = Backward(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits, "accumulators");
    }

    /// <summary>1 while the unit measures.</summary>
    public Port Measures { get; }

    /// <summary>1 when the rows of the group meet the operand.</summary>
    public Port Evaluate { get; }

    /// <summary>The row group.</summary>
    public Port Group { get; }

    /// <summary>The operand: a row of the reference.</summary>
    public Port Operand { get; }

    /// <summary>The columns that count.</summary>
    public Port Mask { get; }

    /// <summary>The weight of the planes of operand and row.</summary>
    public Port Shift { get; }

    /// <summary>1 when the contribution is subtracted.</summary>
    public Port Negate { get; }

    /// <summary>1 when accumulators begin with the operand.</summary>
    public Port First { get; }

    /// <summary>The first lane of the sector.</summary>
    public Port SectorLane { get; }

    /// <summary>Lanes of a sector.</summary>
    public Port SectorLanes { get; }

    /// <summary>Which halvings of the lanes fold their counts together.</summary>
    public Port Folds { get; }

    /// <summary>The row operation of the instruction.</summary>
    public Port Operation { get; }

    /// <summary>The lane whose row is wanted.</summary>
    public Port RowLane { get; }

    /// <summary>That row of the group.</summary>
    public Port Row { get; }

    /// <summary>The accumulators of the compared lanes, as many bits of each as a distance has, lane 0 in the lowest bits.</summary>
    public Port Accumulators { get; }
}
