using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Which filters of a tile are compared with the reference: those that are alive and above it, where each pair counts once; all others, where similar
/// partners are counted; those below it that are kept, where one of similar filters is kept.
/// </summary>
/// <param name="configuration">Filters and lanes.</param>
public sealed class Partners(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>One bit a filter: alive.</summary>
    public Input Valid { get; } = new(configuration.Similarity!.Filters);

    /// <summary>One bit a filter: to go.</summary>
    public Input? Going { get; } = HasKeepOne(configuration) ? new(configuration.Similarity!.Filters) : null;

    /// <summary>The tile; none where there is one.</summary>
    public Input? Tile { get; } = Tiles(configuration) is { } bits ? new(bits) : null;

    /// <summary>The reference's tile; none where there is one.</summary>
    public Input? ReferenceTile { get; } = Tiles(configuration) is { } bits ? new(bits) : null;

    /// <summary>The reference's lane.</summary>
    public Input ReferenceLane { get; } = new(new SimilarityWidths(configuration).LaneBits);

    /// <summary>1 to take all others.</summary>
    public Input? Others { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 to take those below that are kept.</summary>
    public Input? KeptBelow { get; } = HasKeepOne(configuration) ? new(1) : null;

    /// <summary>One bit a lane.</summary>
    public Output Mask { get; } = new(new SimilarityWidths(configuration).ComparedLanes);

    /// <inheritdoc/>
    protected override void Build()
    {
        var lanes = _widths.ComparedLanes;
        Wire(out var candidates, Going is { } going ? Valid & ~(going & Repeat(KeptBelow!, going.Width)) : Valid);
        Wire(out var present, Slice(candidates));
        Wire(out var self, lanes == 1 ? Constant(1, 1) : Constant(1, lanes).ShiftLeft(ReferenceLane));
        Wire(out var notBelow, lanes == 1 ? Constant(1, 1) : Ones(lanes).ShiftLeft(ReferenceLane));
        if (lanes == 1)
        {
            Discard(ReferenceLane);
        }

        Wire(out var above, notBelow & ~self);
        Signal later = above, others = ~self, lower = ~notBelow;
        if (Tile is { } tile)
        {
            Wire(out var isSame, tile.EqualTo(ReferenceTile!));
            Wire(out var isBefore, tile.LessThan(ReferenceTile!));
            later = Choose(isSame, above, Repeat(~isBefore, lanes));
            others = ~self | Repeat(~isSame, lanes);
            lower = Choose(isSame, ~notBelow, Repeat(isBefore, lanes));
        }

        var wanted = Others is null ? later : Choose(Others, others, later);
        Mask.Drive(present & (KeptBelow is { } below ? Choose(below, lower, wanted) : wanted));
    }

    private Signal Slice(Signal filters)
    {
        if (Tile is not { } tile)
        {
            return filters;
        }

        var lanes = _widths.ComparedLanes;
        var slices = new Signal[_widths.LargestTiles];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = filters.Bits(i * lanes, Math.Min(lanes, filters.Width - (i * lanes))).ZeroExtend(lanes);
        }

        return Select(tile, slices);
    }

    private static bool HasKeepOne(ArrayConfiguration configuration) => configuration.Similarity!.Rules.Contains(SimilarityRule.KeepOne);

    private static int? Tiles(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return widths.LargestTiles > 1 ? widths.TileBits : null;
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_l{widths.ComparedLanes}")
            + (HasKeepOne(configuration) ? "_keep_one" : widths.Unit.HasStatistics ? "_paper" : string.Empty);
    }
}
