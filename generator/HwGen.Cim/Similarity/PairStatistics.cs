using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Gathers the pairs of a layer, the sum of their distances and the sum of the squares, all lanes a cycle, exactly.</summary>
/// <param name="configuration">Lanes and widths.</param>
public sealed class PairStatistics(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>1 to forget what was gathered.</summary>
    public Input Clear { get; } = new(1);

    /// <summary>1 when a tile's distances are there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The distances, lane 0 in the lowest bits.</summary>
    public Input Distances { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).StatisticBits);

    /// <summary>One bit a lane: 1 when its filter and the reference are a pair that counts.</summary>
    public Input Partners { get; } = new(new SimilarityWidths(configuration).ComparedLanes);

    /// <summary>Pairs.</summary>
    public Output Pairs { get; } = new(new SimilarityWidths(configuration).PairBits);

    /// <summary>The sum of their distances.</summary>
    public Output Sum { get; } = new(new SimilarityWidths(configuration).SumBits);

    /// <summary>The sum of the squares of their distances.</summary>
    public Output Squares { get; } = new(new SimilarityWidths(configuration).SquaresBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (lanes, bits) = (_widths.ComparedLanes, _widths.StatisticBits);

        // First stage: what does not count is 0. Second: squares. Then the trees.
        Register(out var present, Valid, reset: 0);
        Register(out var squared, present, reset: 0);
        Register(out var counted, PopCount(Partners));
        var distances = new Signal[lanes];
        var squares = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            using var scope = Scope(FormattableString.Invariant($"lane_{lane}"));
            Register(out var counts, Distances.Bits(lane * bits, bits) & Repeat(Partners[lane], bits));
            Register(out var distance, counts);
            Wire(out var factor, counts.ZeroExtend(2 * bits));
            Register(out var square, factor * factor);
            (distances[lanes - 1 - lane], squares[lanes - 1 - lane]) = (distance, square);
        }

        Instance(out var sumTree, new SumTree(lanes, bits), name: "sum_tree");
        Instance(out var squaresTree, new SumTree(lanes, 2 * bits), name: "squares_tree");
        sumTree.Values.Drive(Concatenate(distances));
        squaresTree.Values.Drive(Concatenate(squares));
        Signal summed = squared;
        for (var stage = 0; stage < new SimilarityTiming(configuration).SumStages; stage++)
        {
            Register(out var later, summed, reset: 0, name: FormattableString.Invariant($"summed_{stage}"));
            summed = later;
        }

        Register(out var pairs, Pairs.Width);
        Register(out var sum, Sum.Width);
        Register(out var squareSum, Squares.Width);
        When(present, () => pairs.Drive(pairs + counted.FitTo(pairs.Width, Discard)));
        When(summed, () =>
        {
            sum.Drive(sum + sumTree.Sum.FitTo(sum.Width, Discard));
            squareSum.Drive(squareSum + squaresTree.Sum.FitTo(squareSum.Width, Discard));
        });
        When(Clear, () =>
        {
            pairs.Drive(0);
            sum.Drive(0);
            squareSum.Drive(0);
        });
        Pairs.Drive(pairs);
        Sum.Drive(sum);
        Squares.Drive(squareSum);
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_l{widths.ComparedLanes}_d{widths.StatisticBits}");
    }
}
