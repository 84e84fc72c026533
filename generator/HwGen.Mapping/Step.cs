using System.Collections.Immutable;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>A sum of products over windows of one feature map.</summary>
/// <param name="Source">The map.</param>
/// <param name="Weights">The weights.</param>
/// <param name="Window">The window; a dense layer's covers the whole map.</param>
/// <param name="RepeatsRows">True when every kernel position has the same weights: they take the rows of one.</param>
internal sealed record Term(FeatureTensor Source, TermWeights Weights, Window Window, bool RepeatsRows = false);

/// <summary>How a sum becomes a value.</summary>
internal enum ValueRule
{
    /// <summary>As it is.</summary>
    Sum,

    /// <summary>The number of thresholds that it reaches; ±1 of one threshold.</summary>
    Levels,

    /// <summary>Multiplied, shifted, rounded.</summary>
    Requantise,
}

/// <summary>What happens to a sum. Parameters are those of logical channels: filters, or filters and positions behind a flattening.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="IsRelu">True when negative sums count as 0.</param>
/// <param name="Levels">Thresholds of a channel.</param>
/// <param name="Values">Thresholds, [channel][level], or multipliers, one a channel.</param>
/// <param name="Shifts">Shifts, one a channel.</param>
/// <param name="Falls">One a channel: true where a greater sum gives a lesser value.</param>
/// <param name="Offset">The value of level 0, or the zero point.</param>
/// <param name="Bounds">Where values saturate; null where they do not.</param>
internal sealed record ValueFunction(
    ValueRule Rule, bool IsRelu, int Levels, ImmutableArray<long> Values, ImmutableArray<int> Shifts, ImmutableArray<bool> Falls, long Offset, ValueRange? Bounds)
{
    /// <summary>The sum as it is.</summary>
    public static ValueFunction Identity { get; } = new(ValueRule.Sum, false, 0, [], [], [], 0, null);

    /// <summary>True when nothing has happened to the sum.</summary>
    public bool IsIdentity => Rule == ValueRule.Sum && !IsRelu && Bounds is null;

    /// <summary>True when a rule, or at most a ReLU before it, can still be put behind.</summary>
    public bool TakesRule => Rule == ValueRule.Sum && Bounds is null;

    /// <summary>Words of the level memory of a filter.</summary>
    public int Words => Rule switch { ValueRule.Levels => Levels, ValueRule.Requantise => 1, _ => 0 };

    /// <summary>True when a greater sum never gives a lesser value.</summary>
    public bool Rises => Falls.All(falls => !falls);
}

/// <summary>A max pool.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Stride">Distance of neighbouring outputs.</param>
/// <param name="Padding">Positions around the map, of which none is ever the greatest.</param>
internal sealed record PoolWindow(int Height, int Width, Distance Stride, Padding Padding)
{
    /// <summary>No pool.</summary>
    public static PoolWindow None { get; } = new(1, 1, Distance.One, Padding.None);

    /// <summary>True when positions belong to one output each and none lies outside.</summary>
    public bool Tiles => Stride.X == Width && Stride.Y == Height && !Padding.Any;

    public bool IsNone => this == None;
}

/// <summary>Sums of terms that become values of a feature map: what the core does in one go, or in passes that add up.</summary>
/// <param name="Terms">What is summed; the filters of all are the channels of the output.</param>
/// <param name="Biases">What is added, a filter; empty for nothing.</param>
/// <param name="SumRange">What the sums can be.</param>
/// <param name="Function">Sum to value.</param>
/// <param name="Channels">Channels before the pool, which are the filters.</param>
/// <param name="Height">Rows before the pool.</param>
/// <param name="Width">Columns before the pool.</param>
/// <param name="Pool">The pool.</param>
/// <param name="PoolsValues">True when the pool is of values, behind the function; false when it is of sums.</param>
/// <param name="IsArgmax">True when only the index of the greatest value is the result.</param>
/// <param name="ByPosition">True when the function has parameters of its own for each position.</param>
/// <param name="Layers">The network layers that it computes, in order.</param>
/// <param name="Kinds">What they are, for the table.</param>
internal sealed record Step(
    IReadOnlyList<Term> Terms, ImmutableArray<long> Biases, ValueRange SumRange, ValueFunction Function, int Channels, int Height, int Width,
    PoolWindow Pool, bool PoolsValues, bool IsArgmax, bool ByPosition, IReadOnlyList<string> Layers, IReadOnlyList<string> Kinds)
{
    /// <summary>What the result can be.</summary>
    public ValueRange Range { get; init; } = SumRange;

    /// <summary>True when the result is ±1.</summary>
    public bool IsBipolar { get; init; }

    /// <summary>What the values can be of which an argmax takes the index; the result otherwise.</summary>
    public ValueRange ValueRange { get; init; } = SumRange;

    /// <summary>True when those values are ±1.</summary>
    public bool IsBipolarValue { get; init; }

    /// <summary>Where the values go; null to the result memory.</summary>
    public FeatureTensor? Output { get; init; }

    /// <summary>The channel of the output that takes filter 0.</summary>
    public int FirstChannel { get; init; }

    /// <summary>The network layer whose values the output is when the step is done; null when it is a part of one.</summary>
    public string? Name { get; init; }

    /// <summary>Rows behind the pool.</summary>
    public int OutputHeight => new Window(Pool.Height, Pool.Width, Pool.Stride, Pool.Padding, Distance.One).OutputHeight(Height);

    /// <summary>Columns behind the pool.</summary>
    public int OutputWidth => new Window(Pool.Height, Pool.Width, Pool.Stride, Pool.Padding, Distance.One).OutputWidth(Width);

    /// <summary>For messages: the last layer.</summary>
    public string Place => Layers[^1];
}
