using HwGen.Architecture.Configuration;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>What must stand still does, from any state.</summary>
public class HoldProofs(ITestOutputHelper output)
{
    private static readonly ProofOptions s_options = new() { Depth = 2, TimeLimit = TimeSpan.FromMinutes(2) };

    private static readonly ArrayConfiguration s_bus = new("held", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { Bus = BusKind.Axi, ProgramWords = 16 };

    private static readonly ArrayConfiguration s_similar = new("held", 16, 6, 4, ArrayConfiguration.AllOperations)
    {
        Similarity = new SimilarityConfiguration(11, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances),
    };

    [Fact]
    public async Task The_operation_of_a_layer_stays_until_the_next_one_starts() => await Prove(HoldRules.Instructions(s_bus));

    [Fact]
    public async Task A_solver_that_is_idle_moves_nothing() => await Prove(HoldRules.Solver(s_similar));

    [Fact]
    public async Task What_moves_is_refuted()
    {
        var (module, properties) = HoldRules.Solver(s_similar);
        StateProperty[] wrong = [.. properties.Select(property => property with { Expression = property.Expression.Replace("past_step != 0", "past_step != 1", StringComparison.Ordinal) })];
        (await StateProof.ProveAsync(Design.Elaborate(module), wrong, s_options)).Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    private async Task Prove((Module Module, IReadOnlyList<StateProperty> Properties) rules)
    {
        var result = await StateProof.ProveAsync(Design.Elaborate(rules.Module), rules.Properties, s_options);
        output.WriteLine(FormattableString.Invariant($"{rules.Properties.Count(p => p.Kind == StatePropertyKind.Assert)} rules: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }
}
