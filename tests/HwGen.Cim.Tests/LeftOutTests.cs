using System.Text.RegularExpressions;
using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Netlist.Analysis;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>What a configuration does not want, its core does not have: no module, no port, no register and no operator of it.</summary>
public partial class LeftOutTests(ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_least = new("least", 16, 8, 4, [RowOperation.And, RowOperation.Xor], 16, 16, 8, 64, 2, 2, 8, 0);

    [Fact]
    public void A_core_that_wants_nothing_has_nothing_of_it_by_any_name()
    {
        var names = NamesOf(Generate(s_least)).ToList();
        names.Count.ShouldBeGreaterThan(300);
        names.Where(name => Optional().IsMatch(name)).ShouldBeEmpty();

        // The words are those that the features have: each is there where it is wanted.
        var all = string.Join(' ', NamesOf(Generate(s_least with { Bus = BusKind.Axi, Keys = KeyStoreKind.Dense })).Concat(NamesOf(Generate(s_least with { Similarity = new SimilarityConfiguration(8, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.DefaultDistances) })))
            .Concat(NamesOf(Generate(s_least with { WeightBits = ArrayConfiguration.LeastSkippingWeightBits, OperandSkipping = true }))).Concat(NamesOf(Generate(s_least with { WindowWords = 16 }))));
        foreach (var word in Optional().ToString().Trim('(', ')').Split('|'))
        {
            all.ShouldContain(word);
        }
    }

    public static TheoryData<string> Features => ["similarity", "decrypt", "bus", "multiplier", "macros", "skipping", "windows"];

    [Theory]
    [MemberData(nameof(Features))]
    public void Each_feature_is_logic_that_a_core_without_it_does_not_have(string feature)
    {
        var wanted = feature switch
        {
            "similarity" => s_least with { Similarity = new SimilarityConfiguration(8, 8, SimilarityConfiguration.AllRules, SimilarityConfiguration.DefaultDistances) },
            "decrypt" => s_least with { Keys = KeyStoreKind.Dense },
            "bus" => s_least with { Bus = BusKind.Axi, ProgramWords = 16 },
            "multiplier" => s_least with { MultiplierBits = 8 },
            "windows" => s_least with { WindowWords = 16 },
            "skipping" => s_least with { WeightBits = ArrayConfiguration.LeastSkippingWeightBits, OperandSkipping = true },
            _ => s_least with { Macros = 2 },
        };
        var (with, without) = (Count(Generate(wanted)), Count(Generate(feature == "skipping" ? wanted with { OperandSkipping = false } : s_least)));
        output.WriteLine(FormattableString.Invariant($"{feature}: {without.Operators} operators, {without.Registers} register bits, {without.Memories} memory bits without; {with.Operators}, {with.Registers}, {with.Memories} with"));
        with.Operators.ShouldBeGreaterThan(without.Operators);
        (with.Registers + with.Memories).ShouldBeGreaterThanOrEqualTo(without.Registers + without.Memories);
    }

    [Fact]
    public void A_lane_of_two_row_operations_has_the_gates_of_two()
    {
        // One gate for both of nand and and; or needs a second; a select of two, four or none.
        foreach (var (operations, gates, options) in new (RowOperation[], int, int)[] { ([RowOperation.And], 0, 0), ([RowOperation.Nand, RowOperation.And], 0, 2), ([RowOperation.And, RowOperation.Xor], 1, 2), ([RowOperation.Nand, RowOperation.Xor], 1, 2), ([RowOperation.Xor, RowOperation.Or], 1, 2), ([.. ArrayConfiguration.AllOperations], 1, 4) })
        {
            var lane = Design.Elaborate(new Lane(16, operations)).Top;
            lane.Nodes.Count(node => node.Kind == NodeKind.Or).ShouldBe(gates, string.Join(' ', operations));
            Enumerable.Range(0, lane.Nodes.Count).Where(id => lane.Nodes[id].Kind == NodeKind.Select).Sum(id => lane.Operands(id).Length - 1).ShouldBe(options, string.Join(' ', operations));
        }
    }

    private static Design Generate(ArrayConfiguration configuration) => CoreGenerator.Generate(configuration).Design;

    private static IEnumerable<string> NamesOf(Design design)
    {
        foreach (var module in design.Modules)
        {
            yield return module.Name;
            foreach (var name in module.Ports.Select(p => p.Name).Concat(module.Registers.Select(r => r.Name)).Concat(module.Memories.Select(m => m.Name)).Concat(module.Instances.Select(i => i.Name)).Concat(module.Wires.Select(w => w.Name)))
            {
                yield return name;
            }
        }
    }

    /// <summary>Operators, register bits and memory bits of all instances.</summary>
    private static (long Operators, long Registers, long Memories) Count(Design design)
    {
        var counts = new Dictionary<ModuleGraph, (long, long, long)>();
        foreach (var module in design.Modules)
        {
            var own = ModuleAnalysis.Of(module);
            var count = (Operators: own.Counts.Sum(c => (long)c.Count), Registers: module.Registers.Sum(r => (long)r.Width), Memories: module.Memories.Sum(m => (long)m.Width * m.Depth));
            foreach (var (operators, registers, memories) in module.Instances.Select(i => counts[i.Module]))
            {
                count = (count.Operators + operators, count.Registers + registers, count.Memories + memories);
            }

            counts.Add(module, count);
        }

        return counts[design.Top];
    }

    [GeneratedRegex("(similarity|key|locked|zeroize|decrypt|axi|instruct|abort|interrupt|skipped|counts_nothing|next_segment|segment_groups|gather|ring_words|windows|window_memory|fetch_window)")]
    private static partial Regex Optional();
}
