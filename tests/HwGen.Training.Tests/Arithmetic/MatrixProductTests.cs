using FsCheck;
using FsCheck.Fluent;

namespace HwGen.Training.Tests.Arithmetic;

public sealed class MatrixProductTests
{
    // Every element is one chain of fused multiply-adds in the order of the inner sum: equal bits, no tolerance.
    private static float[] ByDefinition(float[] a, float[] b, float[] c, ProductShape shape, bool accumulate)
    {
        float[] result = [.. c];
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int column = 0; column < shape.Columns; column++)
            {
                float sum = accumulate ? c[(row * shape.ResultRowStride) + column] : 0;
                for (int segment = 0; segment < shape.Segments; segment++)
                    for (int k = 0; k < shape.Depth; k++)
                        sum = MathF.FusedMultiplyAdd(
                            a[(row * shape.LeftRowStride) + (k * shape.LeftDepthStride) + (segment * shape.LeftSegmentStride)],
                            b[(k * shape.RightDepthStride) + (segment * shape.RightSegmentStride) + column],
                            sum);
                result[(row * shape.ResultRowStride) + column] = sum;
            }
        }
        return result;
    }

    private static float[] Numbers(RandomSource random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];

    private static void Compare(ProductShape shape, bool accumulate, ulong seed)
    {
        var random = new RandomSource(seed);
        float[] a = Numbers(random, ((shape.Rows - 1) * shape.LeftRowStride) + ((shape.Depth - 1) * shape.LeftDepthStride) + ((shape.Segments - 1) * shape.LeftSegmentStride) + 1);
        float[] b = Numbers(random, ((shape.Depth - 1) * shape.RightDepthStride) + ((shape.Segments - 1) * shape.RightSegmentStride) + shape.Columns);
        float[] c = Numbers(random, ((shape.Rows - 1) * shape.ResultRowStride) + shape.Columns);
        float[] expected = ByDefinition(a, b, c, shape, accumulate);
        MatrixProduct.Multiply(a, b, c, shape, accumulate);
        c.ShouldBe(expected);
    }

    [Fact]
    public void Equals_the_definition_for_any_shape_and_strides()
    {
        Gen<int> small = Gen.Choose(1, 40);
        var shapes = from rows in small
                     from columns in small
                     from segments in Gen.Choose(1, 4)
                     from depth in Gen.Choose(1, 12)
                     from strides in Gen.ListOf(Gen.Choose(0, 50), 5)
                     from extra in Gen.Choose(0, 20)
                     from accumulate in Gen.Elements(true, false)
                     select (new ProductShape(rows, columns, segments, depth, strides[0], strides[1], strides[2], strides[3], strides[4], columns + extra), accumulate);
        Prop.ForAll(Arb.From(shapes), pair => Compare(pair.Item1, pair.accumulate, seed: 5)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Equals_the_definition_for_the_shapes_of_the_published_network()
    {
        Compare(new ProductShape(14, 64, 3, 96, 32, 1, 16 * 32, 64, 96 * 64, 64), accumulate: false, seed: 1);
        Compare(new ProductShape(96, 64, 14, 14, 1, 32, 16 * 32, 64, 14 * 64, 64), accumulate: true, seed: 2);
        Compare(ProductShape.Dense(96, 256, 784), accumulate: false, seed: 3);
        Compare(ProductShape.LeftTransposed(784, 10, 96), accumulate: false, seed: 4);
    }

    [Fact]
    public void Refuses_operands_that_are_too_short()
    {
        ProductShape shape = ProductShape.Dense(3, 16, 5);
        Should.Throw<ArgumentException>(() => MatrixProduct.Multiply(new float[14], new float[80], new float[48], shape, false));
        Should.Throw<ArgumentException>(() => MatrixProduct.Multiply(new float[15], new float[79], new float[48], shape, false));
        Should.Throw<ArgumentException>(() => MatrixProduct.Multiply(new float[15], new float[80], new float[47], shape, false));
        Should.NotThrow(() => MatrixProduct.Multiply(new float[15], new float[80], new float[48], shape, false));
    }
}
