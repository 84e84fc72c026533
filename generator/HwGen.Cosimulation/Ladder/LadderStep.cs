using System.Globalization;

namespace HwGen.Cosimulation.Ladder;

/// <summary>One step of the ladder from a source file to the simulated hardware: two computations of the same values.</summary>
/// <param name="Name">The two: <c>rtl = golden</c>.</param>
/// <param name="Compared">Values compared.</param>
/// <param name="Mismatches">Values that differ.</param>
/// <param name="What">What was compared, in words, with its counts.</param>
/// <param name="FirstMismatches">The first that differ.</param>
/// <param name="OtherDifferences">What differs besides: counters, thresholds.</param>
public sealed record LadderStep(
    string Name, long Compared, long Mismatches, string What, IReadOnlyList<Mismatch> FirstMismatches, IReadOnlyList<string> OtherDifferences)
{
    /// <summary>Why the step was not run; null when it was.</summary>
    public string? NotRun { get; private init; }

    /// <summary>True when something was compared and nothing differs.</summary>
    public bool IsEqual => Compared > 0 && Mismatches == 0 && OtherDifferences.Count == 0;

    /// <summary>True when the step was run and failed.</summary>
    public bool Failed => NotRun is null && !IsEqual;

    /// <summary><c>SUCCESS</c>, <c>FAIL</c> or <c>not run</c>.</summary>
    public string Verdict => NotRun is not null ? "not run" : IsEqual ? "SUCCESS" : "FAIL";

    /// <summary>A step that was not run.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="reason">Why.</param>
    public static LadderStep Skipped(string name, string reason) => new(name, 0, 0, reason, [], []) { NotRun = reason };

    /// <summary>The step of a core against the golden model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="report">What the co-simulation saw.</param>
    public static LadderStep Of(string name, CosimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new LadderStep(
            name, report.Compared, report.Mismatches,
            string.Create(CultureInfo.InvariantCulture, $"every layer's values over {report.Images:N0} images; cycles, row activations and skipped operands of {report.Runs:N0} runs"),
            report.FirstMismatches, [.. report.CounterMismatches.Select(m => m.ToString())]);
    }

    /// <inheritdoc/>
    public override string ToString() => NotRun is not null
        ? $"{Name}: {Verdict} ({NotRun})"
        : string.Create(CultureInfo.InvariantCulture, $"{Name}: {Verdict}, {Compared:N0} values compared, {Mismatches:N0} differ ({What})");
}
