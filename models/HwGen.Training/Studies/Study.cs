using HwGen.Training.Data;
using HwGen.Training.Pruning;

namespace HwGen.Training.Studies;

/// <summary>Runs a study: every case with every seed, accuracy by the golden model.</summary>
public static class Study
{
    /// <summary>Runs all cases.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="data">Both halves of the recipe's data set.</param>
    /// <param name="threads">Threads; they change the speed and nothing else.</param>
    /// <param name="onRun">Told after each run; may be null.</param>
    /// <param name="distances">Where distances come from; the golden model when null.</param>
    /// <param name="finished">Runs of this plan that an earlier call made: they are taken over, not made again and not told; may be null.</param>
    /// <param name="cancellation">Ends the study between two steps.</param>
    /// <returns>A row a run, cases in order and seeds within them.</returns>
    public static ImmutableArray<StudyRun> Run(
        StudyPlan plan, TrainingData data, int threads, Action<StudyRun>? onRun = null, IDistanceSource? distances = null,
        IReadOnlyList<StudyRun>? finished = null, CancellationToken cancellation = default)
    {
        var runs = ImmutableArray.CreateBuilder<StudyRun>();
        foreach (StudyCase one in plan.Cases)
        {
            foreach (ulong seed in plan.Seeds)
            {
                if (finished?.FirstOrDefault(run => run.Case == one.Name && run.Seed == seed) is { } known)
                {
                    runs.Add(known);
                    continue;
                }
                TrainingResult result = TrainingRun.Run(plan.Recipe with { Seed = seed, Pruning = one.Pruning }, data, threads, cancellation: cancellation, distances: distances);
                EpochResult last = result.Epochs[^1];
                runs.Add(new StudyRun(one.Name, seed, result.Facts.Accuracy, last.OperationsRemoved, last.AliveFilters));
                onRun?.Invoke(runs[^1]);
            }
        }
        return runs.ToImmutable();
    }
}

/// <summary>One run of a study.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Accuracy">The golden model's accuracy on the test images, 0 to 1.</param>
/// <param name="OperationsRemoved">The share of convolution operations that is pruned, 0 to 1.</param>
/// <param name="AliveFilters">The filters that are alive, a convolution each.</param>
public sealed record StudyRun(string Case, ulong Seed, double Accuracy, double OperationsRemoved, string AliveFilters);
