namespace HwGen.Golden.Tests;

public class BlockTests
{
    private static readonly bool[] s_stored = [false, false, true, true], s_operand = [false, true, false, true];

    [Theory]
    [InlineData(RowFunction.Nand, 0b0111)]
    [InlineData(RowFunction.And, 0b1000)]
    [InlineData(RowFunction.Xor, 0b0110)]
    [InlineData(RowFunction.Or, 0b1110)]
    public void The_four_operations_have_their_truth_tables(RowFunction function, int table)
    {
        bool[] result = RowOperation.Apply(function, s_stored, s_operand);
        for (int column = 0; column < 4; column++)
            result[column].ShouldBe(((table >> column) & 1) == 1);
    }

    [Fact]
    public void Columns_outside_of_the_mask_do_not_count()
    {
        bool[] zeros = new bool[6], mask = [true, false, true, true, false, false];
        RowOperation.Count(RowFunction.Nand, zeros, zeros, mask).ShouldBe(3);
        RowOperation.Count(RowFunction.And, zeros, zeros, mask).ShouldBe(0);
        HammingDistance.Of(mask, zeros, [.. Enumerable.Repeat(true, 6)]).ShouldBe(3);
        Should.Throw<ArgumentException>(() => RowOperation.Count(RowFunction.Or, zeros, zeros, [true]));
        Should.Throw<ArgumentException>(() => RowOperation.Apply(RowFunction.Or, zeros, [true]));
    }

    [Fact]
    public void Shift_add_adds_and_subtracts_powers_of_two()
    {
        ShiftAdd.Apply(10, 3, 4, subtract: false).ShouldBe(58);
        ShiftAdd.Apply(10, 3, 4, subtract: true).ShouldBe(-38);
        Should.Throw<OverflowException>(() => ShiftAdd.Apply(0, 2, 62, subtract: false));
        Should.Throw<ArgumentOutOfRangeException>(() => ShiftAdd.Apply(0, -1, 0, subtract: false));
    }
}
