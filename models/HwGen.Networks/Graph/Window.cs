namespace HwGen.Networks;

/// <summary>A vertical and a horizontal distance: a stride or a dilation, at least 1 each.</summary>
/// <param name="Y">Rows.</param>
/// <param name="X">Columns.</param>
public readonly record struct Distance(int Y, int X)
{
    /// <summary>One row and one column.</summary>
    public static Distance One { get; } = new(1, 1);
}

/// <summary>
/// Rows and columns put around a feature map. A padded position contributes 0 to a convolution and to a sum
/// pool, also in a ±1 map (where it is a third value), and is never the greatest of a max pool.
/// </summary>
/// <param name="Top">Rows above.</param>
/// <param name="Left">Columns to the left.</param>
/// <param name="Bottom">Rows below.</param>
/// <param name="Right">Columns to the right.</param>
public readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>No padding.</summary>
    public static Padding None { get; }

    /// <summary>The same padding on all four sides.</summary>
    public static Padding Same(int size) => new(size, size, size, size);

    /// <summary>Whether any side is padded.</summary>
    public bool Any => (Top | Left | Bottom | Right) != 0;
}

/// <summary>
/// A kernel that slides over a feature map: output (oy, ox) reads input row
/// <c>oy·Stride.Y − Padding.Top + ky·Dilation.Y</c> and column <c>ox·Stride.X − Padding.Left + kx·Dilation.X</c>.
/// </summary>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Stride">Distance of neighbouring outputs.</param>
/// <param name="Padding">Positions around the map.</param>
/// <param name="Dilation">Distance of neighbouring kernel positions.</param>
public readonly record struct Window(int KernelHeight, int KernelWidth, Distance Stride, Padding Padding, Distance Dilation)
{
    /// <summary>Rows of the output; 0 or less when the kernel does not fit.</summary>
    public int OutputHeight(int height) =>
        Extent(height + (long)Padding.Top + Padding.Bottom, KernelHeight, Dilation.Y, Stride.Y);

    /// <summary>Columns of the output; 0 or less when the kernel does not fit.</summary>
    public int OutputWidth(int width) =>
        Extent(width + (long)Padding.Left + Padding.Right, KernelWidth, Dilation.X, Stride.X);

    private static int Extent(long padded, int kernel, int dilation, int stride)
    {
        long room = padded - (((long)kernel - 1) * dilation) - 1;
        return room < 0 ? 0 : (int)Math.Min(int.MaxValue, (room / stride) + 1);
    }
}
