using HwGen.Netlist;

namespace HwGen.Formal.Tests;

/// <summary>The similarity unit's counters against the definition, for every layer of three filters of four columns.</summary>
public class SimilarityProofTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public async Task Counters_say_what_the_definition_says_of_every_layer_of_three_filters()
    {
        // All is over after 15 steps: a search of 18 cycles from reset is the whole command.
        var options = new ProofOptions { Depth = 18, TimeLimit = TimeSpan.FromMinutes(3) };
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(new SimilarityCounters()), options);
        output.WriteLine(result.ToString());
        result.Outcome.ShouldBeOneOf(ProofOutcome.Proved, ProofOutcome.HoldsUpToBound);
        (await PropertyProof.CoversAsync(Design.Elaborate(new SimilarityCounters()), options)).ShouldBeTrue();
        (await PropertyProof.AssertionsAsync(Design.Elaborate(new SimilarityCounters(isFaulty: true)), options)).Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    [Fact]
    public async Task The_threshold_divides_similar_from_other_distances_of_every_layer_of_three_filters()
    {
        var largest = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 75 : 20;
        var options = new ProofOptions { Depth = SimilarityThresholdProof.Cycles + 3, TimeLimit = TimeSpan.FromMinutes(5) };
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(new SimilarityThresholdProof(largest)), options);
        output.WriteLine(result.ToString());
        result.Outcome.ShouldBeOneOf(ProofOutcome.Proved, ProofOutcome.HoldsUpToBound);
        (await PropertyProof.AssertionsAsync(Design.Elaborate(new SimilarityThresholdProof(largest, isFaulty: true)), options)).Outcome.ShouldBe(ProofOutcome.Refuted);
    }
}
