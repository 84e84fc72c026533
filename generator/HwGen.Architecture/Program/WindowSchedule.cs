using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Program;

/// <summary>When the windows of a layer of <see cref="ControlBits.DenseWindows"/> are there: each output is gathered while the one before meets the rows, a channel word a cycle.</summary>
/// <param name="descriptor">The layer.</param>
public sealed class WindowSchedule(LayerDescriptor descriptor)
{
    /// <summary>Channel words that are read for the first output of a row.</summary>
    public long FirstReads => Column * descriptor[WindowColumns];

    /// <summary>Channel words that are read for each further output of a row.</summary>
    public long StepReads => Column * descriptor[StepColumns];

    /// <summary>Channel words that are read in all.</summary>
    public Int128 MostReads => descriptor[OutputHeight] * (FirstReads + ((Int128)StepReads * (descriptor[OutputWidth] - 1)));

    /// <summary>Words of a column of pixels, of all rows of a pool and all bit-planes.</summary>
    private long Column => (long)descriptor[PoolHeight] * descriptor[Planes] * descriptor[WindowRows] * descriptor[PixelWords];

    /// <summary>Bits of a column of pixels.</summary>
    /// <param name="columns">Bits of a word.</param>
    public long ColumnBits(int columns) => descriptor[WindowRows] * (((descriptor[PixelWords] - 1L) * columns) + descriptor[PixelColumns]);

    /// <summary>
    /// Cycles that an output waits for its windows, behind its preload. They are written a cycle after the last of their words is read, and nothing is read during a preload.
    /// </summary>
    /// <param name="reads">Words that are read for it.</param>
    /// <param name="worked">Cycles that the output before took from its first operand on, meanwhile; 0 for the first output.</param>
    /// <param name="preload">Cycles of its preload.</param>
    public static long Wait(long reads, long worked, long preload) => worked > reads || (worked == reads && preload > 0) ? 0 : reads - worked + 1;

    /// <summary>Cycles of the layer when no operand is skipped, but for its end.</summary>
    public long Cycles()
    {
        var (operands, least, preload) = (descriptor.OperandsPerRound, (long)descriptor[RoundCycles], (long)descriptor[PreloadCycles]);
        var further = (((long)descriptor[PoolWidth] * descriptor[PoolHeight] * descriptor[Tiles]) - 1) * Math.Max(operands, least);
        var (cycles, worked) = (0L, 0L);
        for (var row = 0; row < descriptor[OutputHeight]; row++)
        {
            for (var column = 0; column < descriptor[OutputWidth]; column++)
            {
                var before = worked;
                var begin = preload + Wait(column == 0 ? FirstReads : StepReads, before, preload);

                // The first round of all waits for nothing behind the array.
                worked = further + (row + column == 0 ? operands : Math.Max(operands, least - begin));
                cycles += begin + worked;
                if (column > 0 && worked == before)
                {
                    // The others of the row are like this one.
                    cycles += (begin + worked) * (descriptor[OutputWidth] - 1L - column);
                    break;
                }
            }
        }

        return cycles;
    }
}
