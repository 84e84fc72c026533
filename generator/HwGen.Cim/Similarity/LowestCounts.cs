using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Finds out, count by count, which of the filters that are to go stay because too few would be left: those with the lowest counts. Of
/// all counts that were taken, those below the boundary stay, and of those at the boundary as many as there is room for.
/// </summary>
/// <remarks>
/// A histogram says how many filters have each count. A filter that is to go is inserted with its count; a filter that stays anyway makes one fewer missing.
/// Both move the boundary down by at most one count that occurs, so one cycle is enough for each.
/// </remarks>
/// <param name="filters">Filters that there may be.</param>
public sealed class LowestCounts(int filters) : Module(FormattableString.Invariant($"f{filters}"))
{
    /// <summary>1 to begin: nothing is inserted, and as many filters are missing as must stay.</summary>
    public Input Start { get; } = new(1);

    /// <summary>Filters that must stay.</summary>
    public Input MinimumAlive { get; } = new(Widths.Count(filters));

    /// <summary>1 when a filter stays anyway.</summary>
    public Input Stays { get; } = new(1);

    /// <summary>1 when a filter is to go; not together with the one before.</summary>
    public Input Goes { get; } = new(1);

    /// <summary>Its count.</summary>
    public Input Count { get; } = new(Widths.Index(filters));

    /// <summary>Counts below this stay; one more than every count where all do.</summary>
    public Output Boundary { get; } = new(Widths.Count(filters));

    /// <summary>How many with a count at the boundary stay.</summary>
    public Output Room { get; } = new(Widths.Count(filters));

    /// <inheritdoc/>
    protected override void Build()
    {
        var (bits, indexBits) = (Widths.Count(filters), Widths.Index(filters));
        Memory(out var histogram, filters, bits);
        Register(out var occurs, filters);
        Register(out var boundary, bits);
        Register(out var below, bits);
        Register(out var missing, bits);

        Wire(out var counted, Constant(1, filters).ShiftLeft(Count));
        Wire(out var known, (occurs & counted).AnyOne());
        Wire(out var frequency, Choose(known, histogram.Read(Count), Constant(0, bits)) + 1);
        histogram.Write(Goes, Count, frequency);

        Wire(out var enters, Goes & Count.ZeroExtend(bits).LessThan(boundary));
        Wire(out var belowNext, Choose(enters, below + 1, below));
        Wire(out var missingNext, Choose(Stays & missing.AnyOne(), missing - 1, missing));
        Wire(out var tooMany, missingNext.LessThan(belowNext));

        // The highest count that occurs below the boundary.
        Wire(out var candidates, (occurs | (counted & Repeat(Goes, filters))) & ~Ones(filters).ShiftLeft(boundary));
        Signal under = candidates;
        for (var step = 1; step < filters; step *= 2)
        {
            Wire(out var wider, under | under.ShiftRight(Constant(step, bits + 1)), name: FormattableString.Invariant($"under_{step}"));
            under = wider;
        }

        Discard(under[0]);
        Wire(out var highest, candidates & ~under.ShiftRight(Constant(1, bits + 1)));
        var number = new Signal[indexBits];
        for (var bit = 0; bit < indexBits; bit++)
        {
            var mask = BigInteger.Zero;
            for (var count = 0; count < filters; count++)
            {
                mask |= (BigInteger)((count >> bit) & 1) << count;
            }

            number[indexBits - 1 - bit] = (highest & Constant(mask, filters)).AnyOne();
        }

        Wire(out var moved, Concatenate(number));
        Wire(out var movedFrequency, Choose(Goes & moved.EqualTo(Count), frequency, histogram.Read(moved)));
        When(Goes, () => occurs.Drive(occurs | counted));
        When(Goes | Stays, () =>
        {
            missing.Drive(missingNext);
            below.Drive(Choose(tooMany, belowNext - movedFrequency, belowNext));
            boundary.Drive(Choose(tooMany, moved.ZeroExtend(bits), boundary));
        });
        When(Start, () =>
        {
            occurs.Drive(0);
            below.Drive(0);
            boundary.Drive(filters);
            missing.Drive(MinimumAlive);
        });
        Boundary.Drive(boundary);
        Room.Drive(missing - below);
    }
}
