using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Export;
using HwGen.Training.Pruning;
using HwGen.Training.Recipes;
using HwGen.Training.Zoo;

namespace HwGen.Training;

/// <summary>A recipe from the first weights to measured facts: what <c>hwgen train</c> does.</summary>
public static class TrainingRun
{
    /// <summary>Trains, exports and measures.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Both halves of its data set.</param>
    /// <param name="threads">Threads; they change the speed and nothing else.</param>
    /// <param name="observer">Told what happens; may be null.</param>
    /// <param name="cancellation">Ends the run between two steps; nothing but the checkpoint of the last whole epoch is left behind.</param>
    /// <param name="checkpoint">
    /// A file that is written after each epoch, and continued where it is there; null for none. A run that was interrupted ends with the same bits.
    /// </param>
    /// <param name="distances">Where the distances of pruning come from; the golden model when null.</param>
    /// <returns>The network of integers, its facts and a row for each epoch.</returns>
    /// <exception cref="InputFileException">The recipe does not fit together or does not fit the data, or the checkpoint is damaged or of another run.</exception>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public static TrainingResult Run(
        Recipe recipe,
        TrainingData data,
        int threads,
        ITrainingObserver? observer = null,
        CancellationToken cancellation = default,
        string? checkpoint = null,
        IDistanceSource? distances = null)
    {
        var trainer = new Trainer(recipe, data, threads, distances);
        var epochs = new List<EpochResult>();
        if (checkpoint is not null && File.Exists(checkpoint))
            epochs.AddRange(Checkpoint.Restore(checkpoint, trainer, data));
        while (trainer.EpochsDone < recipe.Plan.Epochs)
        {
            EpochResult result = trainer.RunEpoch(observer is null ? null : observer.OnStep, cancellation);
            epochs.Add(result);
            if (checkpoint is not null)
                Checkpoint.Write(checkpoint, trainer, data, epochs);
            observer?.OnEpoch(result);
        }
        QuantisedNetwork network = NetworkExport.Export(trainer.Network);
        NetworkFacts facts = NetworkFacts.Measure(network, recipe.Seed, data.Test, threads);
        return new TrainingResult(network, facts, [.. epochs]);
    }
}

/// <summary>What a run made.</summary>
/// <param name="Network">The network of integers.</param>
/// <param name="Facts">Accuracy and hashes by the golden model.</param>
/// <param name="Epochs">A row for each epoch.</param>
public sealed record TrainingResult(QuantisedNetwork Network, NetworkFacts Facts, ImmutableArray<EpochResult> Epochs);

/// <summary>Told what happens in a run.</summary>
public interface ITrainingObserver
{
    /// <summary>A step is done.</summary>
    /// <param name="progress">How far the run is.</param>
    void OnStep(TrainingProgress progress);

    /// <summary>An epoch is done.</summary>
    /// <param name="result">Its row.</param>
    void OnEpoch(EpochResult result);
}
