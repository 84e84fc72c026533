using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Keeps the closest pair of a pass. Tiles come by the lower filter, then by the tile, and within a tile the lowest lane wins a tie, so the first of
/// the closest pairs is the one with the lowest numbers.
/// </summary>
/// <param name="configuration">Lanes and widths.</param>
public sealed class ClosestPair(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>1 to forget the pair.</summary>
    public Input Clear { get; } = new(1);

    /// <summary>1 when a tile's distances are there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The distances, lane 0 in the lowest bits.</summary>
    public Input Distances { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits);

    /// <summary>One bit a lane: 1 when its filter and the reference are a pair that counts.</summary>
    public Input Partners { get; } = new(new SimilarityWidths(configuration).ComparedLanes);

    /// <summary>The number of the tile's first filter.</summary>
    public Input TileFilter { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>The higher filter of the closest pair.</summary>
    public Output Higher { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>1 when there is a pair.</summary>
    public Output Found { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (bits, stages) = (_widths.DistanceBits, 0);
        Signal valid = Delayed("candidates", Valid, reset: true);
        Signal tile = Delayed("tile", TileFilter);
        var nodes = new Node[_widths.ComparedLanes];
        for (var lane = 0; lane < nodes.Length; lane++)
        {
            using var scope = Scope(FormattableString.Invariant($"lane_{lane}"));
            Register(out var candidate, Partners[lane]);
            Register(out var distance, Distances.Bits(lane * bits, bits));
            nodes[lane] = new Node(candidate, distance, null);
        }

        for (var level = 1; nodes.Length > 1; level++)
        {
            var held = level % SimilarityTiming.CompareLevels == 0;
            var next = new Node[(nodes.Length + 1) / 2];
            for (var i = 0; i < next.Length; i++)
            {
                using var scope = Scope(FormattableString.Invariant($"level_{level}_{i}"));
                next[i] = Closer(nodes[2 * i], (2 * i) + 1 < nodes.Length ? nodes[(2 * i) + 1] : null, held);
            }

            if (held)
            {
                valid = Delayed(FormattableString.Invariant($"valid_{stages}"), valid, reset: true);
                tile = Delayed(FormattableString.Invariant($"tile_{stages++}"), tile);
            }

            nodes = next;
        }

        var closest = nodes[0];
        Register(out var found, 1);
        Register(out var least, bits);
        Register(out var higher, _widths.FilterBits);
        When(valid & closest.Valid & (~found | closest.Distance.LessThan(least)), () =>
        {
            found.Drive(1);
            least.Drive(closest.Distance);
            higher.Drive(closest.Lane is null ? tile : tile + closest.Lane.FitTo(_widths.FilterBits));
        });
        When(Clear, () => found.Drive(0));
        Found.Drive(found);
        Higher.Drive(higher);
    }

    private Signal Delayed(string name, Signal value, bool reset = false)
    {
        Register(out var later, value, reset ? 0 : null, name: name);
        return later;
    }

    /// <summary>The right one only where it is strictly closer, or alone.</summary>
    private Node Closer(Node left, Node? right, bool held)
    {
        Signal valid, distance;
        Signal lane;
        if (right is null)
        {
            (valid, distance) = (left.Valid, left.Distance);
            lane = left.Lane is null ? Constant(0, 1) : Concatenate(Constant(0, 1), left.Lane);
        }
        else
        {
            Wire(out var takesRight, right.Valid & (~left.Valid | right.Distance.LessThan(left.Distance)));
            valid = left.Valid | right.Valid;
            distance = Choose(takesRight, right.Distance, left.Distance);
            lane = left.Lane is null ? takesRight : Concatenate(takesRight, Choose(takesRight, right.Lane!, left.Lane));
        }

        if (held)
        {
            Register(out var heldValid, valid);
            Register(out var heldDistance, distance);
            Register(out var heldLane, lane);
            return new Node(heldValid, heldDistance, heldLane);
        }

        Wire(out var nodeValid, valid);
        Wire(out var nodeDistance, distance);
        Wire(out var nodeLane, lane);
        return new Node(nodeValid, nodeDistance, nodeLane);
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"f{widths.Unit.Filters}_l{widths.ComparedLanes}_d{widths.DistanceBits}");
    }

    /// <summary>The closest of some lanes; which of them, where they are more than one.</summary>
    private sealed record Node(Signal Valid, Signal Distance, Signal? Lane);
}
