using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The threshold below which a distance is similar, exactly: with V = P·Σd² − (Σd)² a distance is below mean − b·variance iff
/// P²·d &lt; P·Σd − ⌊m·V / 2^e⌋, because both sides are integers; so iff d &lt; ⌈(P·Σd − ⌊m·V / 2^e⌋) / P²⌉.
/// </summary>
/// <remarks>
/// One multiplier of 16 bits a cycle serves all five products; the division gives two bits a cycle. The quotient is below the largest
/// distance, because a mean is.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed class SimilarityThreshold(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private const int Digit = SimilarityTiming.DigitBits;

    private readonly SimilarityWidths _widths = new(configuration);

    private readonly SimilarityTiming _timing = new(configuration);

    private enum Step
    {
        Idle,
        PairsSquared,
        PairsSum,
        PairsSquares,
        SumSquared,
        Scaled,
        Dividend,
        Divide,
        Round,
    }

    /// <summary>1 to begin; the statistics stay as they are until it is done.</summary>
    public Input Start { get; } = new(1);

    /// <summary>Pairs; at least 1.</summary>
    public Input Pairs { get; } = new(new SimilarityWidths(configuration).PairBits);

    /// <summary>The sum of their distances.</summary>
    public Input Sum { get; } = new(new SimilarityWidths(configuration).SumBits);

    /// <summary>The sum of the squares.</summary>
    public Input Squares { get; } = new(new SimilarityWidths(configuration).SquaresBits);

    /// <summary>m of b = m·2^−e.</summary>
    public Input Mantissa { get; } = new(SimilarityLayout.MantissaBits);

    /// <summary>e of b = m·2^−e.</summary>
    public Input Exponent { get; } = new(SimilarityLayout.ExponentBits);

    /// <summary>The threshold, <see cref="SimilarityTiming.SolveCycles"/> cycles after the start.</summary>
    public Output Threshold { get; } = new(new SimilarityWidths(configuration).ThresholdBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (pairBits, sumBits, squaresBits) = (_widths.PairBits, _widths.SumBits, _widths.SquaresBits);
        var varianceBits = Math.Max(pairBits + squaresBits, 2 * sumBits);
        var digits = Math.Max(_timing.PairDigits, _timing.SumDigits);
        var productBits = varianceBits + Digit;
        var dividendBits = pairBits + sumBits;
        StateMachine(out var step, Step.Idle);
        Register(out var loaded, 1, reset: 0);
        Register(out var factor, varianceBits);
        Register(out var multiplier, digits * Digit);
        Register(out var left, Widths.Count(Math.Max(digits, _timing.DivideCycles)));
        Register(out var product, productBits);
        Register(out var pairsSquared, 2 * pairBits);
        Register(out var pairsSum, dividendBits);
        Register(out var variance, varianceBits);

        Wire(out var topDigit, multiplier.Bits((digits - 1) * Digit, Digit));
        Wire(out var partial, factor.ZeroExtend(productBits) * topDigit.ZeroExtend(productBits));
        Wire(out var productNext, product.ShiftLeft(Digit) + partial);
        Wire(out var lastDigit, left.EqualTo(1));
        Wire(out var multiplied, loaded & lastDigit);
        When(loaded, () =>
        {
            product.Drive(productNext);
            multiplier.Drive(multiplier.ShiftLeft(Digit));
            left.Drive(left - 1);
            When(lastDigit, () => loaded.Drive(0));
        });

        // A product: a cycle to load its factors, then a cycle a digit, the highest first.
        void Load(Signal first, Signal second, int count)
        {
            factor.Drive(first.ZeroExtend(varianceBits));
            multiplier.Drive(second.ZeroExtend(count * Digit).ZeroExtend(digits * Digit).ShiftLeft((digits - count) * Digit));
            left.Drive(count);
            product.Drive(0);
            loaded.Drive(1);
        }

        void Multiply(Signal first, Signal second, int count, Action finish)
        {
            When(~loaded, () => Load(first, second, count));
            When(multiplied, finish);
        }

        Register(out var remainder, dividendBits);
        Register(out var isPositive, 1);
        Register(out var quotient, 2 * _timing.DivideCycles);
        Register(out var threshold, _widths.ThresholdBits);
        Wire(out var scaled, product.ShiftRight(Exponent));
        Wire(out var margin, pairsSum.ZeroExtend(productBits + 1) - scaled.ZeroExtend(productBits + 1) - 1);
        Discard(margin.Bits(dividendBits, productBits - dividendBits));
        Wire(out var upper, Divided(remainder, pairsSquared, quotient, left, high: true));
        Wire(out var upperRemainder, upper.Truncate(dividendBits));
        Wire(out var lower, Divided(upperRemainder, pairsSquared, quotient, left, high: false));

        step.Switch(
            (Step.Idle, () => { }
        ),
            (Step.PairsSquared, () => Multiply(Pairs, Pairs, _timing.PairDigits, () =>
            {
                pairsSquared.Drive(productNext.Truncate(2 * pairBits));
                step.Go(Step.PairsSum);
            })),
            (Step.PairsSum, () => Multiply(Sum, Pairs, _timing.PairDigits, () =>
            {
                pairsSum.Drive(productNext.Truncate(dividendBits));
                step.Go(Step.PairsSquares);
            })),
            (Step.PairsSquares, () => Multiply(Squares, Pairs, _timing.PairDigits, () =>
            {
                variance.Drive(productNext.Truncate(varianceBits));
                step.Go(Step.SumSquared);
            })),
            (Step.SumSquared, () => Multiply(Sum, Sum, _timing.SumDigits, () =>
            {
                variance.Drive(variance - productNext.Truncate(varianceBits));
                step.Go(Step.Scaled);
            })),
            (Step.Scaled, () => Multiply(variance, Mantissa, 1, () => step.Go(Step.Dividend))),
            (Step.Dividend, () =>
            {
                remainder.Drive(margin.Truncate(dividendBits));
                isPositive.Drive(~margin[productBits]);
                left.Drive(_timing.DivideCycles);
                step.Go(Step.Divide);
            }
        ),
            (Step.Divide, () =>
            {
                remainder.Drive(lower.Truncate(dividendBits));
                quotient.Drive(Concatenate(quotient.Truncate(quotient.Width - 2), upper[dividendBits], lower[dividendBits]));
                left.Drive(left - 1);
                When(lastDigit, () => step.Go(Step.Round));
            }
        ),
            (Step.Round, () =>
            {
                threshold.Drive(Choose(isPositive, quotient.FitTo(threshold.Width, Discard) + 1, Constant(0, threshold.Width)));
                step.Go(Step.Idle);
            }
        ));
        When(Start, () => step.Go(Step.PairsSquared));
        Threshold.Drive(threshold);
    }

    /// <summary>One bit of the quotient above what is left of the dividend: subtract what the bit stands for where that goes.</summary>
    private Signal Divided(Signal remainder, Signal divisor, Signal quotient, Signal left, bool high)
    {
        var width = remainder.Width;
        var wide = Math.Max(width + 1, divisor.Width + quotient.Width) + 1;
        Wire(out var weighted, divisor.ZeroExtend(wide).ShiftLeft(Concatenate(left - 1, Constant(high ? 1 : 0, 1))), name: high ? "upper_divisor" : "lower_divisor");
        Wire(out var difference, remainder.ZeroExtend(wide) - weighted, name: high ? "upper_difference" : "lower_difference");
        Wire(out var fits, ~difference[wide - 1], name: high ? "upper_fits" : "lower_fits");
        Discard(difference.Bits(width, wide - 1 - width));
        return Concatenate(fits, Choose(fits, difference.Truncate(width), remainder));
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_d{widths.StatisticBits}");
    }
}
