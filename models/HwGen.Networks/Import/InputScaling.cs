namespace HwGen.Networks;

/// <summary>
/// What a float network expects of an 8-bit pixel: value = pixel · factor + offset, one for all channels or one a channel. An ONNX file does not say it.
/// </summary>
/// <param name="Name">In words, for tables.</param>
/// <param name="Factors">One, or one a channel.</param>
/// <param name="Offsets">One, or one a channel.</param>
public sealed record InputScaling(string Name, ImmutableArray<Rational> Factors, ImmutableArray<Rational> Offsets)
{
    /// <summary>0 … 1: pixel / 255. The default.</summary>
    public static InputScaling ZeroToOne { get; } = new("pixel / 255", [new Rational(1, 255)], [default]);

    /// <summary>0 … 255: the pixel as it is.</summary>
    public static InputScaling Pixels { get; } = new("pixel", [Rational.FromInteger(1)], [default]);

    /// <summary>−1 … 1: 2 · pixel / 255 − 1.</summary>
    public static InputScaling MinusOneToOne { get; } = new("2 · pixel / 255 - 1", [new Rational(2, 255)], [Rational.FromInteger(-1)]);

    /// <summary>(pixel / 255 − mean) / deviation, from decimals such as 0.1307 and 0.3081.</summary>
    public static InputScaling Normalised(ImmutableArray<Rational> means, ImmutableArray<Rational> deviations) => new(
        "normalised pixel", [.. deviations.Select(deviation => new Rational(1, 255) / deviation)], [.. means.Select((mean, i) => -mean / deviations[i])]);
}
