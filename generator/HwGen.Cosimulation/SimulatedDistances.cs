using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;
using HwGen.Training.Pruning;

namespace HwGen.Cosimulation;

/// <summary>What was measured in the array.</summary>
/// <param name="Layers">Layers that were measured.</param>
/// <param name="Distances">Distances that were compared with golden's.</param>
/// <param name="Masks">Filters whose valid bit was compared with the decision.</param>
/// <param name="RowLoads">Rows that were written, one a cycle.</param>
/// <param name="MeasureCycles">Cycles that the similarity unit counted while distances were read.</param>
/// <param name="PruneCycles">Cycles that it counted from distances to the prune mask.</param>
public sealed record InSituCounts(int Layers, long Distances, long Masks, long RowLoads, long MeasureCycles, long PruneCycles)
{
    /// <summary>Nothing yet.</summary>
    public static InSituCounts None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>What came after an earlier count.</summary>
    public InSituCounts Since(InSituCounts before) => new(
        Layers - before.Layers, Distances - before.Distances, Masks - before.Masks, RowLoads - before.RowLoads, MeasureCycles - before.MeasureCycles, PruneCycles - before.PruneCycles);
}

/// <summary>
/// Distances from simulated hardware: the weights are written into the rows of a core, its similarity unit measures and prunes, distances and valid
/// bits are read back. Every distance is compared with golden's, every cycle count with the prediction; a difference is an error.
/// </summary>
public sealed class SimulatedDistances : IDistanceSource
{
    private readonly GoldenDistances _golden = new();
    private readonly ArrayConfiguration _configuration;
    private readonly CoreDriver _core;
    private readonly SimilarityDriver _unit;

    /// <summary>Takes over a simulator of a core with a similarity unit.</summary>
    public SimulatedDistances(ISimulator simulator, ArrayConfiguration configuration)
    {
        _configuration = configuration;
        _core = new CoreDriver(simulator, configuration);
        _unit = new SimilarityDriver(simulator, configuration);
    }

    /// <summary>What was measured and compared so far.</summary>
    public InSituCounts Counts { get; private set; } = InSituCounts.None;

    /// <inheritdoc/>
    public PairDistances Measure(FilterVectors vectors, DistanceKind kind)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var placement = Load(vectors);
        var command = InSituCommand.Read(_configuration, placement, kind);
        var alive = vectors.Filters.Length;
        var predicted = command.Cycles(_configuration, alive);
        var raw = new long[alive * (alive - 1) / 2];
        var read = _unit.Read(command, predicted, raw) ?? throw Differs(vectors, FormattableString.Invariant($"distances were not there after twice the predicted {predicted} cycles"));
        if (read.Distances != raw.Length)
        {
            throw Differs(vectors, FormattableString.Invariant($"{read.Distances} distances of {raw.Length} pairs"));
        }

        CheckCycles(vectors, "the distances", read.Run.Cycles - read.Run.Stalls, predicted);
        var expected = _golden.Measure(vectors, kind);
        var distances = new PairDistances(alive);
        var place = 0;
        for (var low = 0; low < alive; low++)
        {
            for (var high = low + 1; high < alive; high++)
            {
                distances[low, high] = raw[place];
                if (raw[place++] != expected[low, high])
                {
                    throw Differs(vectors, FormattableString.Invariant(
                        $"filters {vectors.Filters[low]} and {vectors.Filters[high]}: distance {distances[low, high]} in the array, {expected[low, high]} by the golden model"));
                }
            }
        }

        Counts = Counts with { Layers = Counts.Layers + 1, Distances = Counts.Distances + raw.Length, MeasureCycles = Counts.MeasureCycles + read.Run.Cycles };
        return distances;
    }

    /// <inheritdoc/>
    public ImmutableArray<int>? Prune(FilterVectors vectors, PruningRule rule, int allFilters, int minimumAlive, int quota)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(rule);
        if (!_configuration.Similarity!.Rules.Contains(InSituCommand.RuleOf(rule.Kind)))
        {
            throw Differs(vectors, $"the rule {rule.Kind} is not built (similarity.rules)");
        }

        var placement = Load(vectors);
        var alive = vectors.Filters.Length;
        var command = InSituCommand.Prune(_configuration, placement, rule, allFilters, minimumAlive, Math.Min(quota, alive - minimumAlive));
        if (command is null)
        {
            return [];
        }

        // How many filters are over the limit is the only thing that cycles depend on; it follows from golden's distances.
        var over = rule.Kind == PruningRuleKind.KeepOne ? OverLimit(vectors, rule, allFilters) : 0;
        var predicted = command.Cycles(_configuration, alive, over);
        var run = _unit.Run(command, predicted) ?? throw Differs(vectors, FormattableString.Invariant($"the mask was not there after twice the predicted {predicted} cycles"));
        CheckCycles(vectors, "the mask", run.Cycles, predicted);
        var valid = _unit.ReadValid(alive);
        Counts = Counts with { Masks = Counts.Masks + alive, PruneCycles = Counts.PruneCycles + run.Cycles };
        return [.. Enumerable.Range(0, alive).Where(filter => !valid[filter]).Select(filter => vectors.Filters[filter])];
    }

    /// <summary>Writes the stored bits of the alive filters, side by side, and sets their valid bits; the bits that are read back are compared.</summary>
    private SimilarityPlacement Load(FilterVectors vectors)
    {
        var filters = vectors.Filters.Length;
        var placement = SimilarityPlacement.TryPlace(_configuration, filters, vectors.Weights[0].Length, vectors.Bits, out var refusal)
            ?? throw new InSituRefusedException(vectors.Layer, refusal!);
        var rows = new List<RowImage>(filters * placement.Words * placement.Planes);
        for (var filter = 0; filter < filters; filter++)
        {
            for (var word = 0; word < placement.Words; word++)
            {
                for (var plane = 0; plane < placement.Planes; plane++)
                {
                    var (group, lane) = placement.RowOf(_configuration, filter, word, plane);
                    rows.Add(new RowImage(group, lane, RowOperation.Nand, Bits(vectors.Weights[filter], vectors.Bits, word, plane)));
                }
            }
        }

        _core.LoadRows(rows);
        var alive = new bool[_configuration.Similarity!.Filters];
        alive.AsSpan(0, filters).Fill(true);
        _unit.WriteValid(alive);
        if (!_unit.ReadValid(alive.Length).SequenceEqual(alive))
        {
            throw Differs(vectors, "valid bits are read back otherwise than they were written");
        }

        Counts = Counts with { RowLoads = Counts.RowLoads + rows.Count };
        return placement;
    }

    private ImmutableArray<ulong> Bits(ImmutableArray<int> weights, int planes, int word, int plane)
    {
        var bits = new ulong[((_configuration.Columns - 1) / 64) + 1];
        var first = word * _configuration.Columns;
        for (var column = 0; column < _configuration.Columns && first + column < weights.Length; column++)
        {
            var weight = weights[first + column];
            bits[column / 64] |= (planes == 1 ? weight > 0 : ((weight >> plane) & 1) == 1) ? 1UL << (column % 64) : 0;
        }

        return [.. bits];
    }

    /// <summary>Filters with more similar partners than the limit, from golden's distances.</summary>
    private int OverLimit(FilterVectors vectors, PruningRule rule, int allFilters)
    {
        // The strict rule without a minimum prunes exactly those.
        var strict = rule with { Kind = PruningRuleKind.Paper };
        return SimilarityDecision.Decide(strict, vectors.Filters, _golden.Measure(vectors, rule.Distance), allFilters, 0).Pruned.Length;
    }

    private static void CheckCycles(FilterVectors vectors, string what, long counted, long predicted)
    {
        if (counted != predicted)
        {
            throw Differs(vectors, FormattableString.Invariant($"{what} took {counted} cycles, predicted were {predicted}"));
        }
    }

    private static SimilarityMismatchException Differs(FilterVectors vectors, string problem) => new(vectors.Layer, problem);
}
