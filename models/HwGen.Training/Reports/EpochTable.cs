namespace HwGen.Training.Reports;

/// <summary>The rows of a run as a table: a row an epoch, for CSV and for plots.</summary>
public static class EpochTable
{
    /// <summary>The names of the columns. The loss is in nats; accuracies and operations removed are shares from 0 to 1.</summary>
    public static ImmutableArray<string> Columns { get; } = ["epoch", "loss", "trainAccuracy", "testAccuracy", "aliveFilters", "operationsRemoved"];

    /// <summary>The values of a row, in the order of <see cref="Columns"/>.</summary>
    /// <param name="row">An epoch.</param>
    /// <returns>A number each, and the alive filters as text such as <c>20/37/15</c>.</returns>
    public static ImmutableArray<object> Values(EpochResult row) =>
        [row.Epoch, row.Loss, row.TrainAccuracy, row.TestAccuracy, row.AliveFilters, row.OperationsRemoved];
}
