using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Cim.Tests;
using HwGen.Formal;
using HwGen.Netlist;
using FileTexts = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>A design of which properties are proved; a fault of a module in it, or of the one block that they are about, is caught where they are refuted.</summary>
internal sealed class ProofBench
{
    private readonly Bench _bench;
    private readonly Func<Design, FileTexts, Task<ProofResult>> _prove;

    private static readonly FileTexts s_none = new Dictionary<string, string>();

    private readonly string? _only;

    private ProofBench(string name, Func<Module> rules, Func<Design, FileTexts, Task<ProofResult>> prove, ClockDomain? clock = null, string? only = null) =>
        (_only, _bench, _prove) = (only, new Bench(name, isCore: false, () => Design.Elaborate(rules(), "unit_", clock), _ => 0), prove);

    /// <summary>The proofs of blocks of the cores that faults are drawn from.</summary>
    public static IReadOnlyList<ProofBench> All { get; } =
    [
        Asserted("AXI4-Lite rules", () => new BusProofs.AxiLiteRules(0), 8, BusCore.Clock), Asserted("Wishbone rules", () => new BusProofs.WishboneRules(), 8, BusCore.Clock),
        .. Cores.Configurations.SelectMany(Of),
    ];

    public string Name => _bench.Name;

    /// <summary>Proves the sound design.</summary>
    public ProofOutcome Sound() => _prove(_bench.Design, s_none).GetAwaiter().GetResult().Outcome;

    /// <summary>Whether the proof is there for the module of a fault, and refutes it; not where the faulty module cannot be written as Verilog.</summary>
    public bool Refutes(DrawnFault fault)
    {
        try
        {
            return (_only is null || fault.Block == _only) && Campaign.BenchesOf(fault, [_bench]).Any() && _prove(_bench.With(fault.Module, fault.Fault), s_none).GetAwaiter().GetResult().Outcome == ProofOutcome.Refuted;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the proof is there for a module, and refutes a text of it.</summary>
    /// <param name="core">The core that the module is of.</param>
    /// <param name="module">The module.</param>
    /// <param name="text">The faulty text.</param>
    public bool Refutes(Bench core, string module, string text) =>
        (_only is null || Campaign.BlockOf(module) == _only) && core.Texts.TryGetValue(module, out var sound) && _bench.Texts.GetValueOrDefault(module) == sound
        && _prove(_bench.Design, new Dictionary<string, string> { [module + ".v"] = text }).GetAwaiter().GetResult().Outcome == ProofOutcome.Refuted;

    private static IEnumerable<ProofBench> Of(ArrayConfiguration configuration)
    {
        var clock = configuration.HasBus ? BusCore.Clock : null;
        foreach (var quiet in QuietBehindReset.Of(configuration))
        {
            yield return Asserted("quiet behind a reset", quiet, quiet().Depth, clock);
        }

        yield return Counted("counters of the sequencer", () => CounterRules.Sequencer(configuration));
        yield return Counted("counters of the drain unit", () => CounterRules.Drain(configuration));
        if (configuration.HasBus)
        {
            yield return Counted("rules of descriptors", () => CounterRules.Descriptors(configuration));
            yield return Counted("counters of the instruction unit", () => CounterRules.Instructions(configuration));
            if (configuration.RowOperations.Count > 1)
            {
                yield return Counted("the operation of a layer", () => HoldRules.Instructions(configuration));
            }

            yield return new ProofBench(
                "registers of counters", () => new BusCore(configuration), (design, texts) => StateProof.ProveAsync(design, RegisterFileTests.CounterHalves(configuration), new ProofOptions { Depth = 1, TimeLimit = TimeSpan.FromMinutes(2), Texts = texts }),
                clock, only: Names.ToSnakeCase(nameof(BusCore)));
        }

        if (configuration.Similarity is { HasStatistics: true })
        {
            yield return Counted("an idle solver", () => HoldRules.Solver(configuration));
        }

        ProofBench Counted(string name, Func<(Module Module, IReadOnlyList<StateProperty> Properties)> rules) => new(
            name, () => rules().Module, (design, texts) => StateProof.ProveAsync(design, rules().Properties, new ProofOptions { Depth = 2, TimeLimit = TimeSpan.FromMinutes(2), Texts = texts }), clock);
    }

    private static ProofBench Asserted(string name, Func<Module> rules, int depth, ClockDomain? clock) =>
        new(name, rules, (design, texts) => PropertyProof.AssertionsAsync(design, new ProofOptions { Depth = depth, TimeLimit = TimeSpan.FromMinutes(2), Texts = texts }), clock);
}
