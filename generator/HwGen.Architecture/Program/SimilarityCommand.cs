using System.Collections.Immutable;
using System.Numerics;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>The values of all fields of one command of the similarity unit, and its cycles.</summary>
/// <param name="Values">One value a field, in the order of <see cref="SimilarityLayout.Fields"/>.</param>
public sealed record SimilarityCommand(ImmutableArray<int> Values)
{
    /// <summary>A command from its fields; those that are not named are 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit its field: the layer is too large for the configuration.</exception>
    public static SimilarityCommand Create(ArrayConfiguration configuration, IReadOnlyDictionary<SimilarityField, int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var all = ImmutableArray.CreateBuilder<int>();
        foreach (var field in SimilarityLayout.Fields)
        {
            var value = values.GetValueOrDefault(field);
            var width = field.Width(configuration);
            if (value < 0 || value >= 1L << width)
            {
                throw new ArgumentOutOfRangeException(nameof(values), value, $"{field} has {width} bits");
            }

            all.Add(value);
        }

        return new SimilarityCommand(all.ToImmutable());
    }

    /// <summary>The value of a field.</summary>
    public int this[SimilarityField field] => Values[(int)field];

    /// <summary>What is measured and how.</summary>
    public SimilarityControl Control => (SimilarityControl)this[SimilarityField.Control];

    /// <summary>True when distances go to the host and nothing is pruned.</summary>
    public bool ReadsDistances => (Control & SimilarityControl.ReadDistances) == SimilarityControl.ReadDistances;

    /// <summary>The rule; not looked at when distances are read.</summary>
    public SimilarityRule Rule => (SimilarityRule)(this[SimilarityField.Control] & 3);

    /// <summary>Rows of a filter.</summary>
    public long Rows => (long)this[SimilarityField.Words] * this[SimilarityField.Planes];

    /// <summary>Operands that meet one tile for one filter.</summary>
    public long OperandsPerTile => Rows * (Control.HasFlag(SimilarityControl.Product) ? this[SimilarityField.Planes] : 1);

    /// <summary>
    /// Cycles that the unit is busy, exactly; cycles in which the host does not take a distance are not in it.
    /// </summary>
    /// <param name="configuration">The array.</param>
    /// <param name="alive">Filters that are alive when the command starts.</param>
    /// <param name="overLimit">Filters that <see cref="SimilarityRule.KeepOne"/> finds over the limit; otherwise not looked at.</param>
    public long Cycles(ArrayConfiguration configuration, int alive, int overLimit = 0)
    {
        var timing = new SimilarityTiming(configuration);
        if (alive < 2)
        {
            return SimilarityTiming.BeginCycles;
        }

        var cycles = 0L;
        if (Control.HasFlag(SimilarityControl.Product))
        {
            cycles += SimilarityTiming.BeginCycles + (alive * (Rows + OperandsPerTile)) + SimilarityTiming.NormDrain;
        }

        if (ReadsDistances)
        {
            var tile = OperandsPerTile + SimilarityTiming.SettleCycles + this[SimilarityField.TileFilters];
            return cycles + SimilarityTiming.BeginCycles + Rows + ((alive - 1) * this[SimilarityField.Tiles] * tile);
        }

        return cycles + (Rule == SimilarityRule.Quota ? Quota(timing, alive) : Counted(timing, alive, overLimit));
    }

    private long Counted(SimilarityTiming timing, int alive, int overLimit)
    {
        var reference = this[SimilarityField.Tiles] * (OperandsPerTile + (Control.HasFlag(SimilarityControl.Root) ? timing.RootCycles : 0));

        // The last filter of a pass over pairs meets no later one, and what the others found of it is counted meanwhile. The
        // first filter of the second pass was captured in the first.
        var cycles = Control.HasFlag(SimilarityControl.FixedThreshold)
            ? SimilarityTiming.BeginCycles + Rows + (alive * reference) + SimilarityTiming.CountDrain
            : (2 * (SimilarityTiming.BeginCycles + ((alive - 1) * reference))) + Rows + timing.StatisticsDrain + timing.SolveCycles + SimilarityTiming.CountDrain;
        if (Rule == SimilarityRule.KeepOne)
        {
            cycles += SimilarityTiming.BeginCycles + (overLimit == 0 ? 0 : Rows + (overLimit * reference) + SimilarityTiming.KeepDrain);
        }

        return cycles + this[SimilarityField.Filters];
    }

    private long Quota(SimilarityTiming timing, int alive)
    {
        var cycles = 0L;
        for (var time = 0; time < this[SimilarityField.Quota]; time++)
        {
            var present = alive - time;
            if (present < 2)
            {
                return cycles + SimilarityTiming.BeginCycles;
            }

            cycles += SimilarityTiming.BeginCycles + Rows + ((present - 1) * this[SimilarityField.Tiles] * OperandsPerTile) + timing.ClosestDrain + 1;
            if (present - 1 <= this[SimilarityField.MinimumAlive])
            {
                return cycles;
            }
        }

        return cycles;
    }
}
