using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Squared distances of a tile, |a|² + |b|² − 2·a·b: the accumulators hold the products of the reference with each lane's filter; the square of each
/// filter's length is its product with itself, measured before and held here.
/// </summary>
/// <param name="configuration">Lanes and widths.</param>
public sealed class SquaredDistances(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>The products modulo 2 to the bits of a distance, lane 0 in the lowest bits.</summary>
    public Input Products { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits);

    /// <summary>1 to hold the product of the reference with itself.</summary>
    public Input Hold { get; } = new(1);

    /// <summary>The tile; none where there is one.</summary>
    public Input? Tile { get; } = Tiles(configuration) is { } bits ? new(bits) : null;

    /// <summary>The reference's tile; none where there is one.</summary>
    public Input? ReferenceTile { get; } = Tiles(configuration) is { } bits ? new(bits) : null;

    /// <summary>The reference's lane.</summary>
    public Input ReferenceLane { get; } = new(new SimilarityWidths(configuration).LaneBits);

    /// <summary>The squared distances, lane 0 in the lowest bits.</summary>
    public Output Distances { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (lanes, bits) = (_widths.ComparedLanes, _widths.DistanceBits);
        var norms = new Signal[lanes];
        var references = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            using var scope = Scope(FormattableString.Invariant($"lane_{lane}"));
            Wire(out var product, Products.Bits(lane * bits, bits));
            Wire(out var holds, lanes == 1 ? Hold : Hold & ReferenceLane.EqualTo(lane));
            if (Tile is { } tile)
            {
                Memory(out var lengths, _widths.LargestTiles, bits);
                lengths.Write(holds, ReferenceTile!, product);

                // Wires of their own: Icarus warns of a select that reads a memory in place.
                Wire(out var norm, lengths.Read(tile));
                Wire(out var referenceLength, lengths.Read(ReferenceTile!));
                (norms[lane], references[lane]) = (norm, referenceLength);
            }
            else
            {
                Register(out var length, product, enable: holds);
                (norms[lane], references[lane]) = (length, length);
            }
        }

        if (lanes == 1)
        {
            Discard(ReferenceLane);
        }

        Wire(out var reference, Select(ReferenceLane, references));
        for (var lane = 0; lane < lanes; lane++)
        {
            // Modulo a power of two that the distance is below: the product may be negative.
            using var scope = Scope(FormattableString.Invariant($"lane_{lane}"));
            Wire(out var distance, norms[lane] + reference - Products.Bits(lane * bits, bits).ShiftLeft(1));
            Distances.DriveBits(lane * bits, distance);
        }
    }

    private static int? Tiles(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return widths.LargestTiles > 1 ? widths.TileBits : null;
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_l{widths.ComparedLanes}_d{widths.DistanceBits}");
    }
}
