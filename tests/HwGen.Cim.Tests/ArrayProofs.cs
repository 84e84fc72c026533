using HwGen.Architecture.Configuration;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>What the blocks of the array compute, proved on the emitted Verilog against definitions that are written in another way; each proof says how.</summary>
public class ArrayProofs(ITestOutputHelper output)
{
    private static readonly ProofOptions s_options = new() { Depth = 1, TimeLimit = TimeSpan.FromMinutes(5) };

    public static TheoryData<int, RowOperation[]> Lanes => new()
    {
        { 4, [RowOperation.Nand, RowOperation.And, RowOperation.Xor, RowOperation.Or] },
        { 9, [RowOperation.Nand, RowOperation.And, RowOperation.Xor, RowOperation.Or] },
        { 7, [RowOperation.And, RowOperation.Xor] },
        { 6, [RowOperation.Or] },
    };

    [Theory]
    [MemberData(nameof(Lanes))]
    public async Task A_lane_counts_the_ones_of_its_row_operation(int columns, RowOperation[] operations)
    {
        var result = await StateProof.ProveAsync(Design.Elaborate(new LanePair(columns, operations)), [new(StatePropertyKind.Invariant, "{expected} == {lane.count}"), new(StatePropertyKind.Assert, "same")], s_options);
        Say(FormattableString.Invariant($"row operations {string.Join(", ", operations)} of {columns} columns"), result);
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    [Fact]
    public async Task A_lane_whose_nand_is_an_and_is_refuted()
    {
        var design = Design.Elaborate(new LanePair(4, [.. ArrayConfiguration.AllOperations], isFaulty: true));
        var result = await StateProof.ProveAsync(design, [new(StatePropertyKind.Start, "{expected} == {lane.count}"), new(StatePropertyKind.Assert, "same")], s_options with { Depth = 3 });
        result.Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    /// <summary>Formats of the table of number formats, with how many bit-planes of weights and inputs.</summary>
    [Theory]
    [InlineData("signed × unsigned", 2, 2)]
    [InlineData("±1 × ±1", 1, 1)]
    [InlineData("±1 × signed", 1, 2)]
    public async Task Shift_add_gives_a_number_format_its_signs(string format, int weightPlanes, int inputPlanes)
    {
        FormatSum Sum() => new(format, weightPlanes, inputPlanes);
        var steps = Sum().Steps;
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(Sum()), s_options with { Depth = steps + 7, TimeLimit = TimeSpan.FromMinutes(15) });
        Say(FormattableString.Invariant($"shift-add, {format}, {weightPlanes} × {inputPlanes} bit-planes, {FormatSum.FanIn} inputs, all {steps} steps"), result);

        // The sum ends after all steps: a search that is longer has seen every run.
        result.Outcome.ShouldBeOneOf(ProofOutcome.Proved, ProofOutcome.HoldsUpToBound);
        result.Bound.ShouldBeGreaterThanOrEqualTo(steps + 6);
        (await PropertyProof.CoversAsync(Design.Elaborate(Sum()), s_options with { Depth = steps + 7 })).ShouldBeTrue("no sum comes to its end: the proof is empty");
    }

    [Theory]
    [Trait("Run", "full")]
    [InlineData("unsigned × unsigned", 2, 2)]
    [InlineData("unsigned × signed", 2, 2)]
    [InlineData("signed × signed", 2, 2)]
    [InlineData("signed × signed", 1, 3)]
    [InlineData("±1 × unsigned", 1, 3)]
    [InlineData("±1 × signed", 1, 3)]
    [InlineData("ternary × unsigned", 2, 2)]
    [InlineData("ternary × signed", 2, 2)]
    [InlineData("sign-magnitude × unsigned", 2, 2)]
    [InlineData("zero point × zero point", 2, 2)]
    [InlineData("unsigned × ±1", 3, 1)]
    [InlineData("signed × ±1", 3, 1)]
    public Task Shift_add_gives_every_number_format_its_signs(string format, int weightPlanes, int inputPlanes) => Shift_add_gives_a_number_format_its_signs(format, weightPlanes, inputPlanes);

    [Theory]
    [InlineData("signed × unsigned", 2, 2)]
    [InlineData("±1 × signed", 1, 3)]
    public async Task A_sign_that_is_wrong_is_refuted(string format, int weightPlanes, int inputPlanes)
    {
        (await PropertyProof.AssertionsAsync(
            Design.Elaborate(new FormatSum(format, weightPlanes, inputPlanes, isFaulty: true)), s_options with { Depth = (weightPlanes * inputPlanes) + 7 })).Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    private void Say(string what, ProofResult result) => output.WriteLine(FormattableString.Invariant($"{what}: {result}, bound {result.Bound}, {result.Elapsed.TotalSeconds:F1} s"));
}
