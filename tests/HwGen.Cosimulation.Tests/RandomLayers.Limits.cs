using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cosimulation.Tests;

// What a drawn layer must keep beyond the rules of each field: the mapper does, and nobody checks it.
internal static partial class RandomLayers
{
    /// <summary>Coordinates of the whole layer fit their width.</summary>
    private static bool HoldsCoordinates(LayerDescriptor descriptor)
    {
        const int Limit = 1 << (DescriptorLayout.CoordinateBits - 1);
        bool Holds(DescriptorField first, DescriptorField outputs, DescriptorField outputStride, DescriptorField pool, DescriptorField stride, DescriptorField kernel, DescriptorField dilation)
        {
            var begin = descriptor[first] >= Limit ? descriptor[first] - (2 * Limit) : descriptor[first];
            // The step behind the last one is made too.
            return begin + ((long)descriptor[outputs] * descriptor[outputStride]) + ((long)descriptor[pool] * descriptor[stride]) + ((long)descriptor[kernel] * descriptor[dilation]) < Limit;
        }

        return Holds(FirstX, OutputWidth, OutputStrideX, PoolWidth, StrideX, KernelWidth, DilationX) && Holds(FirstY, OutputHeight, OutputStrideY, PoolHeight, StrideY, KernelHeight, DilationY);
    }

    /// <summary>A pool that leaves out what lies outside of the input has something left.</summary>
    private static bool PoolsSomething(LayerDescriptor descriptor)
    {
        const int Limit = 1 << (DescriptorLayout.CoordinateBits - 1);
        bool Meets(DescriptorField first, DescriptorField outputs, DescriptorField outputStride, DescriptorField pool, DescriptorField stride, DescriptorField kernel, DescriptorField dilation, DescriptorField size)
        {
            var begin = descriptor[first] >= Limit ? descriptor[first] - (2 * Limit) : descriptor[first];
            return Enumerable.Range(0, descriptor[outputs]).All(output => Enumerable.Range(0, descriptor[pool]).Any(pooled =>
                begin + ((long)output * descriptor[outputStride]) + ((long)pooled * descriptor[stride]) + ((descriptor[kernel] - 1L) * descriptor[dilation]) is >= 0 and var place && place < descriptor[size]));
        }

        return !descriptor.Control.HasFlag(ControlBits.SkipOutside)
            || (Meets(FirstX, OutputWidth, OutputStrideX, PoolWidth, StrideX, KernelWidth, DilationX, InputWidth) && Meets(FirstY, OutputHeight, OutputStrideY, PoolHeight, StrideY, KernelHeight, DilationY, InputHeight));
    }

    /// <summary>A bound of all sums: no accumulator wraps below it.</summary>
    private static long LargestSum(ArrayConfiguration configuration, LayerDescriptor descriptor, bool isClose)
    {
        var (columns, times) = ((long)configuration.Columns * descriptor[ChannelWords], 3);
        if (isClose)
        {
            // Layers that are wanted may be rare where rows are wide.
            columns += descriptor[LastWordColumns] - configuration.Columns;
            times = (descriptor.Control.HasFlag(ControlBits.Double) ? 2 : 1) + ((descriptor.Control & (ControlBits.SubtractOperand | ControlBits.SubtractMask)) != 0 ? 1 : 0);
        }

        var planes = ((1L << descriptor[Planes]) * (descriptor[WeightPlanes] + 1L)) << descriptor[JoinedPlanes];
        return times * columns * descriptor[KernelWidth] * descriptor[KernelHeight] * planes;
    }
}
