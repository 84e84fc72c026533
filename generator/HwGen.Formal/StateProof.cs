using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;

namespace HwGen.Formal;

/// <summary>What a property of the state says.</summary>
public enum StatePropertyKind
{
    /// <summary>It is taken to hold in the first cycle.</summary>
    Start,

    /// <summary>It is taken to hold in every cycle.</summary>
    Assume,

    /// <summary>It is shown to hold in every cycle.</summary>
    Assert,

    /// <summary>It is taken to hold in the first cycle, and shown to hold in every one.</summary>
    Invariant,
}

/// <summary>A property of the state inside of a design.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Expression">
/// A Verilog expression. Registers, wires and memories of instances are named by their path from the top module in braces,
/// <c>{lane_3.count}</c>; a word of a memory is <c>{lane_3.rows.cells}[2]</c>.
/// </param>
public sealed record StateProperty(StatePropertyKind Kind, string Expression);

/// <summary>
/// Proves properties that look into the instances of a design, on its emitted Verilog: how two copies of a block are related, for one. The resets are
/// inactive throughout, and the first state is any that the properties allow: what is proved so holds after any reset that leads into such a state.
/// </summary>
public static partial class StateProof
{
    // One question at a time, written out: solvers then put equal registers of two copies in place of each other, and most of the two becomes one.
    private static readonly string[] s_unrolled = ["--unroll", "--noincr"];

    /// <summary>Proves all assertions and invariants together: first a search over the cycles from the first state, then induction.</summary>
    /// <param name="design">The design; one clock.</param>
    /// <param name="properties">What is taken and what is shown; at least one is shown.</param>
    /// <param name="options">How hard to try.</param>
    /// <param name="induction">False to search the cycles of <see cref="ProofOptions.Depth"/> only.</param>
    /// <param name="cancellationToken">Ends all solvers.</param>
    /// <exception cref="ArgumentException">There is nothing to show, or a black box hides what happens.</exception>
    /// <exception cref="Tools.ToolException">Yosys is missing, or does not take the text.</exception>
    public static async Task<ProofResult> ProveAsync(
        Design design, IReadOnlyList<StateProperty> properties, ProofOptions? options = null, bool induction = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(properties);
        options ??= new ProofOptions();
        if (!properties.Any(p => p.Kind is StatePropertyKind.Assert or StatePropertyKind.Invariant))
        {
            throw new ArgumentException("Nothing is to be shown.", nameof(properties));
        }

        if (design.Modules.FirstOrDefault(m => m.BlackBox is not null) is { } black)
        {
            throw new ArgumentException($"The black box {black.BlackBox!.ModuleName} hides what happens in it.", nameof(design));
        }

        var watch = Stopwatch.StartNew();
        using var folder = new WorkFolder();
        var names = folder.Write(VerilogWriter.Write(design), texts: options.Texts);
        await folder.YosysAsync(
            [$"read_verilog {names}", $"hierarchy -check -top {design.Top.Name}", "proc", "flatten", "write_verilog -noattr flat.v"], options.TimeLimit, cancellationToken).ConfigureAwait(false);
        var flat = await File.ReadAllTextAsync(Path.Combine(folder.Path, "flat.v"), cancellationToken).ConfigureAwait(false);
        // A path that is not there would be a net that nothing drives, and a property of nothing.
        folder.Write("formal.v", "`default_nettype none\n" + flat[..flat.LastIndexOf("endmodule", StringComparison.Ordinal)] + Text(design, properties) + "endmodule\n");
        await folder.YosysAsync(
            ["read_verilog -formal formal.v", $"prep -flatten -nordff -top {design.Top.Name}", "memory_map", "async2sync", "dffunmap", "opt_clean", "write_smt2 -wires design.smt2"],
            options.TimeLimit, cancellationToken).ConfigureAwait(false);

        var search = await SolverRace.RunAsync(folder, options, "search", s_unrolled, cancellationToken).ConfigureAwait(false);
        if (search is null)
        {
            return new ProofResult(ProofOutcome.Unknown, 0, string.Empty, watch.Elapsed);
        }

        if (!search.Passed)
        {
            return new ProofResult(ProofOutcome.Refuted, options.Depth, search.Solver, watch.Elapsed, await CounterexampleAsync(design, folder, options, cancellationToken).ConfigureAwait(false));
        }

        var closed = induction ? await SolverRace.RunAsync(folder, options, "induction", ["-i", .. s_unrolled], cancellationToken).ConfigureAwait(false) : null;
        return closed is { Passed: true }
            ? new ProofResult(ProofOutcome.Proved, options.Depth, closed.Solver, watch.Elapsed)
            : new ProofResult(ProofOutcome.HoldsUpToBound, options.Depth, search.Solver, watch.Elapsed);
    }

    /// <summary>The run that breaks a property, searched for once more by a solver that keeps what it was told: one that does not would be asked anew for every value of the waveform. Null where no solver finds it in time.</summary>
    private static async Task<Counterexample?> CounterexampleAsync(Design design, WorkFolder folder, ProofOptions options, CancellationToken cancellationToken)
    {
        var search = await SolverRace.RunAsync(folder, options, "counterexample", ["--dump-vcd", "{0}.vcd", "--unroll"], cancellationToken).ConfigureAwait(false);
        if (search is not { Passed: false })
        {
            return null;
        }

        var waveform = await File.ReadAllTextAsync(Path.Combine(folder.Path, search.Name + ".vcd"), cancellationToken).ConfigureAwait(false);
        var property = FailedProperty().Match(search.Output) is { Success: true } match ? match.Groups[1].Value : string.Empty;
        return new Counterexample(property, WitnessReader.Inputs(waveform, design.Top), waveform);
    }

    /// <summary>The paths of all registers and memory words of a module and its instances, with the paths in braces as properties take them.</summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">What stands before each path: the path of the instance with a dot behind it.</param>
    public static IEnumerable<(string Path, string Expression)> StateOf(ModuleGraph module, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var register in module.Registers)
        {
            yield return (prefix + register.Name, $"{{{prefix}{register.Name}}}");
        }

        foreach (var memory in module.Memories)
        {
            for (var word = 0; word < memory.Depth; word++)
            {
                yield return (prefix + memory.Name, string.Create(CultureInfo.InvariantCulture, $"{{{prefix}{memory.Name}}}[{word}]"));
            }
        }

        foreach (var state in module.Instances.SelectMany(instance => StateOf(instance.Module, $"{prefix}{instance.Name}.")))
        {
            yield return state;
        }
    }

    private static string Text(Design design, IReadOnlyList<StateProperty> properties)
    {
        var clock = design.Top.Domains.Select(d => d.Clock).Distinct().Single();
        var text = new StringBuilder("`ifdef FORMAL\n");
        text.Append(CultureInfo.InvariantCulture, $"reg formal_first = 1'b1;\nalways @(posedge {clock}) formal_first <= 1'b0;\nalways @* begin\n");
        foreach (var reset in design.Top.Domains.Where(design.Top.UsesReset).Select(d => d.Reset).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"    assume ({reset});\n");
        }

        foreach (var property in properties.OrderBy(p => p.Kind is StatePropertyKind.Assert or StatePropertyKind.Invariant))
        {
            // An escaped name ends at a blank.
            var expression = PathInBraces().Replace(property.Expression, match => $"\\{match.Groups[1].Value} ");
            text.Append(property.Kind switch
            {
                StatePropertyKind.Start => $"    if (formal_first) assume ({expression});\n",
                StatePropertyKind.Assume => $"    assume ({expression});\n",
                StatePropertyKind.Invariant => $"    if (formal_first) assume ({expression});\n    assert ({expression});\n",
                _ => $"    assert ({expression});\n",
            });
        }

        return text.Append("end\n`endif\n").ToString();
    }

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.]*)\}")]
    private static partial Regex PathInBraces();

    [GeneratedRegex(@"Assert failed in \S+ (.+?)(?: \([^)]*\))?\s*$", RegexOptions.Multiline)]
    private static partial Regex FailedProperty();
}
