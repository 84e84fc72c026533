using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cosimulation.Tests;

// Layers whose windows are packed densely, in a core with a window memory.
internal static partial class RandomLayers
{
    /// <summary>Layers of which each has one loop of the gather that is as long as a loop can be, for a row's first output or for the second; they write nothing.</summary>
    private static long CheckWindowLoops(ICoreModel core, ArrayConfiguration configuration)
    {
        var compared = 0L;
        foreach (var loop in (DescriptorField[])[WindowRows, WindowColumns, StepColumns, PixelWords])
        {
            var values = Values(Fill(configuration));
            (values[OutputWidth], values[RoundCycles], values[DescriptorField.Control]) = (loop == StepColumns ? 2 : 1, 0, (int)(ControlBits.HoldAccumulators | ControlBits.DenseWindows));
            values[loop] = (1 << DescriptorLayout.PixelBits) - 1;
            var descriptor = LayerDescriptor.Create(configuration, values);
            descriptor.Cycles.ShouldBeGreaterThan(values[loop]);
            core.Run(descriptor).ShouldBe(new CoreCounters(descriptor.Cycles, descriptor.RowActivations), FormattableString.Invariant($"the longest {loop}"));
            compared += 2;
        }

        return compared;
    }

    /// <summary>Makes the kernel that was drawn one of windows that are packed densely, now and then; gives whether it did. Their streams have the room that they need in the window memory, and not much more.</summary>
    /// <param name="configuration">The core.</param>
    /// <param name="random">What is drawn from.</param>
    /// <param name="values">Planes, kernel, pool, outputs and address steps, which are there; the other fields of windows are set.</param>
    /// <param name="most">The operand words that may be read, from 0 on; any where null.</param>
    private static bool DrawWindows(ArrayConfiguration configuration, Random random, Dictionary<DescriptorField, int> values, int? most)
    {
        var columns = configuration.Columns;
        foreach (var field in DescriptorLayout.Fields)
        {
            values[field] = Math.Max(values[field], field.Unnamed(configuration));
        }

        if (!configuration.PacksWindows || random.Next(3) == 0)
        {
            return false;
        }

        var (rows, kernelColumns, stride) = (values[KernelHeight], Math.Min(values[KernelWidth], 5), random.Next(1, 4));
        var (pixelWords, pixelColumns) = (random.Next(1, 3), random.Next(1, columns + 1));
        var column = rows * (((pixelWords - 1) * columns) + pixelColumns);
        var first = kernelColumns + ((values[PoolWidth] - 1) * stride);
        var step = random.Next(1, first + 2);

        // The windows of an output and what is new of the next; at the begin of a row all of it.
        var bits = column * Math.Max(first + (values[OutputWidth] > 1 ? step : 0), values[OutputHeight] > 1 ? 2 * first : 0);
        var ring = Math.Max(4, ((bits + columns - 2) / columns) + 1);
        ring += ring % 2;
        ring += random.Next(2) == 0 ? 0 : 2 * random.Next(3);
        var window = kernelColumns * column;
        var words = ((window - 1) / columns) + 1;
        long End(params (DescriptorField Step, int Times)[] steps) => values[OperandBase] + steps.Sum(s => (long)values[s.Step] * s.Times) + (pixelWords * values[Planes]);
        var end = End((OutputRowStep, values[OutputHeight] - 1), (PositionRowStep, values[PoolHeight] - 1), (KernelRowStep, rows - 1), (KernelColumnStep, ((values[OutputWidth] - 1) * step) + first - 1));
        if ((long)ring * values[PoolHeight] * values[Planes] > configuration.WindowWords || words > 12 || end > most)
        {
            return false;
        }

        (values[WindowRows], values[WindowColumns], values[StepColumns], values[PixelWords], values[PixelColumns], values[RingWords]) = (rows, first, step, pixelWords, pixelColumns, ring);
        if (values[PoolWidth] > 1)
        {
            (values[PositionWords], values[PositionBits]) = Math.DivRem(stride * column, columns);
        }

        (values[KernelWidth], values[KernelHeight], values[ChannelWords], values[LastWordColumns]) = (1, 1, words, window - ((words - 1) * columns));
        values[FirstX] = random.Next(-4, 4);
        values[InputWidth] = Math.Max(0, values[FirstX] + random.Next(0, ((values[OutputWidth] - 1) * step) + first + 2));
        return true;
    }
}
