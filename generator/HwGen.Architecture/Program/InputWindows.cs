namespace HwGen.Architecture.Program;

/// <summary>
/// Dense packing of the network's input: the host does not write pixels but the windows that the first convolution reads, the values of each
/// back to back over the channels of one pixel of the layout. Element (c·kernel height + ky)·kernel width + kx of window (y, x) is channel c
/// of input pixel (y·strideY + ky·dilationY − top, x·strideX + kx·dilationX − left); outside of the input it is 0.
/// </summary>
/// <param name="Channels">Channels of the input.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="KernelHeight">Rows of a window.</param>
/// <param name="KernelWidth">Columns of a window.</param>
/// <param name="StrideY">Rows between windows.</param>
/// <param name="StrideX">Columns between windows.</param>
/// <param name="DilationY">Rows between rows of a window.</param>
/// <param name="DilationX">Columns between columns of a window.</param>
/// <param name="Top">Rows of padding above.</param>
/// <param name="Left">Columns of padding to the left.</param>
public sealed record InputWindows(
    int Channels, int Height, int Width, int KernelHeight, int KernelWidth, int StrideY, int StrideX, int DilationY, int DilationX, int Top, int Left)
{
    /// <summary>Values of a window: the channels of the layout.</summary>
    public int Elements => Channels * KernelHeight * KernelWidth;

    /// <summary>The index, in channel, row, column order, of the input value that an element of a window is; −1 where it lies outside.</summary>
    /// <param name="element">0 to <see cref="Elements"/> − 1.</param>
    /// <param name="y">The window's row.</param>
    /// <param name="x">The window's column.</param>
    public int Source(int element, int y, int x)
    {
        var row = (y * StrideY) + (element / KernelWidth % KernelHeight * DilationY) - Top;
        var column = (x * StrideX) + (element % KernelWidth * DilationX) - Left;
        return row < 0 || row >= Height || column < 0 || column >= Width ? -1 : (((element / (KernelWidth * KernelHeight) * Height) + row) * Width) + column;
    }

    /// <summary>True when some windows reach outside of the input: 0 is then among its values.</summary>
    /// <param name="height">Rows of windows.</param>
    /// <param name="width">Columns of windows.</param>
    public bool ReachOutside(int height, int width)
    {
        static bool Reach(int windows, int stride, int kernel, int dilation, int before, int extent) =>
            before > 0 || ((long)(windows - 1) * stride) + ((long)(kernel - 1) * dilation) - before >= extent;
        return Reach(height, StrideY, KernelHeight, DilationY, Top, Height) || Reach(width, StrideX, KernelWidth, DilationX, Left, Width);
    }

    /// <summary>The values of all windows of a layout, in its channel, row, column order.</summary>
    /// <param name="layout">Where they go; its channels are <see cref="Elements"/>.</param>
    /// <param name="values">The input, in channel, row, column order.</param>
    public long[] Gather(FeatureMapLayout layout, ReadOnlySpan<long> values)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNotEqual(layout.Channels, Elements);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Channels * Height * Width);
        var gathered = new long[(long)layout.Channels * layout.Height * layout.Width];
        var place = 0;
        for (var element = 0; element < layout.Channels; element++)
        {
            for (var y = 0; y < layout.Height; y++)
            {
                for (var x = 0; x < layout.Width; x++, place++)
                {
                    var source = Source(element, y, x);
                    gathered[place] = source < 0 ? 0 : values[source];
                }
            }
        }

        return gathered;
    }
}
