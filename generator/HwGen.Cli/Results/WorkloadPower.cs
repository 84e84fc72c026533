using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Synthesis.Power;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>The power of a simulated workload, and what makes the figure comparable: node, supply, bits, activity, that it is before layout.</summary>
/// <param name="Result">The sum over the library's tables.</param>
/// <param name="Check">OpenSTA's own sum with the mean activity for all nets.</param>
/// <param name="Checked">Ours with the same, counted as OpenSTA counts.</param>
/// <param name="Cycles">Cycles that were counted.</param>
/// <param name="PeriodNs">The clock period.</param>
/// <param name="Voltage">The supply.</param>
/// <param name="Inferences">Inferences in those cycles.</param>
/// <param name="Operations">Operations of an inference, a multiplication and an addition counted as two; null when not given.</param>
/// <param name="Node">The technology, as it was named.</param>
/// <param name="Bits">The bits of inputs and weights, as they were named.</param>
/// <param name="Sparsity">The share of operands that are all zero, 0 to 1; null when not given.</param>
internal sealed record WorkloadPower(
    PowerResult Result, PowerShares Check, PowerShares Checked, long Cycles, double PeriodNs, double Voltage, int Inferences, double? Operations, string Node, string Bits, double? Sparsity)
{
    /// <summary>Joules of an inference.</summary>
    public double Energy => Result.Total.Total * Cycles * PeriodNs * 1e-9 / Inferences;

    private double Difference => Checked.Total / Check.Total - 1;

    private string Conditions => string.Create(
        CultureInfo.InvariantCulture, $"{Node}, {Voltage:0.0#} V, {Bits}, {(Sparsity is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} % of the operands zero") : "sparsity not given")}, {Result.MeanActivity:0.000} changes a net and cycle, before layout");

    /// <summary>Writes the table of blocks.</summary>
    public void Write(OutputFolder output) => CsvTable.Write(
        output.PathOf("power.csv"), ["block", "internal_w", "switching_w", "static_w", "total_w"],
        Result.Blocks.Select(block => (IReadOnlyList<object?>)[block.Key, block.Value.Internal, block.Value.Switching, block.Value.Static, block.Value.Total]));

    /// <summary>The members of the summary.</summary>
    public JsonObject Summary() => new()
    {
        ["totalW"] = Result.Total.Total,
        ["internalW"] = Result.Total.Internal,
        ["switchingW"] = Result.Total.Switching,
        ["staticW"] = Result.Total.Static,
        ["meanActivity"] = Result.MeanActivity,
        ["measuredNets"] = Result.MeasuredNets,
        ["cycles"] = Cycles,
        ["periodNs"] = PeriodNs,
        ["energyPerInferenceJ"] = Energy,
        ["topsPerWatt"] = Operations / Energy / 1e12,
        ["sparsity"] = Sparsity,
        ["conditions"] = Conditions,
        ["openStaDifference"] = Difference,
    };

    /// <summary>Adds what is printed.</summary>
    public void AddTo(List<IReadOnlyList<string>> rows)
    {
        rows.Add(Row("power", $"{Result.Total.Total * 1e3:0.000} mW at {PeriodNs:0.000} ns: cells {Result.Total.Internal * 1e3:0.000}, nets {Result.Total.Switching * 1e3:0.000}, static {Result.Total.Static * 1e3:0.0000}"));
        rows.Add(Row("energy an inference", $"{Energy * 1e9:0.000} nJ over {Cycles / (double)Inferences:N0} cycles ({Conditions})"));
        if (Operations is { } operations)
            rows.Add(Row("TOPS/W", $"{operations / Energy / 1e12:0.0000} ({Conditions})"));
        rows.Add(Row("measured", $"{Result.MeasuredNets:P0} of the nets, the others by the mean of their block; against OpenSTA at one activity {Difference * 100:+0.0;-0.0} %"));
    }

    private static IReadOnlyList<string> Row(string name, FormattableString value) => [name, value.ToString(CultureInfo.InvariantCulture)];
}
