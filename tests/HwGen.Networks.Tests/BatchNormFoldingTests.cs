using FsCheck;
using FsCheck.Fluent;

namespace HwGen.Networks.Tests;

public class BatchNormFoldingTests
{
    private static readonly ValueRange s_range = new(-50, 50);

    private static BatchNorm One(double gamma, double beta, double mean, double variance, double epsilon = 0) =>
        BatchNorm.FromDoubles([gamma], [beta], [mean], [variance], epsilon);

    [Theory]
    [InlineData(1, 0, 3, 1, 3, false)] // x ≥ 3: equality counts as +1
    [InlineData(1, 0, 3.5, 1, 4, false)]
    [InlineData(-1, 0, 3, 1, 4, true)] // x ≤ 3
    [InlineData(-1, 0, 3.5, 1, 4, true)]
    [InlineData(2, -6, 0, 4, 6, false)] // 2·x/2 ≥ 6
    [InlineData(2, -6.5, 0, 4, 7, false)]
    [InlineData(0, 1, 0, 1, -50, false)] // always
    [InlineData(0, 0, 0, 1, -50, false)] // 0 counts as +1
    [InlineData(0, -1, 0, 1, 51, false)] // never
    [InlineData(1, 1000, 0, 1, -50, false)]
    [InlineData(1, -1000, 0, 1, 51, false)]
    [InlineData(-1, 1000, 0, 1, 51, true)] // always, falling
    [InlineData(-1, -1000, 0, 1, -50, true)] // never, falling
    public void Folds_to_the_threshold_of_hardware_md(double gamma, double beta, double mean, double variance, long threshold, bool direction) =>
        BatchNormFolding.Fold(One(gamma, beta, mean, variance), 0, s_range).ShouldBe(new FoldedThreshold(threshold, direction));

    [Fact]
    public void The_decision_is_exact_where_doubles_are_not()
    {
        // γ·(x − mean)/√v + β with √v irrational: x = 7 gives 7/√49.000…1 − 1, just below 0; a double rounds it to 0.
        var norm = new BatchNorm([Rational.FromInteger(1)], [Rational.FromInteger(-1)], [Rational.FromInteger(0)],
            [Rational.Parse("49.0000000000000000000000001")], Rational.FromInteger(0));
        (7 / Math.Sqrt(49.0000000000000000000000001) - 1).ShouldBe(0);
        norm.IsAtLeastZero(0, 7).ShouldBeFalse();
        norm.IsAtLeastZero(0, 8).ShouldBeTrue();
        BatchNormFolding.Fold(norm, 0, s_range).Threshold.ShouldBe(8);
    }

    [Fact]
    public void A_fold_equals_its_batch_norm_at_every_value_whatever_the_constants()
    {
        long compared = 0;
        int turning = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new System.Random(seed);
            double[] Draw(double scale) => [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble() - 0.5) * scale)];
            double[] gamma = Draw(2), variance = [.. Draw(40).Select(Math.Abs)];
            if (random.Next(4) == 0)
                gamma[0] = 0;
            BatchNorm norm = BatchNorm.FromDoubles(gamma, Draw(6), Draw(40), variance, 1e-5);
            ThresholdLayer layer = BatchNormFolding.Fold("t", "x", norm, s_range);
            compared += BatchNormFolding.Check(layer, s_range);
            turning += layer.Thresholds.Count(threshold => threshold > s_range.Minimum && threshold <= s_range.Maximum);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(1_000_000));
        compared.ShouldBe(200 * 4 * 101);
        turning.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    public void A_wrong_fold_is_found(int shift, int flip)
    {
        ThresholdLayer right = BatchNormFolding.Fold("t", "x", One(-0.7, 0.2, 3.3, 2), s_range);
        ThresholdLayer wrong = right with
        {
            Thresholds = [right.Thresholds[0] + shift],
            Directions = [right.Directions[0] ^ (flip == 1)],
        };
        Should.Throw<InvalidNetworkException>(() => BatchNormFolding.Check(wrong, s_range)).Message.ShouldContain("channel 0");
    }

    [Fact]
    public void A_batch_norm_without_variance_is_refused()
    {
        Should.Throw<ArgumentException>(() => BatchNormFolding.Fold("t", "x", One(1, 0, 0, 0), s_range));
        Should.NotThrow(() => BatchNormFolding.Fold("t", "x", One(1, 0, 0, 0, 1e-5), s_range));
    }
}
