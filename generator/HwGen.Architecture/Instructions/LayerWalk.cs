using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Instructions;

/// <summary>Whether a layer of a core that skips no operands comes to its end, by walking over its operands: where it leaves the array, and how long it takes.</summary>
internal static class LayerWalk
{
    /// <summary>Why the layer is stopped; none when it comes to its end.</summary>
    public static ErrorCode Of(ArrayConfiguration configuration, LayerDescriptor descriptor, long limit)
    {
        var outside = FirstOutside(configuration, descriptor, limit);
        return outside is { } cycle && cycle <= limit ? ErrorCode.LayerRange : descriptor.Cycles > limit ? ErrorCode.TimeLimit : ErrorCode.None;
    }

    /// <summary>The cycle in which an operand asks for a row group or an initial value that is not there, looked for up to a limit; null for none.</summary>
    private static long? FirstOutside(ArrayConfiguration configuration, LayerDescriptor descriptor, long limit)
    {
        var segments = (descriptor.Control.HasFlag(ControlBits.RepeatRows) ? 1L : (long)descriptor[KernelWidth] * descriptor[KernelHeight]) * descriptor[ChannelWords] * descriptor.WeightPlanes;
        var keeps = descriptor.Control.HasFlag(ControlBits.KeepAccumulators);
        // The lane of a segment steps by SectorLanes in as many bits as a number of lanes has, and the group when that gives the number of lanes.
        long GroupsOver(long count)
        {
            var (groups, lane) = (0L, 0);
            for (var i = 0L; i < count && groups <= configuration.Groups; i++)
            {
                lane = (lane + descriptor[SectorLanes]) & ((1 << configuration.LaneCountBits) - 1);
                (groups, lane) = lane == configuration.Lanes ? (groups + 1, 0) : (groups, lane);
            }

            return groups;
        }

        var lastGroup = GroupsOver(segments - 1);
        var cycle = descriptor[PreloadCycles] + (descriptor.PacksWindows ? WindowSchedule.Wait(new WindowSchedule(descriptor).FirstReads, 0, 0) : 0L);
        var round = Math.Max(descriptor.OperandsPerRound, descriptor[RoundCycles]);
        for (var tile = 0; tile < descriptor[Tiles]; tile++)
        {
            var first = descriptor[GroupBase] + ((long)tile * descriptor[GroupsPerTile]);
            if (first >= configuration.Groups || (!keeps && descriptor[InitialBase] + tile >= configuration.InitialDepth))
            {
                return cycle;
            }

            if (first + lastGroup >= configuration.Groups)
            {
                return cycle + OperandOf(configuration, descriptor, configuration.Groups - first);
            }

            // The first round of all waits for nothing.
            cycle += ((long)descriptor[PoolWidth] * descriptor[PoolHeight] * round) - (tile == 0 ? round - descriptor.OperandsPerRound : 0);
            if (cycle > limit)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The number of the first operand of a round that meets a group so far behind the first.</summary>
    private static long OperandOf(ArrayConfiguration configuration, LayerDescriptor descriptor, long groups)
    {
        var (group, lane, operand) = (0L, 0, 0L);
        int Step(ref long g, int l)
        {
            l = (l + descriptor[SectorLanes]) & ((1 << configuration.LaneCountBits) - 1);
            (g, l) = l == configuration.Lanes ? (g + 1, 0) : (g, l);
            return l;
        }

        while (true)
        {
            // A segment: its weight planes lie in rows of their own, and every input plane meets them again.
            var (rowGroup, rowLane) = (group, lane);
            for (var weightPlane = 0; weightPlane < descriptor.WeightPlanes; weightPlane++, operand++)
            {
                if (rowGroup >= groups)
                {
                    return operand;
                }

                rowLane = Step(ref rowGroup, rowLane);
            }

            operand += (long)(descriptor[Planes] - 1) * descriptor.WeightPlanes;
            (group, lane) = (rowGroup, rowLane);
        }
    }
}
