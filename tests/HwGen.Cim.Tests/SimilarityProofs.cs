using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>
/// The similarity counters of a whole core against their definition, for small layers: any rows, any filters alive, any limit. The command takes a known number of cycles, so a search over all of
/// them has seen every run.
/// </summary>
public class SimilarityProofs(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3, SimilarityControl.None, 2)]
    public Task What_is_pruned_is_that_of_the_definition(int filters, SimilarityControl control, int threshold) => Statistics_and_what_is_pruned_are_those_of_the_definition(filters, control, threshold);

    [Theory]
    [Trait("Run", "full")]
    [InlineData(3, SimilarityControl.None, 0)]
    [InlineData(3, (SimilarityControl)(int)SimilarityRule.KeepOne, 2)]
    public async Task Statistics_and_what_is_pruned_are_those_of_the_definition(int filters, SimilarityControl control, int threshold)
    {
        var (check, starts, claims, cycles) = Check(filters, control, threshold);
        var result = await SweepProof.ProveAsync(check, starts, claims, cycles, TimeSpan.FromMinutes(10));
        output.WriteLine(FormattableString.Invariant($"similarity of {filters} filters, rule {control}, threshold {threshold}: {result}, bound {result.Bound}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.HoldsUpToBound);
        result.Bound.ShouldBe(cycles);
    }

    [Fact]
    public async Task A_definition_that_counts_equal_distances_is_refuted()
    {
        var (check, starts, claims, cycles) = Check(3, SimilarityControl.None, 2, isFaulty: true);
        (await SweepProof.ProveAsync(check, starts, claims, cycles, TimeSpan.FromMinutes(10))).Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    private static (Design Check, Dictionary<string, string> Starts, List<string> Claims, int Cycles) Check(int filters, SimilarityControl control, int threshold, bool isFaulty = false)
    {
        var configuration = new ArrayConfiguration("check", 4, 4, 2, [RowOperation.And, RowOperation.Xor], OperandWords: 16, ResultWords: 16, InitialWords: 2, LevelWords: 2, InputBits: 1, WeightBits: 1, LargestFanIn: 8)
        {
            MultiplierBits = 0,
            Similarity = new SimilarityConfiguration(4, 1, [SimilarityRule.Paper, SimilarityRule.KeepOne], SimilarityConfiguration.DefaultDistances),
        };
        SimilarityCheck Module() => new(configuration, filters, control, threshold, isFaulty);
        var design = Design.Elaborate(Module());
        var starts = new Dictionary<string, string>();
        ResetStates(design.Top, string.Empty, starts);
        List<string> claims = threshold > 0 ? ["!ended || same"] : [];
        if (threshold == 0)
        {
            const string Unit = "core.similarity_unit.pair_statistics.";
            claims.Add("!ended || (pairs == {" + Unit + "pairs} && sum == {" + Unit + "sum} && squares == {" + Unit + "squares}) || {held_alive} == 0 || ({held_alive} & ({held_alive} - 1)) == 0");
        }

        // All filters alive and over the limit take the most cycles.
        var fields = SimilarityPlacement.TryPlace(configuration, filters, configuration.Columns, 1, out _)!.Fields(configuration);
        fields[SimilarityField.Control] = (int)(threshold > 0 ? control | SimilarityControl.FixedThreshold : control);
        (fields[SimilarityField.MinimumAlive], fields[SimilarityField.Quota]) = (1, 1);
        var longest = SimilarityCommand.Create(configuration, fields).Cycles(configuration, filters, filters);
        var cycles = Module().Begin + (int)longest + 8;

        // Not an empty claim: the command has ended before the bound.
        claims.Add(FormattableString.Invariant($"{{step}} != {cycles - 2} || ended"));
        return (design, starts, claims, cycles);
    }

    /// <summary>The reset value of every register that has one: the search begins behind a reset.</summary>
    private static void ResetStates(ModuleGraph module, string path, Dictionary<string, string> starts)
    {
        foreach (var register in module.Registers.Where(r => r.Reset is not null))
        {
            starts[path + register.Name] = FormattableString.Invariant($"{register.Width}'d{register.Reset}");
        }

        foreach (var instance in module.Instances)
        {
            ResetStates(instance.Module, path + instance.Name + ".", starts);
        }
    }
}
