using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace HwGen.Networks.Tests;

public class RationalTests
{
    [Fact]
    public void Doubles_are_taken_exactly()
    {
        Rational.FromDouble(0.1).ShouldBe(new Rational(BigInteger.Parse("3602879701896397", System.Globalization.CultureInfo.InvariantCulture), BigInteger.Pow(2, 55)));
        Rational.FromDouble(-2.5).ToString().ShouldBe("-5/2");
        Rational.FromDouble(double.Epsilon).ShouldBe(new Rational(1, BigInteger.Pow(2, 1074)));
        Rational.FromDouble(double.MaxValue).ToDouble().ShouldBe(double.MaxValue);
        Should.Throw<ArgumentException>(() => Rational.FromDouble(double.NaN));
    }

    [Fact]
    public void Text_comes_back()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<PositiveInt>(), (numerator, denominator) =>
        {
            var value = new Rational(numerator, denominator.Get);
            Rational.Parse(value.ToString()).ShouldBe(value);
        }).QuickCheckThrowOnFailure();
        Rational.Parse("0.1307").ShouldBe(new Rational(1307, 10000));
        Rational.Parse("-0.5").ShouldBe(new Rational(-1, 2));
        default(Rational).ShouldBe(Rational.FromInteger(0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1/0")]
    [InlineData("1/-2")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e5")]
    [InlineData("1.-5")]
    [InlineData("NaN")]
    [InlineData("1/2/3")]
    public void Other_text_is_refused(string text) => Should.Throw<FormatException>(() => Rational.Parse(text));

    [Fact]
    public void The_laws_of_fractions_hold()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(int, PositiveInt, int, PositiveInt)>(), sample =>
        {
            var (an, ad, bn, bd) = sample;
            Rational a = new(an, ad.Get), b = new(bn, bd.Get);
            (a + b - b).ShouldBe(a);
            (a * b).ShouldBe(b * a);
            if (b.Sign != 0)
                (a / b * b).ShouldBe(a);
            (a < b).ShouldBe((a - b).Sign < 0);
            (Rational.FromInteger(a.Floor()) <= a && a < Rational.FromInteger(a.Floor() + 1)).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();
    }
}
