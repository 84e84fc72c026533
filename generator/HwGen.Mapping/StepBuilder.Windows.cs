using System.Collections.Immutable;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

// Windows of feature maps that are packed densely, in a core with a window memory.
internal sealed partial class StepBuilder
{
    // So that the streams of a layer are at most as many as the core keeps open.
    private const int FewestRingWords = 4;

    /// <summary>The kernel of a filter where windows are packed densely: all of it, in the order of the window's columns.</summary>
    private KernelPart Densely(Term term, int filter)
    {
        var kernel = Kernel(term, filter);
        var bits = (long)kernel.Columns * ColumnBits(term, kernel);
        return kernel with { DenseWords = (int)(((bits - 1) / _configuration.Columns) + 1) };
    }

    /// <summary>Channels of a pixel that a kernel reads, those of others in its words among them.</summary>
    private int PixelBits(Term term, KernelPart part) =>
        Math.Min(part.Words * _configuration.Columns, _memory[term.Source].Channels - (part.FirstWord * _configuration.Columns));

    /// <summary>Bits of a column of a window.</summary>
    private long ColumnBits(Term term, KernelPart part) => (long)part.Rows * PixelBits(term, part);

    /// <summary>
    /// True where windows can be packed densely: columns of pixels that follow each other, and zeros, which the gather takes for what lies outside of the input, are what the layer means by it. ±1 inputs mean a third value, which only
    /// the mask of an operand can say.
    /// </summary>
    private bool CanPackDensely =>
        _packsWindows && _step.Terms is [{ RepeatsRows: false, Window: var window, Source: var source }] && !_step.Pool.Padding.Any
        && (window.Dilation.X == 1 || window.KernelWidth == 1) && !(source.IsBipolar && window.Padding.Any);

    /// <summary>True when the window of a filter, packed densely, is not longer than the array, and finds room in the window memory.</summary>
    private bool FitsDensely(int filter) => CanPackDensely
        && Densely(_step.Terms[0], filter) is var kernel && RingWords(_step.Terms[0], kernel, new OutputRegion(0, 0, _step.OutputHeight, _step.OutputWidth)) is not null
        && ArrayPlacement.Fit(_configuration, 1, RowsOf(_step.Terms[0], kernel), _configuration.Groups, 1) is not null;

    /// <summary>Whole filters with their windows packed densely; null where they cannot be, or find no room, or where that saves no operand.</summary>
    private (KernelPart Kernel, ArrayPlacement Whole)? PacksDensely(int filter, int left, OutputRegion region, int groups)
    {
        if (!CanPackDensely)
        {
            return null;
        }

        var term = _step.Terms[0];
        var dense = Densely(term, filter);
        return dense.Segments < Kernel(term, filter).Segments && RingWords(term, dense, region) is not null && Whole(filter, left, dense, groups) is (var kernel, { } whole) ? (kernel, whole) : null;
    }

    /// <summary>True when filters take fewer cycles each in one way than in the other.</summary>
    private bool TakesFewerCycles((KernelPart Kernel, ArrayPlacement Whole) one, (KernelPart Kernel, ArrayPlacement Whole) other, int filter, OutputRegion region)
    {
        Int128 Cycles((KernelPart Kernel, ArrayPlacement Whole) way) =>
            Descriptor(new PassPlan(_step.Terms[0], way.Kernel, way.Whole, filter, region, SumFlow.Whole, false, false), 0, 0, 0).Cycles;
        return Cycles(one) * other.Whole.Filters < Cycles(other) * one.Whole.Filters;
    }

    /// <summary>
    /// Words that a stream needs in the window memory, an even number: the windows of an output, and beside them what is gathered for the next. Null where the window memory has not so many for each stream, or fields have too few bits.
    /// </summary>
    private int? RingWords(Term term, KernelPart part, OutputRegion region)
    {
        var (column, columns) = (ColumnBits(term, part), _configuration.Columns);
        var (first, step) = (column * WindowColumns(term), column * StepColumns(term));
        var bits = Math.Max(first + (region.Width > 1 ? step : 0), region.Height > 1 ? 2 * first : 0);

        // Behind the bits of a first word that are of windows before.
        var words = Math.Max(FewestRingWords, ((bits + columns - 2) / columns) + 1);
        words += words % 2;
        var streams = (long)_step.Pool.Height * _memory[term.Source].Planes;
        const int Extents = 1 << DescriptorLayout.PixelBits;
        return words * streams <= _configuration.WindowWords && part.DenseWords < Extents && WindowColumns(term) < Extents && StepColumns(term) < Extents ? (int)words : null;
    }

    private int WindowColumns(Term term) => term.Window.KernelWidth + ((_step.Pool.Width - 1) * term.Window.Stride.X);

    private int StepColumns(Term term) => term.Window.Stride.X * _step.Pool.Stride.X;

    /// <summary>What a descriptor says of windows that are packed densely.</summary>
    private void Windows(Dictionary<DescriptorField, int> values, Term term, KernelPart part, OutputRegion region)
    {
        var (pixel, columns) = (PixelBits(term, part), _configuration.Columns);
        var bits = (int)(part.Columns * ColumnBits(term, part));
        values[DescriptorField.KernelColumnStep] = _memory[term.Source].PixelWords;
        values[DescriptorField.ChannelWords] = part.DenseWords;
        values[DescriptorField.LastWordColumns] = bits - ((part.DenseWords - 1) * columns);
        values[DescriptorField.KernelWidth] = 1;
        values[DescriptorField.KernelHeight] = 1;
        values[DescriptorField.WindowRows] = part.Rows;
        values[DescriptorField.WindowColumns] = WindowColumns(term);
        values[DescriptorField.StepColumns] = StepColumns(term);
        values[DescriptorField.PixelWords] = part.Words;
        values[DescriptorField.PixelColumns] = pixel - ((part.Words - 1) * columns);
        values[DescriptorField.RingWords] = RingWords(term, part, region)!.Value;
        if (_step.Pool.Width > 1)
        {
            (values[DescriptorField.PositionWords], values[DescriptorField.PositionBits]) = Math.DivRem((int)(term.Window.Stride.X * ColumnBits(term, part)), columns);
        }

        values[DescriptorField.Control] |= (int)ControlBits.DenseWindows;
    }

    /// <summary>The bits of a segment: neighbouring weights of the kernel in the order of the window's columns.</summary>
    private ImmutableArray<ulong> DenseBits(Term term, KernelPart part, int filter, int segment, int plane)
    {
        var (pixel, columns) = (PixelBits(term, part), _configuration.Columns);
        var bits = new ulong[((columns - 1) / 64) + 1];
        var (firstChannel, channels) = term.Weights.Channels(filter);
        for (var i = 0; i < columns; i++)
        {
            var (x, inColumn) = Math.DivRem(((long)segment * columns) + i, ColumnBits(term, part));
            var (y, channel) = ((int)(inColumn / pixel), (int)(inColumn % pixel) + (part.FirstWord * columns));
            if (x < part.Columns && channel >= firstChannel && channel < firstChannel + channels && Bit(term, filter, channel, y, (int)x, plane))
            {
                bits[i / 64] |= 1UL << (i % 64);
            }
        }

        return ImmutableArray.Create(bits);
    }
}
