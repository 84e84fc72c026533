namespace HwGen.Networks;

/// <summary>
/// What the source network still does to each integer of a feature map before it is quantised again: multiplications, additions and clamps, one behind
/// the other, in exact fractions. Always monotone.
/// </summary>
internal sealed class ElementFunction
{
    private readonly ImmutableArray<Piece> _pieces;

    private ElementFunction(ImmutableArray<Piece> pieces, BatchNorm? batchNorm = null)
    {
        _pieces = pieces;
        BatchNorm = batchNorm;
    }

    /// <summary>The value as it is.</summary>
    public static ElementFunction Identity { get; } = new([]);

    /// <summary>value · factor + offset.</summary>
    public static ElementFunction Affine(Rational factor, Rational offset) => Identity.ThenAffine(factor, offset);

    /// <summary>
    /// Where the function is a batch norm on an accumulator and nothing else: that batch norm, one channel, in units of the
    /// accumulator. It decides signs exactly, without a rounded square root.
    /// </summary>
    public BatchNorm? BatchNorm { get; }

    /// <summary>1 when the function rises, −1 when it falls, 0 when it is constant.</summary>
    public int Direction => _pieces.Aggregate(1, (sign, piece) => piece.IsClamp ? sign : sign * piece.Factor.Sign);

    public Rational Apply(long value)
    {
        Rational result = Rational.FromInteger(value);
        foreach (Piece piece in _pieces)
        {
            if (!piece.IsClamp)
                result = (result * piece.Factor) + piece.Offset;
            else if (piece.Low is { } low && result < low)
                result = low;
            else if (piece.High is { } high && result > high)
                result = high;
        }
        return result;
    }

    public ElementFunction ThenAffine(Rational factor, Rational offset)
    {
        if (_pieces.Length > 0 && !_pieces[^1].IsClamp)
        {
            Piece last = _pieces[^1];
            return new(_pieces.SetItem(_pieces.Length - 1, new Piece(last.Factor * factor, (last.Offset * factor) + offset, null, null, false)));
        }
        return new(_pieces.Add(new Piece(factor, offset, null, null, false)));
    }

    public ElementFunction ThenClamp(Rational? low, Rational? high) =>
        new(_pieces.Add(new Piece(default, default, low, high, true)));

    /// <summary>The function of the negated value: f(−x).</summary>
    public ElementFunction AfterNegation() => new(_pieces.Insert(0, new Piece(Rational.FromInteger(-1), default, null, null, false)));

    public ElementFunction WithBatchNorm(BatchNorm? batchNorm) => new(_pieces, batchNorm);

    /// <summary>Factor and offset, when there is no clamp.</summary>
    public (Rational Factor, Rational Offset)? AsAffine() => _pieces switch
    {
        _ when _pieces.All(piece => !piece.IsClamp) => WithoutClamps(),
        _ => null,
    };

    /// <summary>Factor and offset with every clamp left out: what the function does between its clamps.</summary>
    public (Rational Factor, Rational Offset) WithoutClamps()
    {
        (Rational factor, Rational offset) = (Rational.FromInteger(1), default(Rational));
        foreach (Piece piece in _pieces.Where(piece => !piece.IsClamp))
            (factor, offset) = (factor * piece.Factor, (offset * piece.Factor) + piece.Offset);
        return (factor, offset);
    }

    /// <summary>The factor of a function that is value · factor, factor positive, and then at least 0: a ReLU on a scaled integer.</summary>
    public Rational? AsScaledRelu() => _pieces switch
    {
        [{ IsClamp: false, Factor.Sign: > 0, Offset.Sign: 0 } scale, { IsClamp: true, High: null, Low: { Sign: 0 } }] => scale.Factor,
        [{ IsClamp: true, High: null, Low: { Sign: 0 } }] => Rational.FromInteger(1),
        _ => null,
    };

    private readonly record struct Piece(Rational Factor, Rational Offset, Rational? Low, Rational? High, bool IsClamp);
}
