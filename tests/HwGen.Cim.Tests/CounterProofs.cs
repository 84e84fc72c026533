using HwGen.Architecture.Configuration;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>Counters, all of their bits.</summary>
public class CounterProofs(ITestOutputHelper output)
{
    private static readonly ProofOptions s_options = new() { Depth = 2, TimeLimit = TimeSpan.FromMinutes(5) };
    private static readonly ArrayConfiguration s_plain = new("counters", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { Bus = BusKind.Axi, ProgramWords = 16 };

    public static TheoryData<string> Kinds => ["plain", "waits for rows", "skips operands"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Counters_count_what_their_names_say(string kind)
    {
        var configuration = kind switch
        {
            "waits for rows" => s_plain with { Storage = StorageKind.Rram },
            "skips operands" => s_plain with { WeightBits = ArrayConfiguration.LeastSkippingWeightBits, OperandSkipping = true },
            _ => s_plain,
        };
        foreach (var (module, properties) in new[] { CounterRules.Sequencer(configuration), CounterRules.Drain(configuration), CounterRules.Descriptors(configuration), CounterRules.Instructions(configuration) })
        {
            var result = await StateProof.ProveAsync(Design.Elaborate(module), properties, s_options);
            output.WriteLine(FormattableString.Invariant($"{kind}, {properties.Count(p => p.Kind == StatePropertyKind.Assert)} rules: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
            result.Outcome.ShouldBe(ProofOutcome.Proved);
        }
    }

    [Fact]
    public async Task A_counter_that_counts_something_else_is_refuted()
    {
        var (module, properties) = CounterRules.Instructions(s_plain);
        StateProperty[] wrong = [.. properties.Select(property => property with { Expression = property.Expression.Replace("past_layer_time", "{past_layer_time[31], past_layer_time[30:0] & 31'h3fffffff}", StringComparison.Ordinal) })];
        (await StateProof.ProveAsync(Design.Elaborate(module), wrong, s_options)).Outcome.ShouldBe(ProofOutcome.Refuted);
    }
}
