using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Counts the similar partners of each reference, tile by tile; and beside it how many references are similar to the last filter, which is
/// then no reference itself.
/// </summary>
/// <param name="configuration">Filters and lanes.</param>
public sealed class PartnerCount(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>1 to begin: no reference was similar to the last filter.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when a tile's distances were compared.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>One bit a lane: 1 when its filter is similar to the reference.</summary>
    public Input Similar { get; } = new(new SimilarityWidths(configuration).ComparedLanes);

    /// <summary>1 at the reference's first tile.</summary>
    public Input First { get; } = new(1);

    /// <summary>1 at its last.</summary>
    public Input LastTile { get; } = new(1);

    /// <summary>The reference.</summary>
    public Input Reference { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>1 when the last filter is in the tile.</summary>
    public Input HasLast { get; } = new(1);

    /// <summary>Its lane.</summary>
    public Input LastLane { get; } = new(new SimilarityWidths(configuration).LaneBits);

    /// <summary>1 when a reference's count is there.</summary>
    public Output Counted { get; } = new(1);

    /// <summary>The reference.</summary>
    public Output CountedFilter { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>Its similar partners.</summary>
    public Output Count { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>References that are similar to the last filter.</summary>
    public Output LastCount { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var bits = _widths.FilterBits;
        Register(out var held, Valid, reset: 0);
        Register(out var heldSimilar, Similar);
        Register(out var heldFirst, First);
        Register(out var heldFinal, LastTile);
        Register(out var heldReference, Reference);
        Register(out var heldHasLast, HasLast);
        Register(out var added, held, reset: 0);
        Register(out var partners, PopCount(heldSimilar));
        Register(out var addedFirst, heldFirst);
        Register(out var addedFinal, heldFinal);
        Register(out var addedReference, heldReference);
        Register(out var count, bits);
        When(added, () => count.Drive(Choose(addedFirst, Constant(0, bits), count) + partners.FitTo(bits, Discard)));
        Register(out var counted, added & addedFinal, reset: 0);
        Register(out var countedFilter, addedReference);

        Register(out var lastCount, bits);
        Wire(out var lastIsSimilar, _widths.ComparedLanes == 1 ? heldSimilar : heldSimilar.ShiftRight(LastLane)[0]);
        if (_widths.ComparedLanes == 1)
        {
            Discard(LastLane);
        }

        When(held & heldHasLast & lastIsSimilar, () => lastCount.Drive(lastCount + 1));
        When(Start, () => lastCount.Drive(0));
        Counted.Drive(counted);
        CountedFilter.Drive(countedFilter);
        Count.Drive(count);
        LastCount.Drive(lastCount);
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_l{widths.ComparedLanes}");
    }
}
