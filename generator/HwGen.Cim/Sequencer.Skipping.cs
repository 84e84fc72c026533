using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

// Operands that count nothing, in a core that skips them.
public sealed partial class Sequencer
{
    /// <summary>
    /// Whether a weight plane is the last that an operand meets. Where operands are skipped, the second is for one that counts nothing: what it is like is known a cycle after it was fetched for the first. The
    /// first plane is always met, so that accumulators begin as they should.
    /// </summary>
    private Signal Skipping(Signal starting, Signal computing, Signal leftPlanes, Signal furtherPlanes, Signal highestPlane)
    {
        if (CountsNothing is not { } countsNothing)
        {
            return highestPlane;
        }

        Wire(out var skips, ~leftPlanes.EqualTo(_fields[WeightPlanes]) & ~highestPlane & countsNothing);
        var planes = Constant(0, configuration.SkippedCounterBits);
        for (var plane = 0; plane < furtherPlanes.Width; plane++)
        {
            planes += furtherPlanes[plane].ZeroExtend(planes.Width);
        }

        Wire(out var skippedPlanes, planes);
        Register(out var skippedOperands, configuration.SkippedCounterBits, reset: 0);
        When(computing & skips, () => skippedOperands.Drive(skippedOperands + skippedPlanes));
        When(starting, () => skippedOperands.Drive(0));
        SkippedOperands!.Drive(skippedOperands);
        return highestPlane | skips;
    }

    /// <summary>Where the next segment of a filter begins: behind the row of the last weight plane, which may not have been met where operands are skipped.</summary>
    private (Signal Lane, Signal Group) NextSegment(Signal steppedLane, Signal steppedGroup, Signal segmentLane, Signal segmentGroup)
    {
        if (!configuration.OperandSkipping)
        {
            return (steppedLane, steppedGroup);
        }

        using var scope = Scope("next_segment");
        var width = configuration.LaneCountBits + 1;
        Wire(out var lane, segmentLane.ZeroExtend(width) + _fields[SegmentLanes].ZeroExtend(width));
        Wire(out var wraps, lane.AtLeast(configuration.Lanes));
        Wire(out var group, segmentGroup + _fields[SegmentGroups].ZeroExtend(GroupBits));
        return (Choose(wraps, lane - configuration.Lanes, lane).Truncate(configuration.LaneCountBits), Choose(wraps, group + 1, group));
    }
}
