using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HwGen.Training.Arithmetic;

/// <summary>
/// Matrix products of singles. Every element of the result is one chain of fused multiply-adds in the order of the inner sum, whatever
/// the width of the machine's vectors and the number of threads: results are equal bit for bit everywhere.
/// </summary>
public static class MatrixProduct
{
    private const int Lanes = 16;

    /// <summary>Computes C = A·B, or C += A·B (then the chain of an element starts at its old value).</summary>
    /// <param name="left">A, addressed as the shape says.</param>
    /// <param name="right">B, addressed as the shape says.</param>
    /// <param name="result">C, addressed as the shape says; its elements between rows are left alone.</param>
    /// <param name="shape">Sizes and strides.</param>
    /// <param name="accumulate">Whether the product is added to C.</param>
    /// <exception cref="ArgumentException">An operand is shorter than the shape needs.</exception>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, in ProductShape shape, bool accumulate)
    {
        if (shape.Rows == 0 || shape.Columns == 0)
            return;
        Check(left, right, result, shape);
        int whole = shape.Columns / Lanes * Lanes;
        if (whole > 0)
            Tiles.Run(left, right, result, shape with { Columns = whole }, accumulate);
        if (whole < shape.Columns)
            MultiplyLastColumns(left, right, result, shape, whole, accumulate);
    }

    // The columns that do not fill a vector are computed in copies of B and C that are padded with zeros to one vector.
    private static void MultiplyLastColumns(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, in ProductShape shape, int first, bool accumulate)
    {
        int columns = shape.Columns - first;
        int terms = shape.Segments * shape.Depth;
        float[] buffer = ArrayPool<float>.Shared.Rent((terms + shape.Rows) * Lanes);
        Span<float> paddedRight = buffer.AsSpan(0, terms * Lanes);
        Span<float> paddedResult = buffer.AsSpan(terms * Lanes, shape.Rows * Lanes);
        paddedRight.Clear();
        paddedResult.Clear();
        for (int segment = 0; segment < shape.Segments; segment++)
            for (int k = 0; k < shape.Depth; k++)
                right.Slice((segment * shape.RightSegmentStride) + (k * shape.RightDepthStride) + first, columns)
                    .CopyTo(paddedRight[(((segment * shape.Depth) + k) * Lanes)..]);
        if (accumulate)
            for (int row = 0; row < shape.Rows; row++)
                result.Slice((row * shape.ResultRowStride) + first, columns).CopyTo(paddedResult[(row * Lanes)..]);
        ProductShape padded = shape with
        {
            Columns = Lanes,
            RightDepthStride = Lanes,
            RightSegmentStride = shape.Depth * Lanes,
            ResultRowStride = Lanes,
        };
        Tiles.Run(left, paddedRight, paddedResult, padded, accumulate);
        for (int row = 0; row < shape.Rows; row++)
            paddedResult.Slice(row * Lanes, columns).CopyTo(result[((row * shape.ResultRowStride) + first)..]);
        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void Check(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, in ProductShape shape)
    {
        long lastLeft = ((shape.Rows - 1L) * shape.LeftRowStride) + ((shape.Depth - 1L) * shape.LeftDepthStride) + ((shape.Segments - 1L) * shape.LeftSegmentStride);
        long lastRight = ((shape.Depth - 1L) * shape.RightDepthStride) + ((shape.Segments - 1L) * shape.RightSegmentStride) + shape.Columns - 1;
        long lastResult = ((shape.Rows - 1L) * shape.ResultRowStride) + shape.Columns - 1;
        // The tiles read and write without bounds checks, so nothing may pass here that could leave a span.
        if (shape.Rows < 0 || shape.Columns < 0 || shape.Depth < 1 || shape.Segments < 1
            || shape.LeftRowStride < 0 || shape.LeftDepthStride < 0 || shape.LeftSegmentStride < 0
            || shape.RightDepthStride < 0 || shape.RightSegmentStride < 0 || shape.ResultRowStride < 0
            || lastLeft >= left.Length || lastRight >= right.Length || lastResult >= result.Length)
            throw new ArgumentException($"The operands of lengths {left.Length}, {right.Length}, {result.Length} are too short for {shape}.", nameof(shape));
    }

    /// <summary>Splits the columns into strips of one or two vectors and the rows into tiles of at most eight.</summary>
    private static class Tiles
    {
        public static void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result, in ProductShape shape, bool accumulate)
        {
            ref float a = ref MemoryMarshal.GetReference(left);
            ref float b = ref MemoryMarshal.GetReference(right);
            ref float c = ref MemoryMarshal.GetReference(result);
            // Two 512-bit vectors a row need 19 registers; where a 512-bit vector is a pair of narrower ones, one is enough.
            int width = Vector512.IsHardwareAccelerated ? 2 * Lanes : Lanes;
            int column = 0;
            while (column < shape.Columns)
            {
                bool two = width == 2 * Lanes && column + width <= shape.Columns;
                if (two)
                    MatrixTile.Strip<TwoVectors>(ref a, ref b, ref c, shape, column, accumulate);
                else
                    MatrixTile.Strip<OneVector>(ref a, ref b, ref c, shape, column, accumulate);
                column += two ? 2 * Lanes : Lanes;
            }
        }
    }
}
