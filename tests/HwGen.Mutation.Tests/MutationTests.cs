using System.Collections.Concurrent;
using System.Globalization;
using HwGen.Mutation.Tests.Benches;
using Xunit.Abstractions;

namespace HwGen.Mutation.Tests;

/// <summary>
/// Faults in the netlist: drawn by a seed over all nodes of all blocks of eight cores, and caught by the vectors of those blocks, or by proofs. Ordinary runs draw a few; <c>HWGEN_FULL=1</c> all
/// (docs/mutation.md), in parts by <c>HWGEN_PART=1/4</c>.
/// </summary>
[Collection(MutationTests.OneAtATime)]
public class MutationTests(ITestOutputHelper output)
{
    /// <summary>The collection of tests that take all of the machine, and whose proofs have a time each.</summary>
    internal const string OneAtATime = "campaigns";

    private const int Seed = 1, Faults = 600, WindowFaults = 60, Slice = 36;

    [Fact]
    public void A_few_faults_are_caught()
    {
        var faults = new Campaign(Cores.All).Draw(Seed, Slice, 0);
        var verdicts = Run(faults.Select((fault, i) => (i, fault)), proofs: false);
        foreach (var verdict in verdicts.Where(v => v.Outcome == Outcome.Survived))
        {
            output.WriteLine($"not caught: {verdict.Core}, {verdict.What}");
        }

        // Whether a fault changes anything is not asked here.
        verdicts.Count.ShouldBe(Slice);
        verdicts.Count(v => v.Outcome == Outcome.CaughtByVectors).ShouldBeGreaterThanOrEqualTo(Slice * 9 / 10);
    }

    [Fact]
    public void Every_block_is_in_a_core_that_faults_are_drawn_from()
    {
        var blocks = new Campaign(Cores.All).Nodes;
        var all = typeof(Cim.Core).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Netlist.Module)) && !t.IsAbstract && t.IsPublic).Select(t => Netlist.Names.ToSnakeCase(t.Name));
        // The model of a macro from elsewhere is no hardware of this generator.
        all.Except(blocks.Keys).ShouldBe(["rram_bank"], ignoreOrder: true);
        blocks.Values.ShouldAllBe(nodes => nodes > 0);
    }

    [Fact]
    [Trait("Run", "full")]
    public void Every_proof_that_catches_faults_holds_without_one()
    {
        var proofs = ProofBench.All.GroupBy(proof => proof.Name).SelectMany(group => group.Select((proof, i) => (Name: $"{proof.Name} {i}", Outcome: proof.Sound()))).ToList();
        output.WriteLine(FormattableString.Invariant($"{proofs.Count} proofs"));
        proofs.Where(proof => proof.Outcome != Formal.ProofOutcome.Proved).Select(proof => $"{proof.Name}: {proof.Outcome}").ShouldBeEmpty();
        proofs.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    [Trait("Run", "full")]
    public void Nearly_every_fault_is_caught_or_proved_to_change_nothing()
    {
        var faults = Drawn();
        var part = Environment.GetEnvironmentVariable("HWGEN_PART") is { Length: > 0 } text ? text.Split('/').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray() : [1, 1];
        var verdicts = Run(faults.Select((fault, i) => (i, fault)).Where(pair => pair.i % part[1] == part[0] - 1), proofs: true);
        File.WriteAllLines(FileOf(part[0]), verdicts.Select(v => v.Line));
        if (Enumerable.Range(1, part[1]).Any(p => !File.Exists(FileOf(p))))
        {
            verdicts.Count.ShouldBeGreaterThan(0);
            output.WriteLine($"part {part[0]} of {part[1]}: {verdicts.Count} faults");
            return;
        }

        List<Verdict> all = [.. Enumerable.Range(1, part[1]).SelectMany(p => File.ReadAllLines(FileOf(p))).Select(Verdict.Parse).OrderBy(v => v.Number)];
        var table = Report.Markdown(all, new Campaign(Cores.All).Nodes);
        File.WriteAllText(Path.Combine(ProgressFile.Folder, "mutation.md"), table);
        output.WriteLine(table);
        all.Count.ShouldBe(faults.Count);
        Report.Rate(all).ShouldBeGreaterThanOrEqualTo(Report.LeastOfAll);
        foreach (var block in all.GroupBy(v => v.Block))
        {
            Report.Rate([.. block]).ShouldBeGreaterThanOrEqualTo(Report.LeastOfABlock, block.Key);
        }

        string FileOf(int number) => Path.Combine(ProgressFile.Folder, FormattableString.Invariant($"part-{number}-of-{part[1]}.tsv"));
    }

    /// <summary>Faults of the draw by their numbers, <c>HWGEN_FAULTS=17,253</c>: what is done about survivors is tried with them first.</summary>
    [Fact]
    [Trait("Run", "full")]
    public void Faults_by_number()
    {
        var numbers = (Environment.GetEnvironmentVariable("HWGEN_FAULTS") ?? "0").Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToHashSet();
        var verdicts = Run(Drawn().Select((fault, i) => (i, fault)).Where(pair => numbers.Contains(pair.i)), proofs: true);
        verdicts.ForEach(verdict => output.WriteLine(verdict.Line));
        verdicts.Count.ShouldBe(numbers.Count);
    }

    /// <summary>The faults of seven cores, and behind them those of what a window memory adds.</summary>
    private static List<DrawnFault> Drawn() =>
        [.. new Campaign(Cores.Seven).Draw(Seed, Faults, Campaign.LeastOfABlock), .. new Campaign([Cores.WithWindows], Cores.Seven).Draw(Seed, WindowFaults, Campaign.LeastOfABlock)];

    /// <summary>Vectors for all faults, then proofs for what they did not see: those take minutes each. What an earlier run found out is not asked again, where it was stopped before its end (docs/mutation.md).</summary>
    private static List<Verdict> Run(IEnumerable<(int Number, DrawnFault Fault)> faults, bool proofs)
    {
        var progress = proofs ? new ProgressFile("progress.txt") : null;
        var verdicts = new ConcurrentDictionary<int, Verdict>();
        var asked = faults.ToList();
        foreach (var (number, fault) in asked)
        {
            if (progress?.Find(number, fault.Core.Name, fault.What) is { } verdict)
            {
                verdicts[number] = verdict;
            }
        }

        void Ask(Func<int, DrawnFault, Verdict> verdictOf, bool isLast) => Parallel.ForEach(
            Partitioner.Create(asked.Where(pair => !verdicts.ContainsKey(pair.Number)).ToList(), loadBalance: true), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, pair =>
            {
                var verdict = verdictOf(pair.Number, pair.Fault);
                if (verdict.Outcome == Outcome.Survived && !isLast)
                {
                    return;
                }

                verdicts[pair.Number] = verdict;
                progress?.Add(verdict);
            });
        Ask(Verdict.ByVectors, isLast: !proofs);
        if (proofs)
        {
            Ask(Verdict.ByProofs, isLast: true);
        }

        return [.. verdicts.Values.OrderBy(v => v.Number)];
    }
}
