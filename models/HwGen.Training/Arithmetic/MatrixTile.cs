using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace HwGen.Training.Arithmetic;

/// <summary>A number known to the compiler, so that one text of the tile serves every tile size and dead lines cost nothing.</summary>
internal interface ICompileTimeNumber
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

internal readonly struct OneVector : ICompileTimeNumber
{
    public static int Value => 1;
}

internal readonly struct TwoVectors : ICompileTimeNumber
{
    public static int Value => 2;
}

/// <summary>The register tile of the matrix product: up to eight rows by one or two vectors of 16 singles, summed in registers.</summary>
internal static class MatrixTile
{
    private const int Lanes = 16;
    private const int MaximumRows = 8;

    /// <summary>Computes all rows of one strip of columns. The caller has checked that the operands are long enough.</summary>
    public static void Strip<TVectors>(ref float a, ref float b, ref float c, in ProductShape shape, int column, bool accumulate)
        where TVectors : struct, ICompileTimeNumber
    {
        // Tiles of nearly equal height: 14 rows are 7 + 7, never 8 + 6.
        int tiles = (shape.Rows + MaximumRows - 1) / MaximumRows;
        ref float strip = ref Unsafe.Add(ref b, column);
        for (int tile = 0; tile < tiles; tile++)
        {
            int row = shape.Rows * tile / tiles;
            int height = (shape.Rows * (tile + 1) / tiles) - row;
            ref float from = ref Unsafe.Add(ref a, row * shape.LeftRowStride);
            ref float to = ref Unsafe.Add(ref c, (row * shape.ResultRowStride) + column);
            switch (height)
            {
                case 1:
                    Run<Rows1, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 2:
                    Run<Rows2, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 3:
                    Run<Rows3, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 4:
                    Run<Rows4, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 5:
                    Run<Rows5, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 6:
                    Run<Rows6, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                case 7:
                    Run<Rows7, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
                default:
                    Run<Rows8, TVectors>(ref from, ref strip, ref to, shape, accumulate);
                    break;
            }
        }
    }

    private static void Run<TRows, TVectors>(ref float a, ref float b, ref float c, in ProductShape shape, bool accumulate)
        where TRows : struct, ICompileTimeNumber
        where TVectors : struct, ICompileTimeNumber
    {
        Vector512<float> s00 = default, s01 = default;
        Vector512<float> s10 = default, s11 = default;
        Vector512<float> s20 = default, s21 = default;
        Vector512<float> s30 = default, s31 = default;
        Vector512<float> s40 = default, s41 = default;
        Vector512<float> s50 = default, s51 = default;
        Vector512<float> s60 = default, s61 = default;
        Vector512<float> s70 = default, s71 = default;
        nint resultStride = shape.ResultRowStride;
        if (accumulate)
        {
            s00 = Load<TRows>(0, 0, ref c, resultStride);
            s01 = TVectors.Value > 1 ? Load<TRows>(0, Lanes, ref c, resultStride) : default;
            s10 = Load<TRows>(1, 0, ref c, resultStride);
            s11 = TVectors.Value > 1 ? Load<TRows>(1, Lanes, ref c, resultStride) : default;
            s20 = Load<TRows>(2, 0, ref c, resultStride);
            s21 = TVectors.Value > 1 ? Load<TRows>(2, Lanes, ref c, resultStride) : default;
            s30 = Load<TRows>(3, 0, ref c, resultStride);
            s31 = TVectors.Value > 1 ? Load<TRows>(3, Lanes, ref c, resultStride) : default;
            s40 = Load<TRows>(4, 0, ref c, resultStride);
            s41 = TVectors.Value > 1 ? Load<TRows>(4, Lanes, ref c, resultStride) : default;
            s50 = Load<TRows>(5, 0, ref c, resultStride);
            s51 = TVectors.Value > 1 ? Load<TRows>(5, Lanes, ref c, resultStride) : default;
            s60 = Load<TRows>(6, 0, ref c, resultStride);
            s61 = TVectors.Value > 1 ? Load<TRows>(6, Lanes, ref c, resultStride) : default;
            s70 = Load<TRows>(7, 0, ref c, resultStride);
            s71 = TVectors.Value > 1 ? Load<TRows>(7, Lanes, ref c, resultStride) : default;
        }
        nint leftRow = shape.LeftRowStride;
        nint leftDepth = shape.LeftDepthStride;
        nint rightDepth = shape.RightDepthStride;
        int depth = shape.Depth;
        for (int segment = 0; segment < shape.Segments; segment++)
        {
            ref float x = ref Unsafe.Add(ref a, segment * shape.LeftSegmentStride);
            ref float w = ref Unsafe.Add(ref b, segment * shape.RightSegmentStride);
            for (int k = 0; k < depth; k++)
            {
                Vector512<float> w0 = Vector512.LoadUnsafe(ref w);
                Vector512<float> w1 = TVectors.Value > 1 ? Vector512.LoadUnsafe(ref w, Lanes) : default;
                if (TRows.Value > 0)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 0 * leftRow));
                    s00 = Vector512.FusedMultiplyAdd(v, w0, s00);
                    if (TVectors.Value > 1)
                        s01 = Vector512.FusedMultiplyAdd(v, w1, s01);
                }
                if (TRows.Value > 1)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 1 * leftRow));
                    s10 = Vector512.FusedMultiplyAdd(v, w0, s10);
                    if (TVectors.Value > 1)
                        s11 = Vector512.FusedMultiplyAdd(v, w1, s11);
                }
                if (TRows.Value > 2)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 2 * leftRow));
                    s20 = Vector512.FusedMultiplyAdd(v, w0, s20);
                    if (TVectors.Value > 1)
                        s21 = Vector512.FusedMultiplyAdd(v, w1, s21);
                }
                if (TRows.Value > 3)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 3 * leftRow));
                    s30 = Vector512.FusedMultiplyAdd(v, w0, s30);
                    if (TVectors.Value > 1)
                        s31 = Vector512.FusedMultiplyAdd(v, w1, s31);
                }
                if (TRows.Value > 4)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 4 * leftRow));
                    s40 = Vector512.FusedMultiplyAdd(v, w0, s40);
                    if (TVectors.Value > 1)
                        s41 = Vector512.FusedMultiplyAdd(v, w1, s41);
                }
                if (TRows.Value > 5)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 5 * leftRow));
                    s50 = Vector512.FusedMultiplyAdd(v, w0, s50);
                    if (TVectors.Value > 1)
                        s51 = Vector512.FusedMultiplyAdd(v, w1, s51);
                }
                if (TRows.Value > 6)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 6 * leftRow));
                    s60 = Vector512.FusedMultiplyAdd(v, w0, s60);
                    if (TVectors.Value > 1)
                        s61 = Vector512.FusedMultiplyAdd(v, w1, s61);
                }
                if (TRows.Value > 7)
                {
                    Vector512<float> v = Vector512.Create(Unsafe.Add(ref x, 7 * leftRow));
                    s70 = Vector512.FusedMultiplyAdd(v, w0, s70);
                    if (TVectors.Value > 1)
                        s71 = Vector512.FusedMultiplyAdd(v, w1, s71);
                }
                x = ref Unsafe.Add(ref x, leftDepth);
                w = ref Unsafe.Add(ref w, rightDepth);
            }
        }
        Store<TRows, TVectors>(0, ref c, resultStride, s00, s01);
        Store<TRows, TVectors>(1, ref c, resultStride, s10, s11);
        Store<TRows, TVectors>(2, ref c, resultStride, s20, s21);
        Store<TRows, TVectors>(3, ref c, resultStride, s30, s31);
        Store<TRows, TVectors>(4, ref c, resultStride, s40, s41);
        Store<TRows, TVectors>(5, ref c, resultStride, s50, s51);
        Store<TRows, TVectors>(6, ref c, resultStride, s60, s61);
        Store<TRows, TVectors>(7, ref c, resultStride, s70, s71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load<TRows>(int row, int offset, ref float c, nint stride)
        where TRows : struct, ICompileTimeNumber =>
        row < TRows.Value ? Vector512.LoadUnsafe(ref Unsafe.Add(ref c, (row * stride) + offset)) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows, TVectors>(int row, ref float c, nint stride, Vector512<float> s0, Vector512<float> s1)
        where TRows : struct, ICompileTimeNumber
        where TVectors : struct, ICompileTimeNumber
    {
        if (row >= TRows.Value)
            return;
        s0.StoreUnsafe(ref Unsafe.Add(ref c, row * stride));
        if (TVectors.Value > 1)
            s1.StoreUnsafe(ref Unsafe.Add(ref c, row * stride), Lanes);
    }

    private readonly struct Rows1 : ICompileTimeNumber
    {
        public static int Value => 1;
    }

    private readonly struct Rows2 : ICompileTimeNumber
    {
        public static int Value => 2;
    }

    private readonly struct Rows3 : ICompileTimeNumber
    {
        public static int Value => 3;
    }

    private readonly struct Rows4 : ICompileTimeNumber
    {
        public static int Value => 4;
    }

    private readonly struct Rows5 : ICompileTimeNumber
    {
        public static int Value => 5;
    }

    private readonly struct Rows6 : ICompileTimeNumber
    {
        public static int Value => 6;
    }

    private readonly struct Rows7 : ICompileTimeNumber
    {
        public static int Value => 7;
    }

    private readonly struct Rows8 : ICompileTimeNumber
    {
        public static int Value => 8;
    }
}
