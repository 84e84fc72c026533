using HwGen.Networks;
using HwGen.Training.Arithmetic;
using HwGen.Training.Data;
using HwGen.Training.Layers;
using HwGen.Training.Optimisation;
using HwGen.Training.Pruning;
using HwGen.Training.Recipes;

namespace HwGen.Training;

/// <summary>
/// Runs a recipe epoch by epoch. All randomness of an epoch comes from the recipe's seed and the epoch's number, so a run that is continued
/// from a checkpoint sees what an uninterrupted one sees.
/// </summary>
public sealed class Trainer
{
    private readonly Recipe _recipe;
    private readonly BatchSource _train;
    private readonly BatchSource _test;
    private readonly IOptimiser _optimiser;
    private readonly ISchedule _schedule;
    private readonly SoftmaxCrossEntropy _loss = new();
    private readonly int[] _order;
    private readonly NetworkPruner? _pruner;

    /// <summary>Makes a trainer with an untrained network.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Both halves of its data set.</param>
    /// <param name="threads">Threads; they change the speed and nothing else.</param>
    /// <param name="distances">Where the distances of pruning come from; the golden model when null.</param>
    /// <exception cref="InputFileException">The recipe does not fit together, or the data does not fill one batch.</exception>
    public Trainer(Recipe recipe, TrainingData data, int threads, IDistanceSource? distances = null)
    {
        PixelRule rule = BatchSource.Rule(recipe.Data.Pixels);
        _recipe = recipe;
        _train = new BatchSource(data.Train, rule);
        _test = new BatchSource(data.Test, rule);
        if (_train.Count < recipe.Plan.Batch)
            throw new InputFileException(recipe.Name, "training.batch", Invariant($"is {recipe.Plan.Batch}; the data set has {_train.Count} training images"));
        if (_train.Map != _test.Map)
            throw new InputFileException(recipe.Name, "data.set", "has training and test images of different shapes");
        Network = TrainableNetwork.Build(recipe, _train.Map, threads);
        int classes = Network.Layers[^1].Output.Channels;
        if (data.Train.Labels.Concat(data.Test.Labels).Any(label => label >= classes))
            throw new InputFileException(recipe.Name, "layers", Invariant($"end with {classes} logits; the data set has larger labels"));
        _optimiser = recipe.Plan.Optimiser == OptimiserKind.Adam ? new Adam() : new StochasticGradientDescent(recipe.Plan.Momentum);
        _schedule = recipe.Plan.Schedule switch
        {
            ScheduleKind.Constant => new ConstantSchedule(),
            ScheduleKind.Cosine => new CosineSchedule(),
            _ => new StepSchedule(recipe.Plan.StepPoints),
        };
        _order = new int[_train.Count];
        _pruner = recipe.Pruning is null ? null : new NetworkPruner(Network, recipe.Pruning, distances ?? new GoldenDistances());
    }

    /// <summary>The network in training.</summary>
    public TrainableNetwork Network { get; }

    /// <summary>The epochs that are done.</summary>
    public int EpochsDone { get; internal set; }

    /// <summary>Steps of an epoch.</summary>
    public int BatchesOfEpoch => _train.Count / _recipe.Plan.Batch;

    /// <summary>Runs the next epoch: learn, prune, recalibrate, evaluate.</summary>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <param name="cancellation">Ends the epoch between two steps; the network is then between two epochs and must not be used.</param>
    /// <returns>The row of the epoch.</returns>
    public EpochResult RunEpoch(Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        int epoch = EpochsDone + 1;
        (double loss, double accuracy) = Learn(epoch, progress, cancellation);
        _pruner?.PruneAfter(epoch);
        Recalibrate(epoch);
        double test = Evaluate();
        EpochsDone = epoch;
        string alive = string.Join('/', PrunableLayer.Of(Network).Select(layer => Invariant($"{layer.AliveFilters.Length}")));
        return new EpochResult(epoch, loss, accuracy, test, alive, OperationCount.Of(Network).Removed);
    }

    /// <summary>Collects batch-norm statistics over training images with frozen weights.</summary>
    /// <param name="epoch">The epoch, which chooses the images.</param>
    public void Recalibrate(int epoch)
    {
        TrainableBatchNorm[] norms = [.. Network.Layers.OfType<TrainableBatchNorm>()];
        if (norms.Length == 0)
            return;
        foreach (TrainableBatchNorm norm in norms)
            norm.BeginRecalibration();
        RandomSource random = RandomSource.For(_recipe.Seed, RandomStream.Recalibration, (ulong)epoch);
        Shuffle(random);
        int batch = _recipe.Plan.Batch;
        for (int i = 0; i < Math.Min(_recipe.Plan.RecalibrationBatches, BatchesOfEpoch); i++)
        {
            _train.Fill(_order.AsSpan(i * batch, batch));
            Network.Forward(_train.Batch, Pass.Recalibration);
        }
        foreach (TrainableBatchNorm norm in norms)
            norm.EndRecalibration();
    }

    /// <summary>Classifies all test images with the collected statistics.</summary>
    /// <returns>The share that is right, 0 to 1.</returns>
    public double Evaluate()
    {
        int correct = 0;
        int[] indices = [.. Enumerable.Range(0, _test.Count)];
        for (int first = 0; first < indices.Length; first += _recipe.Plan.Batch)
        {
            _test.Fill(indices.AsSpan(first, Math.Min(_recipe.Plan.Batch, indices.Length - first)));
            correct += _loss.Compute(Network.Forward(_test.Batch, Pass.Evaluation), _test.Labels).Correct;
        }
        return (double)correct / _test.Count;
    }

    private (double Loss, double Accuracy) Learn(int epoch, Action<TrainingProgress>? progress, CancellationToken cancellation)
    {
        TrainingPlan plan = _recipe.Plan;
        int batches = BatchesOfEpoch;
        long allSteps = (long)batches * plan.Epochs;
        Shuffle(RandomSource.For(_recipe.Seed, RandomStream.Order, (ulong)epoch));
        RandomSource shifts = RandomSource.For(_recipe.Seed, RandomStream.Augmentation, (ulong)epoch);
        double loss = 0;
        long correct = 0;
        for (int i = 0; i < batches; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long done = ((epoch - 1L) * batches) + i;
            _train.Fill(_order.AsSpan(i * plan.Batch, plan.Batch), plan.Shift, shifts);
            LossResult result = _loss.Compute(Network.Forward(_train.Batch, Pass.Training), _train.Labels);
            Network.Backward(result.Gradient);
            _optimiser.Step(Network.Parameters, plan.LearningRate * _schedule.Factor((double)done / allSteps), done + 1);
            loss += result.Loss;
            correct += result.Correct;
            progress?.Invoke(new TrainingProgress(epoch, plan.Epochs, i + 1, batches, result.Loss));
        }
        return (loss / batches, (double)correct / ((long)batches * plan.Batch));
    }

    private void Shuffle(RandomSource random)
    {
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        random.Shuffle(_order);
    }
}
