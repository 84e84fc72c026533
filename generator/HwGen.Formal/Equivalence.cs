using System.Diagnostics;
using System.Numerics;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Tools;

namespace HwGen.Formal;

/// <summary>
/// Proves two designs equal, on their emitted Verilog, by Yosys. Without state: equal outputs for all inputs, by SAT. With state: by
/// induction over the registers and wires that have the same name in both.
/// </summary>
public static class Equivalence
{
    /// <summary>Compares two designs.</summary>
    /// <param name="left">One design.</param>
    /// <param name="right">The other; its top has the same ports.</param>
    /// <param name="timeLimit">The time for Yosys; a minute when null.</param>
    /// <param name="cancellationToken">Ends Yosys.</param>
    /// <returns>Proved, or for logic without state refuted; unknown where the time was too short or induction did not close.</returns>
    /// <exception cref="ArgumentException">The ports differ, or a black box hides what happens.</exception>
    /// <exception cref="ToolException">Yosys is missing, or does not take the text.</exception>
    public static async Task<ProofResult> ProveAsync(Design left, Design right, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var (a, b) = (PortsOf(left), PortsOf(right));
        if (!a.SequenceEqual(b))
        {
            throw new ArgumentException($"The ports differ: {string.Join(", ", a.Except(b).Concat(b.Except(a)))}.", nameof(right));
        }

        if (left.Modules.Concat(right.Modules).Any(m => m.BlackBox is not null))
        {
            throw new ArgumentException("A black box hides what happens in it.", nameof(left));
        }

        var watch = Stopwatch.StartNew();
        using var folder = new WorkFolder();
        var hasState = left.Modules.Concat(right.Modules).Any(m => m.Registers.Count + m.Memories.Count > 0);
        var result = await folder.TryYosysAsync(
            [
                .. Read(left, "left"), .. Read(right, "right"), "design -copy-from left left", "design -copy-from right right",
                .. hasState
                    ? (string[])["equiv_make left right equal", "hierarchy -top equal", "equiv_simple", "equiv_induct", "equiv_status -assert"]
                    : ["miter -equiv -flatten -make_outputs left right miter", "sat -prove trigger 0 -show-inputs -show-outputs miter"],
            ],
            timeLimit ?? TimeSpan.FromMinutes(1), cancellationToken).ConfigureAwait(false);
        var outcome = result switch
        {
            { TimedOut: true } => ProofOutcome.Unknown,
            { Succeeded: true } when result.Output.Contains("no model found: SUCCESS!", StringComparison.Ordinal) => ProofOutcome.Proved,
            { Succeeded: true } when result.Output.Contains("Equivalence successfully proven!", StringComparison.Ordinal) => ProofOutcome.Proved,
            { Succeeded: true } when result.Output.Contains("model found: FAIL!", StringComparison.Ordinal) => ProofOutcome.Refuted,
            _ when result.Error.Contains("unproven $equiv", StringComparison.Ordinal) => ProofOutcome.Unknown,
            _ => throw Failure(),
        };
        var witness = outcome == ProofOutcome.Refuted ? new Counterexample(string.Empty, [Inputs(result.Output, left.Top)], string.Empty) : null;
        return new ProofResult(outcome, 0, "yosys", watch.Elapsed, witness);

        IReadOnlyList<string> Read(Design design, string name)
        {
            var files = folder.Write(VerilogWriter.Write(design), name + "_");
            return
            [
                "design -reset", $"read_verilog {files}", $"prep -flatten -top {design.Top.Name}", "memory_map", "async2sync", "opt_clean", $"rename {design.Top.Name} {name}",
                $"design -stash {name}",
            ];
        }

        ToolException Failure()
        {
            try
            {
                result.EnsureSucceeded();
            }
            catch (ToolException failure)
            {
                return failure;
            }

            return new ToolException("yosys", "Yosys gave no answer.");
        }
    }

    /// <summary>The inputs of the model that SAT found: a table of names with decimal, hexadecimal and binary values.</summary>
    private static SortedDictionary<string, BigInteger> Inputs(string output, ModuleGraph top)
    {
        var values = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var line in output[output.IndexOf("model found: FAIL!", StringComparison.Ordinal)..].Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [['\\', 'i', 'n', '_', .. var name], .., var bits]
                && top.Ports.Any(p => p.IsInput && p.Name == name))
            {
                values[name] = WitnessReader.Value(bits);
            }
        }

        return values;
    }

    private static List<string> PortsOf(Design design) =>
    [
        .. design.Top.Ports.Select(p => FormattableString.Invariant($"{(p.IsInput ? "input" : "output")} {p.Name} of {p.Width} bits")).Order(StringComparer.Ordinal),
        .. design.Top.Domains.Select(d => $"clock {d.Clock}").Order(StringComparer.Ordinal),
    ];
}
