namespace HwGen.Training.Reports;

/// <summary>The rows of a run as a table: a row an epoch, for CSV and for plots.</summary>
public static class EpochTable
{
    /// <summary>The names of the columns, with units where there are any.</summary>
    public static ImmutableArray<string> Columns { get; } =
        ["epoch", "loss_nats", "train_accuracy_percent", "test_accuracy_percent", "alive_filters", "operations_removed_percent"];

    /// <summary>The values of a row, in the order of <see cref="Columns"/>.</summary>
    /// <param name="row">An epoch.</param>
    /// <returns>A number each, and the alive filters as text such as <c>20/37/15</c>.</returns>
    public static ImmutableArray<object> Values(EpochResult row) =>
    [
        row.Epoch,
        Math.Round(row.Loss, 6),
        Math.Round(100 * row.TrainAccuracy, 4),
        Math.Round(100 * row.TestAccuracy, 4),
        row.AliveFilters,
        Math.Round(100 * row.OperationsRemoved, 4),
    ];
}
