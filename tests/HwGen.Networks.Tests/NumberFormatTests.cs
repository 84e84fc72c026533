namespace HwGen.Networks.Tests;

public class NumberFormatTests
{
    [Fact]
    public void Ranges_are_those_of_the_hardware_contract()
    {
        NumberFormat.Unsigned(8).Range.ShouldBe(new ValueRange(0, 255));
        NumberFormat.TwosComplement(8).Range.ShouldBe(new ValueRange(-128, 127));
        NumberFormat.SignMagnitude(8).Range.ShouldBe(new ValueRange(-127, 127));
        NumberFormat.Bipolar.Range.ShouldBe(new ValueRange(-1, 1));
        NumberFormat.Ternary.Range.ShouldBe(new ValueRange(-1, 1));
        NumberFormat.Bipolar.Contains(0).ShouldBeFalse();
        NumberFormat.Ternary.Contains(0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 0, "u1")]
    [InlineData(0, 255, "u8")]
    [InlineData(0, 256, "u9")]
    [InlineData(-1, 0, "s1")]
    [InlineData(-1, 1, "s2")]
    [InlineData(-128, 127, "s8")]
    [InlineData(-129, 0, "s9")]
    [InlineData(-9, 9, "s5")]
    public void The_smallest_format_of_a_range(long minimum, long maximum, string expected) =>
        NumberFormat.Smallest(new ValueRange(minimum, maximum)).ToString().ShouldBe(expected);

    [Fact]
    public void Formats_that_do_not_exist_are_not_valid()
    {
        new NumberFormat(NumberKind.Bipolar, 2).IsValid.ShouldBeFalse();
        new NumberFormat(NumberKind.Ternary, 1).IsValid.ShouldBeFalse();
        NumberFormat.SignMagnitude(1).IsValid.ShouldBeFalse();
        NumberFormat.Unsigned(63).IsValid.ShouldBeFalse();
        NumberFormat.TwosComplement(0).IsValid.ShouldBeFalse();
        NumberFormat.TwosComplement(62).IsValid.ShouldBeTrue();
    }
}
