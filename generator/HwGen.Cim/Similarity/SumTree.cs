using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Adds values pair by pair, with a register behind every third level of the tree.</summary>
/// <param name="count">Values.</param>
/// <param name="width">Bits of a value.</param>
public sealed class SumTree(int count, int width) : Module(FormattableString.Invariant($"n{count}_w{width}"))
{
    /// <summary>The values, the first in the lowest bits.</summary>
    public Input Values { get; } = new(count * width);

    /// <summary>Their sum, as many cycles later as the tree has registers; it cannot overflow.</summary>
    public Output Sum { get; } = new(SumWidth(count, width));

    /// <summary>Bits of a sum: one more a level.</summary>
    public static int SumWidth(int count, int width) => width + (count == 1 ? 0 : Widths.Index(count));

    /// <inheritdoc/>
    protected override void Build()
    {
        Signal[] terms = [.. Enumerable.Range(0, count).Select(i => Values.Bits(i * width, width))];
        for (var level = 1; terms.Length > 1; level++)
        {
            using var scope = Scope(FormattableString.Invariant($"level_{level}"));
            var sums = new Signal[(terms.Length + 1) / 2];
            for (var i = 0; i < sums.Length; i++)
            {
                var sum = (2 * i) + 1 < terms.Length ? terms[2 * i].AddGrow(terms[(2 * i) + 1]) : terms[2 * i].ZeroExtend(terms[2 * i].Width + 1);
                if (level % SimilarityTiming.SumLevels == 0)
                {
                    Register(out var held, sum, name: FormattableString.Invariant($"sum_{i}"));
                    sums[i] = held;
                }
                else
                {
                    Wire(out var named, sum, name: FormattableString.Invariant($"sum_{i}"));
                    sums[i] = named;
                }
            }

            terms = sums;
        }

        Sum.Drive(terms[0]);
    }
}
