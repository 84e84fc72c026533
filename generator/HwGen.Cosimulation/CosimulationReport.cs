namespace HwGen.Cosimulation;

/// <summary>A value that differs.</summary>
/// <param name="Image">The image, from 0.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Row">The row of the feature map.</param>
/// <param name="Column">The column of the feature map.</param>
/// <param name="Expected">What the golden model, or the file that was compared with, says.</param>
/// <param name="Actual">What was found: in the hardware, or on the step of the ladder that differs.</param>
public sealed record Mismatch(int Image, string Layer, int Channel, int Row, int Column, long Expected, long Actual)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"image {Image}, layer {Layer}, channel {Channel}, row {Row}, column {Column}: expected {Expected}, found {Actual}");
}

/// <summary>A run of the sequencer after which a counter of the hardware has another value than predicted, or that did not end.</summary>
/// <param name="Image">The image, from 0.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Pass">The pass of the layer, from 0.</param>
/// <param name="Counter">What is counted: <c>cycles</c>, <c>row activations</c> or <c>skipped operands</c>.</param>
/// <param name="Predicted">The prediction.</param>
/// <param name="Counted">The hardware's counter; null when the core did not finish.</param>
public sealed record CounterMismatch(int Image, string Layer, int Pass, string Counter, long Predicted, long? Counted)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"image {Image}, layer {Layer}, pass {Pass}: predicted {Predicted} {Counter}, hardware {Counted?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "did not finish"}");
}

/// <summary>The hardware's counters after a run of the sequencer, or their prediction.</summary>
/// <param name="Cycles">Cycles that the core was busy.</param>
/// <param name="RowActivations">Rows of filters that met an operand.</param>
/// <param name="SkippedOperands">Operands that were skipped, a weight plane each; 0 in a core that skips none.</param>
/// <param name="ZeroOperands">Operands of which every row's result is 0, skipped or not; counted by the interpreter alone, 0 elsewhere.</param>
public readonly record struct CoreCounters(long Cycles, long RowActivations, long SkippedOperands = 0, long ZeroOperands = 0)
{
    /// <summary>The sum.</summary>
    public static CoreCounters operator +(CoreCounters left, CoreCounters right) => new(
        left.Cycles + right.Cycles, left.RowActivations + right.RowActivations, left.SkippedOperands + right.SkippedOperands, left.ZeroOperands + right.ZeroOperands);
}

/// <summary>The comparison of one layer over all images.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Compared">Values compared.</param>
/// <param name="Mismatches">Values that differ.</param>
/// <param name="Counted">The hardware's counters, all images.</param>
/// <param name="Predicted">Their prediction, all images.</param>
public sealed record LayerComparison(string Layer, long Compared, long Mismatches, CoreCounters Counted, CoreCounters Predicted);

/// <summary>What a co-simulation saw.</summary>
/// <param name="Images">Images that were run.</param>
/// <param name="Layers">The comparison layer by layer.</param>
/// <param name="FirstMismatches">The first values that differ, at most <see cref="NetworkCosimulation.ListedMismatches"/>.</param>
/// <param name="CounterMismatches">Runs whose counters differ from the prediction, as many at most.</param>
/// <param name="Logits">The hardware's logits, image by image.</param>
/// <param name="Correct">Images whose largest logit is at the label, the lowest index winning ties.</param>
/// <param name="RowLoads">Rows that the host loaded, all images, the first load included.</param>
/// <param name="Runs">Runs of the sequencer, whose counters were compared.</param>
/// <param name="Elapsed">Time of the simulation and comparison, without the build.</param>
public sealed record CosimulationReport(
    int Images, IReadOnlyList<LayerComparison> Layers, IReadOnlyList<Mismatch> FirstMismatches, IReadOnlyList<CounterMismatch> CounterMismatches,
    int[,] Logits, int Correct, long RowLoads, long Runs, TimeSpan Elapsed)
{
    /// <summary>Values compared over all layers.</summary>
    public long Compared => Layers.Sum(l => l.Compared);

    /// <summary>Values that differ over all layers.</summary>
    public long Mismatches => Layers.Sum(l => l.Mismatches);

    /// <summary>Cycles of the hardware's counter for one image.</summary>
    public double CyclesPerImage => (double)Counted.Cycles / Images;

    /// <summary>The hardware's counters over all layers and images.</summary>
    public CoreCounters Counted => Sum(Layers.Select(l => l.Counted));

    /// <summary>Their prediction.</summary>
    public CoreCounters Predicted => Sum(Layers.Select(l => l.Predicted));

    /// <summary>Joins the reports of shares of one set, in the order of the images.</summary>
    /// <param name="shares">The reports; at least one.</param>
    /// <param name="residentRows">Rows that every simulator loaded once: they count once.</param>
    /// <param name="elapsed">Time of the whole.</param>
    internal static CosimulationReport Join(IReadOnlyList<CosimulationReport> shares, int residentRows, TimeSpan elapsed)
    {
        var logits = new int[shares.Sum(s => s.Images), shares[0].Logits.GetLength(1)];
        var place = 0;
        foreach (var share in shares)
        {
            Array.Copy(share.Logits, 0, logits, place, share.Logits.Length);
            place += share.Logits.Length;
        }

        return new CosimulationReport(
            shares.Sum(s => s.Images),
            [.. shares[0].Layers.Select((layer, i) => new LayerComparison(
                layer.Layer, shares.Sum(s => s.Layers[i].Compared), shares.Sum(s => s.Layers[i].Mismatches),
                Sum(shares.Select(s => s.Layers[i].Counted)), Sum(shares.Select(s => s.Layers[i].Predicted))))],
            [.. shares.SelectMany(s => s.FirstMismatches).Take(NetworkCosimulation.ListedMismatches)],
            [.. shares.SelectMany(s => s.CounterMismatches).Take(NetworkCosimulation.ListedMismatches)],
            logits, shares.Sum(s => s.Correct), residentRows + shares.Sum(s => s.RowLoads - residentRows), shares.Sum(s => s.Runs), elapsed);
    }

    /// <summary>Cycles of the prediction for one image.</summary>
    public double PredictedPerImage => (double)Predicted.Cycles / Images;

    /// <summary>True when something was compared and nothing differed, counters included.</summary>
    public bool IsEqual => Compared > 0 && Mismatches == 0 && CounterMismatches.Count == 0;

    private static CoreCounters Sum(IEnumerable<CoreCounters> counters) => counters.Aggregate(default(CoreCounters), (left, right) => left + right);
}
