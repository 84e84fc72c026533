using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Finds the lowest of some filters: a prefix OR of logarithmic depth, then the number that belongs to the bit that stands alone.</summary>
/// <param name="filters">Filters that there may be.</param>
/// <param name="lanes">Filters of a tile.</param>
public sealed class LowestFilter(int filters, int lanes) : Module(FormattableString.Invariant($"f{filters}_l{lanes}"))
{
    /// <summary>One bit a filter: 1 for those that are looked at.</summary>
    public Input Candidates { get; } = new(filters);

    /// <summary>The lowest candidate alone; 0 when there is none.</summary>
    public Output Chosen { get; } = new(filters);

    /// <summary>Its number.</summary>
    public Output Index { get; } = new(Widths.Index(filters));

    /// <summary>Its tile; none where there is one tile.</summary>
    public Output? Tile { get; } = filters > lanes ? new(Widths.Index(((filters - 1) / lanes) + 1)) : null;

    /// <summary>Its lane.</summary>
    public Output Lane { get; } = new(Widths.Index(lanes));

    /// <inheritdoc/>
    protected override void Build()
    {
        Signal above = Candidates;
        for (var step = 1; step < filters; step *= 2)
        {
            Wire(out var wider, above | above.ShiftLeft(step), name: FormattableString.Invariant($"above_{step}"));
            above = wider;
        }

        Discard(above[filters - 1]);
        Wire(out var chosen, Candidates & ~above.ShiftLeft(1));
        Chosen.Drive(chosen);
        Encode(Index, chosen, filter => filter);
        Encode(Lane, chosen, filter => filter % lanes);
        if (Tile is { } tile)
        {
            Encode(tile, chosen, filter => filter / lanes);
        }
    }

    private void Encode(Output code, Signal chosen, Func<int, int> codeOf)
    {
        for (var bit = 0; bit < code.Width; bit++)
        {
            var mask = BigInteger.Zero;
            for (var filter = 0; filter < filters; filter++)
            {
                mask |= (BigInteger)((codeOf(filter) >> bit) & 1) << filter;
            }

            code.DriveBits(bit, mask.IsZero ? Constant(0, 1) : (chosen & Constant(mask, filters)).AnyOne());
        }
    }
}
