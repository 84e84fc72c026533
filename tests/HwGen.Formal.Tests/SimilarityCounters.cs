using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Netlist;

namespace HwGen.Formal.Tests;

/// <summary>
/// A layer of three filters, two a tile, whose three distances, valid bits and threshold are free: the similarity unit's counters run over all of
/// them as the sequencer makes them, and must say what the definition says. With a planted fault a distance at the threshold is similar.
/// </summary>
internal sealed class SimilarityCounters(bool isFaulty = false) : Module(isFaulty ? "faulty" : null)
{
    private const int Filters = 3, Lanes = 2, Tiles = 2;

    public static readonly ArrayConfiguration Configuration = new("proof", 4, 4, Lanes, ArrayConfiguration.AllOperations, WeightBits: 1)
    {
        Similarity = new SimilarityConfiguration(Filters, 1, [SimilarityRule.Paper], SimilarityConfiguration.DefaultDistances),
    };

    private static readonly SimilarityWidths s_widths = new(Configuration);

    /// <summary>The distances of filters 0 and 1, 0 and 2, 1 and 2.</summary>
    public Input Distances { get; } = new(3 * s_widths.StatisticBits);

    /// <summary>Which filters are alive.</summary>
    public Input Alive { get; } = new(Filters);

    /// <summary>The threshold.</summary>
    public Input Threshold { get; } = new(s_widths.ThresholdBits);

    protected override void Build()
    {
        var bits = s_widths.StatisticBits;
        Register(out var step, 4, reset: 0);
        When(step.NotEqualTo(15), () => step.Drive(step + 1));
        Register(out var pairs, Distances, enable: step.EqualTo(0));
        Register(out var alive, Alive, enable: step.EqualTo(0));
        Register(out var threshold, Threshold, enable: step.EqualTo(0));
        Signal Distance(int first, int second) => pairs.Bits((first + second - 1) * bits, bits);

        // Step 1 + 2·i + t: reference i meets tile t.
        Wire(out var place, step - 1);
        Wire(out var valid, step.AtLeast(1) & step.LessThan((Filters * Tiles) + 1));
        var tile = place[0];
        var reference = place.Bits(1, 2);
        var options = new Signal[Filters * Tiles];
        for (var i = 0; i < options.Length; i++)
        {
            var (row, first) = (i / Tiles, i % Tiles * Lanes);
            options[i] = Concatenate([.. Enumerable.Range(first, Lanes).Reverse().Select(other => other == row || other >= Filters ? Constant(0, bits) : Distance(row, other))]);
        }

        Wire(out var distances, Select(place.Truncate(3), options));
        Instance(out var later, Of(tile, reference, alive, others: 0), name: "later");
        Instance(out var others, Of(tile, reference, alive, others: 1), name: "others");
        foreach (var (partners, isOthers) in new[] { (later, 0), (others, 1) })
        {
            partners.Valid.Drive(alive);
            partners.Tile!.Drive(tile);
            partners.ReferenceTile!.Drive(reference[1]);
            partners.ReferenceLane.Drive(reference[0]);
            partners.Others!.Drive(isOthers);
        }

        Instance(out var statistics, new PairStatistics(Configuration));
        statistics.Clear.Drive(step.EqualTo(0));
        statistics.Valid.Drive(valid & Select(reference, alive[0], alive[1], alive[2]));
        statistics.Distances.Drive(distances);
        statistics.Partners.Drive(later.Mask);
        Instance(out var count, new PartnerCount(Configuration));
        Signal Similar(int lane)
        {
            var distance = distances.Bits(lane * bits, bits).ZeroExtend(threshold.Width);
            return isFaulty ? ~threshold.LessThan(distance) : distance.LessThan(threshold);
        }

        count.Start.Drive(step.EqualTo(0));
        count.Valid.Drive(valid);
        count.Similar.Drive(others.Mask & Concatenate(Similar(1), Similar(0)));
        count.First.Drive(~tile);
        count.LastTile.Drive(tile);
        count.Reference.Drive(reference);
        count.HasLast.Drive(tile);
        count.LastLane.Drive(0);

        // The definition.
        Wire(out var definedPairs, Sum(2, (first, second) => Constant(1, 2)));
        Wire(out var definedSum, Sum(statistics.Sum.Width, (first, second) => Distance(first, second).ZeroExtend(statistics.Sum.Width)));
        Wire(out var definedSquares, Sum(statistics.Squares.Width, (first, second) =>
            Distance(first, second).ZeroExtend(statistics.Squares.Width) * Distance(first, second).ZeroExtend(statistics.Squares.Width)));
        Wire(out var finished, step.EqualTo(15));
        Assert(~finished | statistics.Pairs.EqualTo(definedPairs), "pairs are those of filters that are alive");
        Assert(~finished | statistics.Sum.EqualTo(definedSum), "the sum is that of their distances");
        Assert(~finished | statistics.Squares.EqualTo(definedSquares), "the squares are those of their distances");
        for (var filter = 0; filter < Filters; filter++)
        {
            using var scope = Scope(FormattableString.Invariant($"filter_{filter}"));
            Signal expected = Constant(0, 2);
            foreach (var other in Enumerable.Range(0, Filters).Where(other => other != filter))
            {
                expected += (alive[other] & Distance(filter, other).ZeroExtend(threshold.Width).LessThan(threshold)).ZeroExtend(2);
            }

            Wire(out var defined, expected);
            Assert(~count.Counted | ~count.CountedFilter.EqualTo(filter) | count.Count.EqualTo(defined), "similar partners are counted");
            Cover(count.Counted & count.CountedFilter.EqualTo(filter) & count.Count.EqualTo(2), "both others are similar");
        }

        // Filter 2 is the last; the references are 0 to 2, and 2 is not similar to itself.
        Assert(~finished | count.LastCount.EqualTo(
            (alive[2] & Distance(0, 2).ZeroExtend(threshold.Width).LessThan(threshold)).ZeroExtend(2)
            + (alive[2] & Distance(1, 2).ZeroExtend(threshold.Width).LessThan(threshold)).ZeroExtend(2)), "partners of the last filter are counted beside");

        Signal Sum(int width, Func<int, int, Signal> term)
        {
            Signal sum = Constant(0, width);
            for (var second = 1; second < Filters; second++)
            {
                for (var first = 0; first < second; first++)
                {
                    sum += Choose(alive[first] & alive[second], term(first, second), Constant(0, width));
                }
            }

            return sum;
        }

        static Partners Of(Signal tile, Signal reference, Signal alive, int others) => new(Configuration);
    }
}

/// <summary>
/// The threshold of a layer of three filters whose distances and constant b are free: a distance is below it iff it is similar by the definition
/// d &lt; mean − b·variance, in integers, times P²·2^e.
/// </summary>
internal sealed class SimilarityThresholdProof(int largestExponent, bool isFaulty = false) : Module(isFaulty ? "faulty" : null)
{
    private static readonly ArrayConfiguration s_configuration = SimilarityCounters.Configuration;
    private static readonly SimilarityWidths s_widths = new(s_configuration);

    public static int Cycles => new SimilarityTiming(s_configuration).SolveCycles + 2;

    public Input Distances { get; } = new(3 * s_widths.StatisticBits);

    public Input Alive { get; } = new(3);

    public Input Mantissa { get; } = new(SimilarityLayout.MantissaBits);

    public Input Exponent { get; } = new(SimilarityLayout.ExponentBits);

    protected override void Build()
    {
        var bits = s_widths.StatisticBits;
        Register(out var step, 6, reset: 0);
        When(step.NotEqualTo(63), () => step.Drive(step + 1));
        Register(out var pairs, Distances, enable: step.EqualTo(0));
        Register(out var alive, Alive, enable: step.EqualTo(0));
        Register(out var mantissa, Mantissa, enable: step.EqualTo(0));
        Register(out var exponent, Exponent, enable: step.EqualTo(0));
        Assume(Exponent.LessThan(largestExponent + 1), "the exponent is in the range that is proved");
        Assume(Alive.NotEqualTo(0) & Alive.NotEqualTo(1) & Alive.NotEqualTo(2) & Alive.NotEqualTo(4), "two filters are alive");
        for (var pair = 0; pair < 3; pair++)
        {
            Assume(Distances.Bits(pair * bits, bits).LessThan(s_widths.LargestStatistic + 1), FormattableString.Invariant($"distance {pair} is one of four columns"));
        }

        const int Wide = 16;
        Signal count = Constant(0, Wide), sum = Constant(0, Wide), squares = Constant(0, Wide);
        foreach (var (first, second) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            var present = Repeat(alive[first] & alive[second], Wide);
            var distance = pairs.Bits((first + second - 1) * bits, bits).ZeroExtend(Wide) & present;
            count += Constant(1, Wide) & present;
            sum += distance;
            squares += distance * distance;
        }

        Wire(out var p, count);
        Wire(out var s, sum);
        Wire(out var q, squares);
        Discard(p.Bits(s_widths.PairBits, Wide - s_widths.PairBits));
        Instance(out var threshold, new SimilarityThreshold(s_configuration));
        threshold.Start.Drive(step.EqualTo(1));
        threshold.Pairs.Drive(p.Truncate(s_widths.PairBits));
        threshold.Sum.Drive(s.Truncate(s_widths.SumBits));
        threshold.Squares.Drive(q.Truncate(s_widths.SquaresBits));
        threshold.Mantissa.Drive(mantissa);
        threshold.Exponent.Drive(exponent);

        Wire(out var finished, step.EqualTo(Cycles));
        var width = Wide + SimilarityLayout.MantissaBits + largestExponent;
        Wire(out var scaledVariance, mantissa.ZeroExtend(width) * ((p * q) - (s * s)).ZeroExtend(width));
        for (var distance = 0; distance <= s_widths.LargestStatistic; distance++)
        {
            using var scope = Scope(FormattableString.Invariant($"distance_{distance}"));
            Wire(out var left, (p * p * Constant(isFaulty ? distance + 1 : distance, Wide)).ZeroExtend(width).ShiftLeft(exponent));
            Wire(out var mean, (p * s).ZeroExtend(width).ShiftLeft(exponent));
            Wire(out var isSimilar, left.LessThanSigned(mean - scaledVariance));
            Assert(~finished | Constant(distance, threshold.Threshold.Width).LessThan(threshold.Threshold).EqualTo(isSimilar), "below the threshold is similar");
            Cover(finished & isSimilar, "it is similar");
        }
    }
}
