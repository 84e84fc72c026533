namespace HwGen.Networks;

/// <summary>
/// A batch norm as it was trained, in exact rationals: <c>γ·(x − mean)/√(variance + ε) + β</c> a channel.
/// Its sign (0 counts as +1) is decided exactly, without a square root: see <see cref="IsAtLeastZero"/>.
/// </summary>
/// <param name="Gamma">γ, one a channel; may be negative or 0.</param>
/// <param name="Beta">β.</param>
/// <param name="Mean">The mean, in units of the accumulator.</param>
/// <param name="Variance">The variance, in squared units of the accumulator.</param>
/// <param name="Epsilon">ε; variance + ε is positive.</param>
public sealed record BatchNorm(
    ImmutableArray<Rational> Gamma, ImmutableArray<Rational> Beta, ImmutableArray<Rational> Mean, ImmutableArray<Rational> Variance, Rational Epsilon)
{
    /// <summary>The number of channels.</summary>
    public int Channels => Gamma.Length;

    /// <summary>Whether the four lists are of one length and every variance + ε is positive.</summary>
    public bool IsValid =>
        !Gamma.IsDefaultOrEmpty && !Beta.IsDefault && !Mean.IsDefault && !Variance.IsDefault
        && Beta.Length == Channels && Mean.Length == Channels && Variance.Length == Channels
        && Variance.All(variance => (variance + Epsilon).Sign > 0);

    /// <summary>A batch norm from the numbers of a trainer; each double is taken exactly.</summary>
    public static BatchNorm FromDoubles(
        ReadOnlySpan<double> gamma, ReadOnlySpan<double> beta, ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double epsilon) =>
        new(Exact(gamma), Exact(beta), Exact(mean), Exact(variance), Rational.FromDouble(epsilon));

    /// <summary>
    /// Whether γ·(x − mean)/√v + β ≥ 0, v = variance + ε. With a = γ·(x − mean) this is a ≥ −β·√v; both sides are
    /// compared by sign and then by their squares, a² and β²·v, which are rational.
    /// </summary>
    public bool IsAtLeastZero(int channel, long x)
    {
        Rational left = Gamma[channel] * (Rational.FromInteger(x) - Mean[channel]);
        Rational beta = Beta[channel];
        if (left.Sign >= 0 && beta.Sign >= 0)
            return true;
        if (left.Sign <= 0 && beta.Sign <= 0)
            return left.Sign == 0 && beta.Sign == 0;
        Rational leftSquare = left * left, rightSquare = beta * beta * (Variance[channel] + Epsilon);
        return left.Sign > 0 ? leftSquare >= rightSquare : leftSquare <= rightSquare;
    }

    private static ImmutableArray<Rational> Exact(ReadOnlySpan<double> values)
    {
        var exact = ImmutableArray.CreateBuilder<Rational>(values.Length);
        foreach (double value in values)
            exact.Add(Rational.FromDouble(value));
        return exact.MoveToImmutable();
    }
}
