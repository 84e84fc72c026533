using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Tools;

namespace HwGen.Formal;

/// <summary>
/// Proves what solvers of formulas do not finish: that two copies of a large block go together. The emitted Verilog becomes and-inverter logic, and ABC (which comes with Yosys) merges the nodes of
/// both copies that it shows equal, from the inputs on (A. Kuehlmann, F. Krohm, DAC 1997; A. Mishchenko et al., ICCAD 2006 and 2008). The first state is any that the start relation allows; resets are inactive.
/// </summary>
public static partial class SweepProof
{
    /// <summary>Shows that expressions hold in every cycle.</summary>
    /// <param name="design">The design; one clock.</param>
    /// <param name="starts">
    /// Registers and words of memories (<c>right.rows[2]</c>) whose first value follows from others: a Verilog expression with their paths in braces, <c>{left.rows[2]} ^ {right.keys[2]}</c>, of
    /// registers that have none here. All others begin with any value.
    /// </param>
    /// <param name="claims">Verilog expressions of one bit that hold, paths in braces. Claims help each other: what relates the states of two copies belongs among them.</param>
    /// <param name="cycles">Cycles that are unrolled and searched; null for all cycles, by induction over all equal nodes.</param>
    /// <param name="timeLimit">The time for each tool; five minutes when null.</param>
    /// <param name="cancellationToken">Ends the tools.</param>
    /// <returns>Proved, up to the bound or for ever; refuted where cycles were searched; or unknown.</returns>
    /// <exception cref="ArgumentException">There is nothing to show, a black box hides what happens, or a path names nothing.</exception>
    /// <exception cref="ToolException">Yosys is missing, or does not take the text.</exception>
    public static async Task<ProofResult> ProveAsync(
        Design design, IReadOnlyDictionary<string, string> starts, IReadOnlyList<string> claims, int? cycles, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentOutOfRangeException.ThrowIfLessThan(cycles ?? 1, 1);
        if (claims.Count == 0)
        {
            throw new ArgumentException("Nothing is to be shown.", nameof(claims));
        }

        if (design.Modules.FirstOrDefault(m => m.BlackBox is not null) is { } black)
        {
            throw new ArgumentException($"The black box {black.BlackBox!.ModuleName} hides what happens in it.", nameof(design));
        }

        var watch = Stopwatch.StartNew();
        var limit = timeLimit ?? TimeSpan.FromMinutes(5);
        using var folder = new WorkFolder();
        var names = folder.Write(VerilogWriter.Write(design));
        await folder.YosysAsync(
            [
                $"read_verilog {names}", $"hierarchy -check -top {design.Top.Name}", "proc", "flatten", "memory -nordff -nomap", "memory_map", "async2sync", "dffunmap", "opt_clean",
                "write_verilog -noattr flat.v",
            ],
            limit, cancellationToken).ConfigureAwait(false);
        var flat = await File.ReadAllTextAsync(Path.Combine(folder.Path, "flat.v"), cancellationToken).ConfigureAwait(false);
        folder.Write("started.v", Started(flat, design, starts, claims));
        await folder.YosysAsync(
            ["read_verilog started.v", $"prep -flatten -top {design.Top.Name}", "opt_clean", "techmap", "opt -full", "dffunmap", "setundef -undriven -anyseq", "aigmap", "write_aiger -zinit pair.aig"], limit, cancellationToken).ConfigureAwait(false);
        var script = cycles is { } bound
            ? string.Create(CultureInfo.InvariantCulture, $"read_aiger pair.aig; strash; frames -i -F {bound}; orpos; &get; &fraig -x; &put; iprove; print_status")
            : "read_aiger pair.aig; strash; scorr; print_stats; iprove; print_status";
        var result = await OutsideProgram.RunAsync(new ProgramRequest("yosys-abc", ["-c", script]) { WorkingDirectory = folder.Path, TimeLimit = limit }, cancellationToken).ConfigureAwait(false);
        if (result.TimedOut)
        {
            return new ProofResult(ProofOutcome.Unknown, 0, string.Empty, watch.Elapsed);
        }

        result.EnsureSucceeded();
        var status = Status().Match(result.Output) is { Success: true } match ? match.Groups[1].Value : string.Empty;
        var outcome = (status, cycles) switch
        {
            ("1", null) when NoLatches().IsMatch(result.Output) => ProofOutcome.Proved,
            ("1", not null) => ProofOutcome.HoldsUpToBound,
            ("0", not null) => ProofOutcome.Refuted,
            _ => ProofOutcome.Unknown,
        };
        return new ProofResult(outcome, outcome is ProofOutcome.Unknown ? 0 : cycles ?? 1, "abc", watch.Elapsed);
    }

    /// <summary>The flat module with a register behind each register: what is seen of it in the first cycle is an input, or follows from inputs.</summary>
    private static string Started(string flat, Design design, IReadOnlyDictionary<string, string> starts, IReadOnlyList<string> claims)
    {
        var begin = flat.IndexOf($"module {design.Top.Name}(", StringComparison.Ordinal);
        var text = flat[begin..];
        var registers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in Declaration().Matches(text))
        {
            registers[match.Groups[2].Value.Trim().TrimStart('\\')] = match.Groups[1].Value;
        }

        var written = Assignment().Matches(text).Select(m => m.Groups[2].Value.Trim().TrimStart('\\')).ToHashSet(StringComparer.Ordinal);
        var inputs = new StringBuilder();
        var place = 0;
        var free = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var register in written.Where(r => !starts.ContainsKey(r)).Order(StringComparer.Ordinal))
        {
            var width = WidthOf(registers[register]);
            free[register] = string.Create(CultureInfo.InvariantCulture, $"start_state[{place + width - 1}:{place}]");
            place += width;
        }

        string StartOf(string register) => free.TryGetValue(register, out var own)
            ? own : "(" + PathInBraces().Replace(starts[register], m => free.GetValueOrDefault(m.Groups[1].Value) ?? throw new ArgumentException($"'{m.Groups[1].Value}' is no register that begins with any value.", nameof(starts))) + ")";

        text = Declaration().Replace(text, match =>
        {
            var name = match.Groups[2].Value.Trim().TrimStart('\\');
            return written.Contains(name)
                ? $"  reg {match.Groups[1].Value}\\{name}$held = 0;\n  wire {match.Groups[1].Value}\\{name} = formal_first ? {StartOf(name)} : \\{name}$held ;"
                : match.Value;
        });
        text = Assignment().Replace(text, match => $"{match.Groups[1].Value}\\{match.Groups[2].Value.Trim().TrimStart('\\')}$held {match.Groups[3].Value}<=");

        var claim = string.Join(" && ", claims.Select(c => "(" + PathInBraces().Replace(c, m => registers.ContainsKey(m.Groups[1].Value) || text.Contains($"\\{m.Groups[1].Value} ", StringComparison.Ordinal)
            ? $"\\{m.Groups[1].Value} " : throw new ArgumentException($"'{m.Groups[1].Value}' is nothing in the flat design.", nameof(claims))) + ")"));
        inputs.Append(CultureInfo.InvariantCulture, $"\n  input [{Math.Max(0, place - 1)}:0] start_state;\n  output formal_bad;\n  reg formal_first = 1'b1;\n");
        inputs.Append(CultureInfo.InvariantCulture, $"  always @(posedge {design.Top.Domains.Select(d => d.Clock).Distinct().Single()}) formal_first <= 1'b0;\n  assign formal_bad = !({claim});\n");

        // Only the claims are looked at; resets are inactive.
        foreach (var port in design.Top.Ports.Where(p => !p.IsInput).Select(p => p.Name))
        {
            text = Regex.Replace(text, $@"^  output (?:\[\d+:\d+\] )?{port};\n", string.Empty, RegexOptions.Multiline);
            text = Regex.Replace(text, $@"(?<=^module [^;]*[(,]\s*){port}(?=\s*[,)])", string.Empty, RegexOptions.None);
        }

        foreach (var reset in design.Top.Domains.Where(design.Top.UsesReset).Select(d => d.Reset).Distinct())
        {
            text = Regex.Replace(text, $@"^  input {reset};\n(?:  wire {reset};\n)?", $"  wire {reset} = 1'b1;\n", RegexOptions.Multiline);
            text = Regex.Replace(text, $@"(?<=^module [^;]*[(,]\s*){reset}(?=\s*[,)])", string.Empty, RegexOptions.None);
        }

        var end = text.IndexOf(");", StringComparison.Ordinal);
        var list = Regex.Matches(text[..end][(text.IndexOf('(', StringComparison.Ordinal) + 1)..], @"[^,\s]+").Select(m => m.Value);
        return $"module {design.Top.Name}({string.Join(", ", list)}, start_state, formal_bad);" + inputs + text[(end + 2)..];
    }

    private static int WidthOf(string range) => range.Length == 0 ? 1 : int.Parse(range[1..range.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture) + 1;

    [GeneratedRegex(@"^  reg (\[\d+:0\] )?(\\\S+ |\w+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^(    )(\\\S+ |\w+) ((?:\[\d+(?::\d+)?\] )?)<=", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.\[\]]*)\}")]
    private static partial Regex PathInBraces();

    [GeneratedRegex(@"Status = (-?\d)")]
    private static partial Regex Status();

    [GeneratedRegex(@"lat =\s+0 ")]
    private static partial Regex NoLatches();
}
