using System.Numerics;

namespace HwGen.Formal;

/// <summary>What is known after a proof.</summary>
public enum ProofOutcome
{
    /// <summary>It holds in every cycle of every run.</summary>
    Proved,

    /// <summary>It holds for <see cref="ProofResult.Bound"/> cycles from reset; induction did not close.</summary>
    HoldsUpToBound,

    /// <summary>It does not hold: there is a counterexample.</summary>
    Refuted,

    /// <summary>No solver came to an end within its time. This counts as a failure.</summary>
    Unknown,
}

/// <summary>The outcome of a proof.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Bound">Cycles from reset that were searched; 0 where none were.</param>
/// <param name="Solver">The solver that was first, or what else decided it.</param>
/// <param name="Elapsed">The time of the whole.</param>
/// <param name="Counterexample">What refutes it; null where nothing does, or where its values did not come in time.</param>
public sealed record ProofResult(ProofOutcome Outcome, int Bound, string Solver, TimeSpan Elapsed, Counterexample? Counterexample = null)
{
    /// <summary>
    /// The registers and memories that the solvers were given, by path (<c>lane_3.count</c>): the cone of influence of the properties, as Yosys sees it. Empty where no
    /// property was proved by solvers. <c>ConeOfInfluence.OfProperties</c> of HwGen.Netlist computes it without Yosys.
    /// </summary>
    public IReadOnlyList<string> State { get; init; } = [];

    /// <summary>One line for a report.</summary>
    public override string ToString() => Outcome switch
    {
        ProofOutcome.Proved => $"proved ({Solver})",
        ProofOutcome.HoldsUpToBound => FormattableString.Invariant($"holds for {Bound} cycles from reset, not proved beyond ({Solver})"),
        ProofOutcome.Refuted => FormattableString.Invariant($"REFUTED in cycle {Counterexample?.Steps.Count - 1} by {Counterexample?.Property} ({Solver})"),
        _ => "UNKNOWN: no solver came to an end in time",
    };
}

/// <summary>A run that breaks a property.</summary>
/// <param name="Property">The property that fails, as the solver names it; empty where it names none.</param>
/// <param name="Steps">The inputs of the top module in each cycle, by name, clocks only where there are several; the reset is active in the first.</param>
/// <param name="Waveform">The whole run as a value change dump (IEEE 1364-2005, 18), registers and memories included; empty for logic without state.</param>
public sealed record Counterexample(string Property, IReadOnlyList<IReadOnlyDictionary<string, BigInteger>> Steps, string Waveform)
{
    /// <summary>
    /// The registers that the run begins with, by path (<c>lane_3.count</c>): with the steps they are what a simulator needs to play it again
    /// (<c>HwGen.Simulation.Replay</c>).
    /// </summary>
    public IReadOnlyDictionary<string, BigInteger> Registers { get; init; } = new Dictionary<string, BigInteger>();
}
