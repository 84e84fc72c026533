using System.Text;

namespace HwGen.Mutation.Tests;

/// <summary>The table of docs/mutation.md, and the rates that it must keep.</summary>
internal static class Report
{
    /// <summary>Least share of all faults, and of those of a block, that are caught.</summary>
    public const double LeastOfAll = 0.98, LeastOfABlock = 0.95;

    /// <summary>Of the faults that change anything, the share that was caught.</summary>
    public static double Rate(IReadOnlyCollection<Verdict> verdicts)
    {
        var counts = verdicts.Count(v => v.Outcome != Outcome.Equivalent);
        return counts == 0 ? 1 : 1 - (Count(verdicts, Outcome.Survived) / (double)counts);
    }

    /// <summary>A table row a block, and the survivors by name.</summary>
    public static string Markdown(IReadOnlyList<Verdict> verdicts, IReadOnlyDictionary<string, int> nodes)
    {
        var text = new StringBuilder("| block | nodes | faults | caught by vectors | by proofs | proved equivalent | survived |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var block in verdicts.GroupBy(v => v.Block).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Row(block.Key.Replace('_', ' '), nodes[block.Key], [.. block]);
        }

        Row("all", nodes.Values.Sum(), verdicts);
        text.Append(FormattableString.Invariant($"\nCaught of those that change anything: {100 * Rate(verdicts):F1} %. Survivors:\n\n"));
        foreach (var survivor in verdicts.Where(v => v.Outcome == Outcome.Survived))
        {
            text.Append(FormattableString.Invariant($"- `{survivor.Core}`, {survivor.What}\n"));
        }

        return text.ToString();

        void Row(string name, int count, IReadOnlyCollection<Verdict> of) => text.Append(FormattableString.Invariant(
            $"| {name} | {count:N0} | {of.Count} | {Count(of, Outcome.CaughtByVectors)} | {Count(of, Outcome.CaughtByProof)} | {Count(of, Outcome.Equivalent)} | {Count(of, Outcome.Survived)} |\n"));
    }

    private static int Count(IEnumerable<Verdict> verdicts, Outcome outcome) => verdicts.Count(v => v.Outcome == outcome);
}
