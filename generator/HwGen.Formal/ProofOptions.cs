using System.Collections.Immutable;

namespace HwGen.Formal;

/// <summary>How hard a proof is tried.</summary>
public sealed record ProofOptions
{
    /// <summary>Cycles from reset that are searched for a counterexample, and the longest induction, at least 1.</summary>
    public int Depth { get; init; } = 20;

    /// <summary>The time for each of the runs that are raced.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The solvers that are raced, by the names of yosys-smtbmc: what one does not finish, another proves in a second.</summary>
    public IReadOnlyList<string> Solvers { get; init; } = ["z3", "cvc4"];

    /// <summary>Verilog that is proved in place of what the writer makes of the design, by the name of the file: text that was edited, for one.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = ImmutableDictionary<string, string>.Empty;
}
