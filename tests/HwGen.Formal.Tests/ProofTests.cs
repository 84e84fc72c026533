using System.Numerics;
using HwGen.Netlist;
using HwGen.Netlist.Analysis;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Formal.Tests;

/// <summary>What holds is proved, what does not is refuted by a run that can be played again.</summary>
public class ProofTests
{
    private static readonly ProofOptions s_options = new() { Depth = 12, TimeLimit = TimeSpan.FromMinutes(3) };

    [Fact]
    public async Task The_fifo_is_proved_for_all_cycles()
    {
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(new Fifo()), s_options);
        result.Outcome.ShouldBe(ProofOutcome.Proved);
        result.Counterexample.ShouldBeNull();
        result.ToString().ShouldStartWith("proved (");
        (await PropertyProof.CoversAsync(Design.Elaborate(new Fifo()), s_options)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_planted_fault_is_refuted_and_the_run_plays_again_in_the_simulator()
    {
        var design = Design.Elaborate(new Fifo(isFaulty: true));
        var result = await PropertyProof.AssertionsAsync(design, s_options);
        result.Outcome.ShouldBe(ProofOutcome.Refuted);
        var run = result.Counterexample.ShouldNotBeNull();
        run.Waveform.ShouldContain("$enddefinitions");
        run.Steps.Count.ShouldBeGreaterThan(9);
        run.Steps[0]["reset_n"].ShouldBe(BigInteger.Zero);

        // Our own simulator breaks the same property in the last step, and shows the run as a waveform. (A solver may find a run that breaks it earlier too.)
        var waveform = Path.GetTempFileName();
        try
        {
            var broken = Replay.Play(design, run.Steps, run.Registers, waveform);
            broken.ShouldContain(b => b.Step == run.Steps.Count - 1);
            broken.ShouldContain(b => b.Property == "count_is_at_most_eight" || b.Property == "indices_differ_by_the_count");
            var dump = File.ReadAllText(waveform);
            dump.ShouldContain(" count [3:0] $end");
            dump.ShouldContain("b1001 ");
        }
        finally
        {
            File.Delete(waveform);
        }
    }

    [Fact]
    public async Task A_run_of_two_clocks_plays_again()
    {
        var design = Design.Elaborate(new TwoCounters());
        var result = await PropertyProof.AssertionsAsync(design, s_options);
        result.Outcome.ShouldBe(ProofOutcome.Refuted);
        var run = result.Counterexample.ShouldNotBeNull();
        run.Steps[0].Keys.ShouldContain("fast_clock");
        Replay.Play(design, run.Steps, run.Registers).ShouldContain(b => b.Property == "the_fast_one_stays_below_three");
    }

    [Fact]
    public async Task The_solvers_get_the_cone_of_influence_alone()
    {
        var design = Design.Elaborate(new Crowd());
        var result = await PropertyProof.AssertionsAsync(design, s_options);
        result.Outcome.ShouldBe(ProofOutcome.Proved);
        result.State.ShouldBe(["counter.count", "last"]);
        // Two ways that share nothing, Yosys's and the netlist's, come to one cone.
        ConeOfInfluence.OfProperties(design, PropertyKind.Assert, PropertyKind.Assume)!.State.ShouldBe(result.State);
        ConeOfInfluence.OfProperties(design, PropertyKind.Cover).ShouldBeNull();
        ConeOfInfluence.OfProperty(design, "counter.count_is_small").State.ShouldBe(["counter.count"]);
        ConeOfInfluence.OfProperty(design, "counter.count_is_small").Inputs.ShouldBe(["step"]);
        Should.Throw<ArgumentException>(() => ConeOfInfluence.OfProperty(design, "nothing")).Message.ShouldContain("it has last_follows, counter.count_is_small");
    }

    /// <summary>The race has two real runners, and goes on when one of them is not there.</summary>
    [Fact]
    public async Task Each_solver_proves_and_a_missing_one_is_no_answer()
    {
        var design = Design.Elaborate(new SmallCounter());
        foreach (var solver in s_options.Solvers)
        {
            var result = await PropertyProof.AssertionsAsync(design, s_options with { Solvers = [solver] });
            (result.Outcome, result.Solver).ShouldBe((ProofOutcome.Proved, solver));
        }

        (await PropertyProof.AssertionsAsync(design, s_options with { Solvers = ["yices", "cvc4"] })).Solver.ShouldBe("cvc4");
        await Should.ThrowAsync<ToolException>(() => PropertyProof.AssertionsAsync(design, s_options with { Solvers = ["yices"] }));
    }

    [Fact]
    public async Task An_assumption_is_used()
    {
        (await PropertyProof.AssertionsAsync(Design.Elaborate(new Assumed(isAssumed: true)), s_options)).Outcome.ShouldBe(ProofOutcome.Proved);
        (await PropertyProof.AssertionsAsync(Design.Elaborate(new Assumed(isAssumed: false)), s_options)).Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    [Fact]
    public async Task A_cover_that_is_too_far_is_not_reached()
    {
        (await PropertyProof.CoversAsync(Design.Elaborate(new Assumed(isAssumed: true)), s_options with { Depth = 3 })).ShouldBeFalse();
        (await PropertyProof.CoversAsync(Design.Elaborate(new Assumed(isAssumed: true)), s_options)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_to_prove_is_an_error()
    {
        var design = Design.Elaborate(new Held(isChoice: false));
        (await Should.ThrowAsync<ArgumentException>(() => PropertyProof.AssertionsAsync(design))).Message.ShouldContain("states no Assert");
    }

    [Fact]
    public async Task A_popcount_tree_equals_the_sum_and_not_a_wrong_one()
    {
        var node = Design.Elaborate(new Ones(10, Ones.Way.Node));
        (await Equivalence.ProveAsync(node, Design.Elaborate(new Ones(10, Ones.Way.Sum)))).Outcome.ShouldBe(ProofOutcome.Proved);
        var wrong = await Equivalence.ProveAsync(node, Design.Elaborate(new Ones(10, Ones.Way.Wrong)));
        wrong.Outcome.ShouldBe(ProofOutcome.Refuted);
        wrong.Counterexample.ShouldNotBeNull().Steps.ShouldHaveSingleItem()["bits"].ShouldBe(12345 % 1024);
    }

    [Fact]
    public async Task Registers_written_in_two_ways_are_equal() =>
        (await Equivalence.ProveAsync(Design.Elaborate(new Held(isChoice: true)), Design.Elaborate(new Held(isChoice: false)))).Outcome.ShouldBe(ProofOutcome.Proved);

    [Fact]
    public async Task Designs_with_other_ports_are_not_compared() =>
        (await Should.ThrowAsync<ArgumentException>(() => Equivalence.ProveAsync(Design.Elaborate(new Held(true)), Design.Elaborate(new Ones(4, Ones.Way.Node)))))
            .Message.ShouldContain("The ports differ");
}
