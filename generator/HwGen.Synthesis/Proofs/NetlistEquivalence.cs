using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Tools;

namespace HwGen.Synthesis.Proofs;

/// <summary>What a proof of equivalence came to.</summary>
/// <param name="IsProved">Whether the two are equal for all inputs and states.</param>
/// <param name="Compared">How many pairs of signals were compared.</param>
/// <param name="Unproved">How many of them were not proved.</param>
public sealed record EquivalenceFinding(bool IsProved, int Compared, int Unproved);

/// <summary>Proves that two texts of one module are the same logic, by Yosys: Verilog against the netlist that synthesis made of it, or two structures of one function.</summary>
public static partial class NetlistEquivalence
{
    /// <summary>
    /// Compares by the names that both have: registers, ports and named wires are pairs, each proved from the pairs before it. For a text and the netlist that was
    /// made of it.
    /// </summary>
    /// <param name="left">One text.</param>
    /// <param name="right">The other; the same ports.</param>
    /// <param name="folder">Where files and logs go.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="ToolException">Yosys fails.</exception>
    public static async Task<EquivalenceFinding> ByNamesAsync(SynthesisSource left, SynthesisSource right, string folder, CancellationToken cancellationToken = default)
    {
        var run = new ToolRun(folder, TimeSpan.FromMinutes(30));
        var result = await run.YosysAsync(
            "equivalence",
            [
                .. Read(left, "left"), .. Read(right, "right"), "design -copy-from left left", "design -copy-from right right", "equiv_make left right pairs",
                "hierarchy -top pairs", "equiv_simple -undef", "equiv_induct -undef", "equiv_status",
            ],
            cancellationToken).ConfigureAwait(false);
        var matches = Status().Matches(result.Output);
        if (matches.Count == 0)
            throw new ToolException("yosys", $"Yosys compared nothing\n  log: {result.Request.LogFile}");
        var proved = int.Parse(matches[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        var unproved = int.Parse(matches[^1].Groups[2].Value, CultureInfo.InvariantCulture);
        return new EquivalenceFinding(unproved == 0 && proved > 0, proved + unproved, unproved);
    }

    /// <summary>Compares two texts without state for all inputs, by SAT: for different structures of one function.</summary>
    /// <inheritdoc cref="ByNamesAsync"/>
    public static async Task<EquivalenceFinding> ForAllInputsAsync(SynthesisSource left, SynthesisSource right, string folder, CancellationToken cancellationToken = default)
    {
        var run = new ToolRun(folder, TimeSpan.FromMinutes(30));
        var result = await run.YosysAsync(
            "equivalence",
            [
                .. Read(left, "left"), .. Read(right, "right"), "design -copy-from left left", "design -copy-from right right",
                "miter -equiv -flatten -make_outputs left right miter", "sat -prove trigger 0 -show-inputs -show-outputs miter",
            ],
            cancellationToken).ConfigureAwait(false);
        if (result.Output.Contains("no model found: SUCCESS!", StringComparison.Ordinal))
            return new EquivalenceFinding(true, 1, 0);
        return result.Output.Contains("model found: FAIL!", StringComparison.Ordinal)
            ? new EquivalenceFinding(false, 1, 1)
            : throw new ToolException("yosys", $"Yosys gave no answer\n  log: {result.Request.LogFile}");
    }

    private static IEnumerable<string> Read(SynthesisSource source, string name) =>
    [
        "design -reset", .. source.Files.Select(file => $"read_verilog {file}"), $"hierarchy -check -top {source.Top}", "proc", "flatten", "memory_map", "opt_clean",
        "async2sync", $"rename {source.Top} {name}", $"design -stash {name}",
    ];

    [GeneratedRegex(@"Of those cells (\d+) are proven and (\d+) are unproven")]
    private static partial Regex Status();
}
