using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Simulation;

namespace HwGen.Cosimulation.Tests;

/// <summary>A layer and a command of the similarity unit, what golden expects of it, and the run on a simulated core.</summary>
internal sealed record SimilarityCase(
    ArrayConfiguration Configuration, int[][] Weights, int Bits, bool[] Alive, SimilarityDistance Distance, SimilarityRule Rule,
    int Mantissa, int Exponent, int Limit, int MinimumAlive, int Quota, long? FixedThreshold)
{
    public SimilarityPlacement? Placement => SimilarityPlacement.TryPlace(Configuration, Weights.Length, Weights[0].Length, Bits, out _);

    /// <summary>The distance of two filters by definition.</summary>
    public long Raw(int low, int high) => Distance switch
    {
        SimilarityDistance.Hamming => FilterDistance.Hamming(Weights[low], Weights[high], Bits),
        SimilarityDistance.PlaneWeighted => FilterDistance.PlaneWeighted(Weights[low], Weights[high], Bits),
        _ => FilterDistance.Squared(Weights[low], Weights[high]),
    };

    public long Statistic(int low, int high) => Distance == SimilarityDistance.Euclidean ? IntegerRoot.OfDistance(Raw(low, high)) : Raw(low, high);

    /// <summary>Which filters golden prunes, and how many it finds over the limit.</summary>
    public (bool[] Goes, int OverLimit) Expected()
    {
        if (Alive.Count(a => a) < 2)
        {
            return (new bool[Alive.Length], 0);
        }

        if (Rule == SimilarityRule.Quota)
        {
            return (SimilarityPruning.Quota(Alive, Raw, Quota, MinimumAlive), 0);
        }

        var statistics = SimilarityStatistics.Of(Alive, Statistic);
        bool Similar(int low, int high) => FixedThreshold is { } threshold ? Statistic(low, high) < threshold : statistics.IsSimilar(Statistic(low, high), Mantissa, Exponent);
        var counts = SimilarityPruning.Counts(Alive, Similar);
        var over = counts.Where((count, filter) => Alive[filter] && count > Limit).Count();
        return (Rule == SimilarityRule.Paper
            ? SimilarityPruning.Paper(Alive, counts, Limit, MinimumAlive)
            : SimilarityPruning.KeepOne(Alive, counts, Similar, Limit, MinimumAlive), over);
    }

    /// <summary>Runs both commands, compares distances, valid bits and cycles; gives the number of values that were compared.</summary>
    public int Check(ISimulator simulator, string what)
    {
        var compared = Check(new CoreDriver(simulator, Configuration), new SimilarityDriver(simulator, Configuration), what);

        // Once more, to look at it while it is busy.
        simulator.Poke("similarity_start", 1);
        simulator.Step();
        simulator.Poke("similarity_start", 0);
        simulator.Peek("similarity_busy").ShouldBe(1UL, what + ": busy");
        simulator.RunUntil("similarity_done", 1, 100_000).Reached.ShouldBeTrue(what + ": once more");
        simulator.Peek("similarity_busy").ShouldBe(0UL, what + ": not busy any more");
        return compared;
    }

    /// <summary>The same on a core with a host of its own.</summary>
    public int Check(ICoreModel core, ISimilarityModel unit, string what)
    {
        core.Load([.. Rows()], [], []);
        unit.WriteValid(Alive);
        unit.ReadValid(Alive.Length).ShouldBe(Alive, what);
        var alive = Alive.Count(a => a);
        var expected = new List<long>();
        for (var low = 0; low < Alive.Length; low++)
        {
            for (var high = low + 1; high < Alive.Length; high++)
            {
                if (Alive[low] && Alive[high])
                {
                    expected.Add(Raw(low, high));
                }
            }
        }

        var reads = Command(SimilarityControl.ReadDistances);
        var distances = new long[expected.Count];
        var random = new Random(alive);
        var stalls = Enumerable.Range(0, 1 << 14).Select(_ => random.Next(4) == 0).ToArray();
        var read = unit.Read(reads, reads.Cycles(Configuration, alive), distances, cycle => !stalls[cycle % stalls.Length]).ShouldNotBeNull(what);
        read.Distances.ShouldBe(expected.Count, what);
        distances.ShouldBe([.. expected], what);
        (read.Run.Cycles - read.Run.Stalls).ShouldBe(reads.Cycles(Configuration, alive), what + ": cycles that read distances");
        unit.ReadValid(Alive.Length).ShouldBe(Alive, what);

        var (goes, over) = Expected();
        var prunes = Command((SimilarityControl)(int)Rule);
        var predicted = prunes.Cycles(Configuration, alive, over);
        var run = unit.Run(prunes, predicted).ShouldNotBeNull(what);
        unit.ReadValid(Alive.Length).ShouldBe([.. Alive.Select((a, filter) => a && !goes[filter])], what + ": valid bits");
        run.Cycles.ShouldBe(predicted, what + ": cycles that prune");
        run.Stalls.ShouldBe(0);
        WithinBudget(run.Cycles, over, goes.Count(g => g)).ShouldBeTrue(what + ": cycle budget");
        return distances.Length + Alive.Length;
    }

    /// <summary>hardware.md: 2·F·S·⌈F/L⌉ + F + 64 for the strict rule, a pass over the filters over the limit more for keep-one, k passes for a quota.</summary>
    private bool WithinBudget(long cycles, int over, int gone)
    {
        if (Distance == SimilarityDistance.Euclidean && Bits > 1)
        {
            return true;
        }

        var placement = Placement!;
        var (filters, segments) = ((long)Alive.Length, (long)placement.Words * Bits);
        if (Distance == SimilarityDistance.Euclidean && Rule != SimilarityRule.Quota)
        {
            return true;
        }

        var reference = segments * (((filters - 1) / Configuration.Lanes) + 1);
        return cycles <= Rule switch
        {
            SimilarityRule.Paper => (2 * filters * reference) + filters + 64,
            SimilarityRule.KeepOne => (((2 * filters) + over) * reference) + filters + 64,
            _ => (Quota * ((filters * reference) + filters)) + 64,
        };
    }

    private SimilarityCommand Command(SimilarityControl control)
    {
        var fields = Placement!.Fields(Configuration);
        if (FixedThreshold is { } threshold)
        {
            control |= SimilarityControl.FixedThreshold;
            fields[SimilarityField.Threshold] = (int)threshold;
        }

        control |= Distance switch
        {
            SimilarityDistance.PlaneWeighted => SimilarityControl.Weighted,
            SimilarityDistance.Euclidean when Bits == 1 => SimilarityControl.Quadruple | SimilarityControl.Root,
            SimilarityDistance.Euclidean => SimilarityControl.Product | SimilarityControl.Signed | SimilarityControl.Root,
            _ => SimilarityControl.None,
        };
        fields[SimilarityField.Control] = (int)control;
        fields[SimilarityField.Limit] = Limit;
        fields[SimilarityField.MinimumAlive] = MinimumAlive;
        fields[SimilarityField.Quota] = Quota;
        fields[SimilarityField.Mantissa] = Mantissa;
        fields[SimilarityField.Exponent] = Exponent;
        return SimilarityCommand.Create(Configuration, fields);
    }

    private IEnumerable<RowImage> Rows()
    {
        var columns = Configuration.Columns;
        for (var filter = 0; filter < Weights.Length; filter++)
        {
            for (var word = 0; word < Placement!.Words; word++)
            {
                for (var plane = 0; plane < Bits; plane++)
                {
                    // What lies beyond the fan-in is set at random: the mask must leave it out.
                    var bits = new ulong[((columns - 1) / 64) + 1];
                    for (var column = 0; column < columns; column++)
                    {
                        var place = (word * columns) + column;
                        var bit = place >= Weights[filter].Length ? ((filter + column) & 1) == 1
                            : Bits == 1 ? Weights[filter][place] > 0 : ((Weights[filter][place] >> plane) & 1) == 1;
                        bits[column / 64] |= bit ? 1UL << (column % 64) : 0;
                    }

                    var (group, lane) = Placement.RowOf(Configuration, filter, word, plane);
                    yield return new RowImage(group, lane, Configuration.RowOperations[0], [.. bits]);
                }
            }
        }
    }
}
