using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Tools;

namespace HwGen.Formal;

/// <summary>
/// Proves the properties that a design states (<c>Assert</c>, under its <c>Assume</c>) on its emitted Verilog, by yosys-smtbmc: first a search for
/// counterexamples from reset, then induction over all cycles. The resets of all domains are active in the first cycle, and free afterwards. The solvers get the cone of influence
/// of the properties alone: <see cref="ProofResult.State"/> says what that is.
/// </summary>
public static partial class PropertyProof
{
    /// <summary>Proves all assertions of a design together.</summary>
    /// <param name="design">The design; at least one module states an assertion.</param>
    /// <param name="options">How hard to try.</param>
    /// <param name="cancellationToken">Ends all solvers.</param>
    /// <exception cref="ArgumentException">There is nothing to prove, or a black box hides what happens.</exception>
    /// <exception cref="ToolException">Yosys is missing, or does not take the text.</exception>
    public static async Task<ProofResult> AssertionsAsync(Design design, ProofOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ProofOptions();
        Check(design, PropertyKind.Assert, options);
        var watch = Stopwatch.StartNew();
        using var folder = new WorkFolder();
        var state = await PrepareAsync(design, folder, options, cancellationToken).ConfigureAwait(false);
        var search = await SolverRace.RunAsync(folder, options, "search", ["--dump-vcd", "{0}.vcd", "--smtc", "reset.smtc"], cancellationToken).ConfigureAwait(false);
        if (search is null)
        {
            return new ProofResult(ProofOutcome.Unknown, 0, string.Empty, watch.Elapsed) { State = state };
        }

        if (!search.Passed)
        {
            var property = FailedProperty().Match(search.Output) is { Success: true } match ? match.Groups[1].Value : string.Empty;
            var waveform = await File.ReadAllTextAsync(Path.Combine(folder.Path, search.Name + ".vcd"), cancellationToken).ConfigureAwait(false);
            return new ProofResult(
                ProofOutcome.Refuted, options.Depth, search.Solver, watch.Elapsed, new Counterexample(property, WitnessReader.Inputs(waveform, design.Top), waveform) { Registers = WitnessReader.Registers(waveform, design) })
            { State = state };
        }

        var induction = await SolverRace.RunAsync(folder, options, "induction", ["-i"], cancellationToken).ConfigureAwait(false);
        return induction is { Passed: true }
            ? new ProofResult(ProofOutcome.Proved, options.Depth, induction.Solver, watch.Elapsed) { State = state }
            : new ProofResult(ProofOutcome.HoldsUpToBound, options.Depth, search.Solver, watch.Elapsed) { State = state };
    }

    /// <summary>True when every <c>Cover</c> of a design is reached within the depth; a cover that is not says that a proof may be empty.</summary>
    /// <param name="design">The design; at least one module states a cover.</param>
    /// <param name="options">How hard to try.</param>
    /// <param name="cancellationToken">Ends all solvers.</param>
    /// <exception cref="ArgumentException">There is nothing to reach.</exception>
    /// <exception cref="ToolException">Yosys is missing or does not take the text, or no solver came to an end.</exception>
    public static async Task<bool> CoversAsync(Design design, ProofOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ProofOptions();
        Check(design, PropertyKind.Cover, options);
        using var folder = new WorkFolder();
        await PrepareAsync(design, folder, options, cancellationToken).ConfigureAwait(false);
        var result = await SolverRace.RunAsync(folder, options, "cover", ["-c", "--smtc", "reset.smtc"], cancellationToken).ConfigureAwait(false);
        return result?.Passed ?? throw new ToolException("yosys-smtbmc", "No solver came to an end in time.");
    }

    private static void Check(Design design, PropertyKind kind, ProofOptions options)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Depth, 1);
        ArgumentOutOfRangeException.ThrowIfZero(options.Solvers.Count);
        if (!design.Modules.Any(m => m.Properties.Any(p => p.Kind == kind)))
        {
            throw new ArgumentException($"{design.Top.Name} states no {kind}: nothing would be looked at.", nameof(design));
        }

        if (design.Modules.FirstOrDefault(m => m.BlackBox is not null) is { } black)
        {
            throw new ArgumentException($"The black box {black.BlackBox!.ModuleName} hides what happens in it.", nameof(design));
        }
    }

    /// <summary>Writes what the solvers read, and returns the state in it.</summary>
    private static async Task<IReadOnlyList<string>> PrepareAsync(Design design, WorkFolder folder, ProofOptions options, CancellationToken cancellationToken)
    {
        var names = folder.Write(VerilogWriter.Write(design), texts: options.Texts);

        // Without outputs, what the properties do not depend on is read by nothing, and goes. Several clocks become inputs like others, sampled by a global one.
        var clocks = design.Top.Domains.Select(d => d.Clock).Distinct().Count();
        await folder.YosysAsync(
            [
                $"read_verilog -formal {names}", $"prep -flatten -nordff -top {design.Top.Name}", clocks > 1 ? "clk2fflogic" : "async2sync", "dffunmap",
                "delete -output *", "opt_clean", "write_smt2 -wires design.smt2",
            ],
            options.TimeLimit, cancellationToken).ConfigureAwait(false);
        var resets = design.Top.Domains.Where(design.Top.UsesReset).Select(d => d.Reset).Distinct();
        folder.Write("reset.smtc", "initial\n" + string.Concat(resets.Select(reset => string.Create(CultureInfo.InvariantCulture, $"assume (= [{reset}] false)\n"))));
        var text = await File.ReadAllTextAsync(Path.Combine(folder.Path, "design.smt2"), cancellationToken).ConfigureAwait(false);
        return [.. StateOfSolver().Matches(text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
    }

    /// <summary>Registers and memories by their paths; what Yosys has made itself has names that begin with $.</summary>
    [GeneratedRegex(@"^; yosys-smt2-(?:register|memory) ([^$\s]\S*)", RegexOptions.Multiline)]
    private static partial Regex StateOfSolver();

    [GeneratedRegex(@"Assert failed in \S+ (.+?)(?: \([^)]*\))?\s*$", RegexOptions.Multiline)]
    private static partial Regex FailedProperty();
}
