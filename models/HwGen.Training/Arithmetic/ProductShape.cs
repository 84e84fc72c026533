namespace HwGen.Training.Arithmetic;

/// <summary>
/// The shape of a matrix product whose inner sum runs over segments: C[m, n] = Σ_s Σ_k A[s, m, k] · B[s, k, n], each operand addressed by
/// strides (in elements). A convolution over channel-last images is such a product without copying any window: one output line is
/// the rows, the kernel lines are the segments, and neighbouring rows of A overlap.
/// </summary>
/// <param name="Rows">m, the number of rows of C.</param>
/// <param name="Columns">n, the number of columns of C.</param>
/// <param name="Segments">s, the number of segments of the inner sum.</param>
/// <param name="Depth">k, the length of one segment.</param>
/// <param name="LeftRowStride">Distance in A from one row to the next.</param>
/// <param name="LeftDepthStride">Distance in A from one term of the inner sum to the next.</param>
/// <param name="LeftSegmentStride">Distance in A from one segment to the next.</param>
/// <param name="RightDepthStride">Distance in B from one term to the next; columns of B are contiguous.</param>
/// <param name="RightSegmentStride">Distance in B from one segment to the next.</param>
/// <param name="ResultRowStride">Distance in C from one row to the next; columns of C are contiguous.</param>
public readonly record struct ProductShape(
    int Rows,
    int Columns,
    int Segments,
    int Depth,
    int LeftRowStride,
    int LeftDepthStride,
    int LeftSegmentStride,
    int RightDepthStride,
    int RightSegmentStride,
    int ResultRowStride)
{
    /// <summary>A plain product of dense matrices, C (rows × columns) = A (rows × depth) · B (depth × columns).</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <returns>The shape.</returns>
    public static ProductShape Dense(int rows, int columns, int depth) =>
        new(rows, columns, 1, depth, depth, 1, 0, columns, 0, columns);

    /// <summary>The product with a transposed left side, C (rows × columns) = Aᵀ · B with A stored depth × rows.</summary>
    /// <param name="rows">Columns of the stored A, rows of C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="depth">Rows of the stored A and of B.</param>
    /// <returns>The shape.</returns>
    public static ProductShape LeftTransposed(int rows, int columns, int depth) =>
        new(rows, columns, 1, depth, 1, rows, 0, columns, 0, columns);
}
