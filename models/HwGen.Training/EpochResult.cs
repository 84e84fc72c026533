namespace HwGen.Training;

/// <summary>What one epoch came to: a row of the table of a run.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The mean training loss of an image, in nats.</param>
/// <param name="TrainAccuracy">The share of training images classified rightly while learning, 0 to 1.</param>
/// <param name="TestAccuracy">The share of test images classified rightly after recalibration, 0 to 1.</param>
/// <param name="AliveFilters">The filters that are alive, a convolution each, such as <c>20/37/15</c>.</param>
/// <param name="OperationsRemoved">The share of convolution operations that is pruned, 0 to 1.</param>
public sealed record EpochResult(int Epoch, double Loss, double TrainAccuracy, double TestAccuracy, string AliveFilters, double OperationsRemoved);

/// <summary>How far a run is.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Batch">Batches of this epoch that are done.</param>
/// <param name="Batches">All batches of an epoch.</param>
/// <param name="Loss">The loss of the last batch, in nats.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int Batch, int Batches, double Loss);
