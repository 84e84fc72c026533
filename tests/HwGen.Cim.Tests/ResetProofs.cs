using HwGen.Architecture.Configuration;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>The reset reaches what must not go on by itself.</summary>
public class ResetProofs(ITestOutputHelper output)
{
    private static readonly ProofOptions s_options = new() { Depth = 4, TimeLimit = TimeSpan.FromMinutes(2) };
    private static readonly ArrayConfiguration s_plain = new("reset", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { Bus = BusKind.Axi, ProgramWords = 16 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_goes_on_by_itself_behind_a_reset(bool similarity)
    {
        var configuration = similarity ? s_plain with { Similarity = new SimilarityConfiguration(11, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances) } : s_plain;
        var blocks = 0;
        foreach (var module in QuietBehindReset.Of(configuration))
        {
            var block = module();
            var design = Design.Elaborate(block);
            var result = await PropertyProof.AssertionsAsync(design, s_options with { Depth = block.Depth });
            output.WriteLine(FormattableString.Invariant($"{design.Modules.First(m => m.Name != design.Top.Name).Name}, {design.Top.Properties.Count} outputs: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
            result.Outcome.ShouldBe(ProofOutcome.Proved, design.Modules[0].Name);
            blocks++;
        }

        blocks.ShouldBe(similarity ? 11 : 7);
    }

    [Fact]
    public async Task A_value_that_a_reset_leaves_as_it_was_is_refuted() =>
        (await PropertyProof.AssertionsAsync(Design.Elaborate(new QuietBehindReset(new DrainUnit(s_plain), "Valid", "FilterFirst")), s_options)).Outcome.ShouldBe(ProofOutcome.Refuted);
}
