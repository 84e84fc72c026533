using HwGen.Cim;
using HwGen.Cim.Tests;
using HwGen.Formal;
using HwGen.Netlist;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>A design whose assertions are proved; a fault of a module in it is caught where they are refuted.</summary>
internal sealed class ProofBench
{
    private static readonly ProofOptions s_options = new() { Depth = 8, TimeLimit = TimeSpan.FromMinutes(2) };

    private readonly Bench _bench;

    private ProofBench(string name, Func<Module> rules) =>
        _bench = new Bench(name, isCore: false, () => Design.Elaborate(rules(), "unit_", BusCore.Clock), _ => 0);

    public static IReadOnlyList<ProofBench> All { get; } =
    [
        new("AXI4-Lite rules", () => new BusProofs.AxiLiteRules(0)), new("Wishbone rules", () => new BusProofs.WishboneRules()),
    ];

    public string Name => _bench.Name;

    /// <summary>Whether the proof is there for the module of a fault, and refutes it.</summary>
    public bool Refutes(DrawnFault fault) =>
        Campaign.BenchesOf(fault, [_bench]).Any()
        && PropertyProof.AssertionsAsync(_bench.With(fault.Module, fault.Fault), s_options).GetAwaiter().GetResult().Outcome == ProofOutcome.Refuted;
}
