namespace HwGen.Networks.Tests;

public class RequantiseSearchTests
{
    [Fact]
    public void A_multiplier_that_is_found_is_right_at_every_value()
    {
        var random = new System.Random(2);
        int found = 0, refused = 0;
        long compared = 0;
        for (int round = 0; round < 300; round++)
        {
            var range = new ValueRange(-random.Next(1, 3000), random.Next(1, 3000));
            // Some ratios make ties, where halves go to the even number and a shift rounds up.
            Rational ratio = round % 3 == 0 ? new Rational(random.Next(-9, 10), 16) : new Rational(random.Next(-50_000, 50_000), 1_000_003);
            int zeroPoint = random.Next(-3, 4);
            (long low, long high) = (-random.Next(1, 60), random.Next(1, 60));
            long Level(long value) => Math.Clamp((long)RoundingRules.Round(Rational.FromInteger(value) * ratio, Rounding.HalfEven) + zeroPoint, low, high);
            Steps steps = StepSearch.Find(Level, range, low, high);
            if (RequantiseSearch.Find(ratio, zeroPoint, steps, range, low, high) is not { } pair)
            {
                refused++;
                continue;
            }
            found++;
            var layer = new RequantiseLayer("q", "x", [pair.Multiplier], [pair.Shift], NumberFormat.TwosComplement(8)) { ZeroPoint = zeroPoint, Saturation = new ValueRange(low, high) };
            for (long value = range.Minimum; value <= range.Maximum; value++, compared++)
                Requantisation.Apply(layer, 0, value).ShouldBe(Level(value), Invariant($"{value} times {ratio}, {pair}"));
        }
        found.ShouldBeGreaterThan(150);
        refused.ShouldBeGreaterThan(20);
        compared.ShouldBeGreaterThan(100_000);
    }

    [Fact]
    public void Steps_give_every_level_of_a_monotone_function()
    {
        var range = new ValueRange(-40, 40);
        foreach (Func<long, long> level in new Func<long, long>[] { x => x / 7, x => -x / 7, x => x >= 3 ? 5 : -2, x => 1, x => x > 39 ? 1 : 0 })
        {
            (long low, long high) = (Math.Min(level(-40), level(40)), Math.Max(level(-40), level(40)));
            Steps steps = StepSearch.Find(level, range, low, high);
            for (long x = -40; x <= 40; x++)
            {
                int reached = steps.Thresholds.Count(threshold => x >= threshold);
                (steps.Falling ? high - reached : low + reached).ShouldBe(level(x));
            }
        }
    }

    [Theory]
    [InlineData(Rounding.HalfEven, 2, -2, 3, -2, 4)]
    [InlineData(Rounding.HalfUp, 3, -3, 3, -2, 4)]
    [InlineData(Rounding.HalfDown, 2, -2, 3, -2, 3)]
    [InlineData(Rounding.Ceiling, 3, -2, 3, -2, 4)]
    [InlineData(Rounding.Floor, 2, -3, 2, -3, 3)]
    [InlineData(Rounding.Up, 3, -3, 3, -3, 4)]
    [InlineData(Rounding.Down, 2, -2, 2, -2, 3)]
    internal void Rounding_modes(Rounding mode, int twoAndHalf, int minusTwoAndHalf, int twoAndThreeQuarters, int minusTwoAndQuarter, int threeAndHalf)
    {
        int Round(string value) => (int)RoundingRules.Round(Rational.Parse(value), mode);
        Round("2.5").ShouldBe(twoAndHalf);
        Round("-2.5").ShouldBe(minusTwoAndHalf);
        Round("2.75").ShouldBe(twoAndThreeQuarters);
        Round("-2.25").ShouldBe(minusTwoAndQuarter);
        Round("3.5").ShouldBe(threeAndHalf);
        Round("-7").ShouldBe(-7);
    }
}
