using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Interpreter;

/// <summary>
/// The operands of windows that are packed densely, by their definition: the columns of pixels of an output row one after another, from its left edge on, each with its pixels from above and each pixel with its channels;
/// an operand is some neighbouring bits of that.
/// </summary>
internal sealed class WindowStream(ArrayConfiguration configuration, CoreState state, LayerDescriptor descriptor)
{
    private readonly long _columnBits = new WindowSchedule(descriptor).ColumnBits(configuration.Columns);

    /// <summary>The stream's bit with which a window begins.</summary>
    /// <param name="column">The output of the row.</param>
    /// <param name="poolColumn">The window of those that it pools.</param>
    public long Begin(int column, int poolColumn) =>
        (column * descriptor[StepColumns] * _columnBits) + (poolColumn * (((long)descriptor[PositionWords] * configuration.Columns) + descriptor[PositionBits]));

    /// <summary>As many bits as an operand has, from one on.</summary>
    /// <param name="bit">The first.</param>
    /// <param name="row">The output row.</param>
    /// <param name="poolRow">The row of the pool.</param>
    /// <param name="top">The upper edge of the window.</param>
    /// <param name="plane">The bit-plane.</param>
    public ulong[] Operand(long bit, int row, int poolRow, int top, int plane)
    {
        var operand = new ulong[((configuration.Columns - 1) / 64) + 1];
        for (var i = 0; i < configuration.Columns; i++)
        {
            operand[i / 64] |= Bit(bit + i, row, poolRow, top, plane) ? 1UL << (i % 64) : 0;
        }

        return operand;
    }

    private bool Bit(long bit, int row, int poolRow, int top, int plane)
    {
        var (column, inColumn) = Math.DivRem(bit, _columnBits);
        var (kernelRow, channel) = Math.DivRem(inColumn, _columnBits / descriptor[WindowRows]);
        var (x, y) = (Coordinate.Of(descriptor[FirstX]) + column, top + (kernelRow * descriptor[DilationY]));
        if (x < 0 || x >= descriptor[InputWidth] || y < 0 || y >= descriptor[InputHeight])
        {
            return false;
        }

        var (word, place) = Math.DivRem(channel, configuration.Columns);
        var address = descriptor[OperandBase] + ((long)row * descriptor[OutputRowStep]) + ((long)poolRow * descriptor[PositionRowStep])
            + (kernelRow * descriptor[KernelRowStep]) + (column * descriptor[KernelColumnStep]) + (word * descriptor[Planes]) + plane;
        return ((state.Operands[address % configuration.OperandWords][place / 64] >> (int)(place % 64)) & 1) != 0;
    }
}
