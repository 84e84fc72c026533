using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

// The walk over the operands of a window.
public sealed partial class Sequencer
{
    /// <summary>Walks over the operands of one window: bit-planes, channel words, kernel columns, kernel rows; gives "last operand of a round".</summary>
    private Signal Operands(Signal starting, Signal computing, Signal roundEnd, WindowWalk window)
    {
        const int Pixel = DescriptorLayout.PixelBits;
        // The weight planes that the operand has still to meet; it meets the lowest of them.
        Register(out var leftPlanes, configuration.WeightBits);
        Register(out var plane, Planes.Width(configuration));
        Register(out var word, Pixel);
        Register(out var kernelColumn, Pixel);
        Register(out var kernelRow, Pixel);
        Register(out var address, configuration.OperandAddressBits);
        Register(out var columnAddress, configuration.OperandAddressBits);
        Register(out var rowAddress, configuration.OperandAddressBits);
        Register(out var x, DescriptorLayout.CoordinateBits);
        Register(out var y, DescriptorLayout.CoordinateBits);
        Register(out var lane, configuration.LaneCountBits);
        Register(out var group, GroupBits);
        Register(out var segmentLane, configuration.LaneCountBits);
        Register(out var segmentGroup, GroupBits);
        Register(out var first, 1);

        Wire(out var furtherPlanes, leftPlanes & (leftPlanes - 1));
        Wire(out var highestPlane, ~furtherPlanes.AnyOne());
        var lastWeightPlane = Skipping(starting, computing, leftPlanes, furtherPlanes, highestPlane);
        Wire(out var lastPlane, (plane + 1).EqualTo(_fields[Planes]));
        Wire(out var endSegment, lastWeightPlane & lastPlane);
        Wire(out var lastWord, (word + 1).EqualTo(_fields[ChannelWords]));
        Wire(out var endWord, endSegment & lastWord);
        Wire(out var endColumn, endWord & (kernelColumn + 1).EqualTo(_fields[KernelWidth]));
        Wire(out var endRow, endColumn & (kernelRow + 1).EqualTo(_fields[KernelHeight]));
        Wire(out var nextLane, lane + _fields[SectorLanes]);
        Wire(out var lastSector, nextLane.EqualTo(configuration.Lanes));
        Wire(out var steppedLane, Choose(lastSector, Constant(0, lane.Width), nextLane));
        Wire(out var steppedGroup, Choose(lastSector, group + 1, group));
        var (nextSegmentLane, nextSegmentGroup) = NextSegment(steppedLane, steppedGroup, segmentLane, segmentGroup);
        Wire(out var nextColumn, columnAddress + _fields[KernelColumnStep]);
        Wire(out var nextRow, rowAddress + _fields[KernelRowStep]);

        When(computing, () =>
        {
            first.Drive(0);
            leftPlanes.Drive(furtherPlanes);
            lane.Drive(steppedLane);
            group.Drive(steppedGroup);
            When(lastWeightPlane, () =>
            {
                // The next input plane meets the same rows again.
                leftPlanes.Drive(_fields[WeightPlanes]);
                plane.Drive(plane + 1);
                address.Drive(address + 1);
                lane.Drive(segmentLane);
                group.Drive(segmentGroup);
            });
            When(endSegment, () =>
            {
                plane.Drive(0);
                word.Drive(word + 1);
                lane.Drive(nextSegmentLane);
                group.Drive(nextSegmentGroup);
                segmentLane.Drive(nextSegmentLane);
                segmentGroup.Drive(nextSegmentGroup);
            });
            When(endWord, () =>
            {
                word.Drive(0);
                kernelColumn.Drive(kernelColumn + 1);
                address.Drive(nextColumn);
                columnAddress.Drive(nextColumn);
                x.Drive(x + _fields[DilationX]);
                When(RepeatRows, () =>
                {
                    lane.Drive(0);
                    segmentLane.Drive(0);
                    group.Drive(window.Group);
                    segmentGroup.Drive(window.Group);
                });
            });
            When(endColumn, () =>
            {
                kernelColumn.Drive(0);
                kernelRow.Drive(kernelRow + 1);
                address.Drive(nextRow);
                columnAddress.Drive(nextRow);
                rowAddress.Drive(nextRow);
                x.Drive(window.X);
                y.Drive(y + _fields[DilationY]);
            });
        });
        When(starting | roundEnd, () =>
        {
            foreach (var counter in (Register[])[plane, word, kernelColumn, kernelRow, lane, segmentLane])
            {
                counter.Drive(0);
            }

            leftPlanes.Drive(_fields[WeightPlanes]);
            foreach (var start in (Register[])[address, columnAddress, rowAddress])
            {
                start.Drive(window.NextAddress);
            }

            x.Drive(window.NextX);
            y.Drive(window.NextY);
            group.Drive(window.NextGroup);
            segmentGroup.Drive(window.NextGroup);
            first.Drive(1);
        });

        WindowOperands(computing & lastWeightPlane, computing & endSegment, roundEnd, window);
        Fetch.Drive(computing);
        FetchAddress.Drive(address);
        // A coordinate below 0 is a large number without its sign: one comparison finds both edges.
        var within = x.LessThan(_fields[InputWidth]) & y.LessThan(_fields[InputHeight]);
        Wire(out var withinInput, PacksWindows is null ? within : within | PacksWindows);
        FetchInside.Drive(withinInput);
        // A round may end behind its last operand.
        Register(out var wasWithinInput, withinInput, enable: computing);
        RoundInside.Drive(Choose(computing, withinInput, wasWithinInput));
        FetchLastWord.Drive(lastWord);
        FetchShift.Drive(plane.FitTo(configuration.ShiftBits) + Lowest(leftPlanes));
        FetchSign.Drive((lastPlane & SignedPlanes) ^ (highestPlane & SignedWeights));
        FetchGroup.Drive(group.Truncate(configuration.GroupAddressBits));
        FetchLane.Drive(lane);
        FetchFirst.Drive(first & ~Keep);
        FetchOutside?.Drive(computing & (group.AtLeast(configuration.Groups) | (first & ~Keep & window.Initial.AtLeast(configuration.InitialDepth))));
        return computing & endRow;
    }

    /// <summary>The place of the lowest one.</summary>
    private Signal Lowest(Signal ones)
    {
        var place = Constant(0, configuration.ShiftBits);
        for (var bit = ones.Width - 1; bit > 0; bit--)
        {
            place = Choose(ones[bit], Constant(bit, configuration.ShiftBits), place);
        }

        return Choose(ones[0], Constant(0, configuration.ShiftBits), place);
    }
}
