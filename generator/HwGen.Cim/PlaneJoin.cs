using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Joins the sums of a filter whose weight bit-planes lie in lanes of their own and leave the queue in one cycle: the highest plane comes first and counts 2^(planes − 1) times,
/// the last once; of two's complement weights the highest is subtracted. The direction is the last one's, whose lane begins with the filter's initial value.
/// </summary>
/// <param name="planes">Planes of a filter: bit-planes of a weight at most.</param>
/// <param name="accumulatorBits">Bits of a sum, two's complement; the result is modulo these.</param>
public sealed class PlaneJoin(int planes, int accumulatorBits) : Module(FormattableString.Invariant($"p{planes}_a{accumulatorBits}"))
{
    /// <summary>The first of the queue, each a sum and above it a direction; the first in the lowest bits.</summary>
    public Input Heads { get; } = new(planes * (accumulatorBits + 1));

    /// <summary>1 when the highest plane is subtracted.</summary>
    public Input SignedJoin { get; } = new(1);

    /// <summary>The sum, and above it the direction.</summary>
    public Output Sum { get; } = new(accumulatorBits + 1);

    /// <inheritdoc/>
    protected override void Build()
    {
        for (var plane = 0; plane < planes - 1; plane++)
        {
            Discard(Heads.Bits(((plane + 1) * (accumulatorBits + 1)) - planes + plane, planes - plane));
        }

        var head = Enumerable.Range(0, planes).Select(plane => Heads.Bits(plane * (accumulatorBits + 1), accumulatorBits + 1)).ToArray();
        Signal Weighted(int plane) => planes - 1 - plane is var shift and > 0
            ? Concatenate(head[plane].Truncate(accumulatorBits - shift), Constant(0, shift))
            : head[plane].Truncate(accumulatorBits);

        Wire(out var highest, Weighted(0));
        Wire(out var negates, Repeat(SignedJoin, accumulatorBits));
        Wire(out var signedHighest, (highest ^ negates) + SignedJoin.ZeroExtend(accumulatorBits));
        var terms = new List<Signal> { signedHighest };
        terms.AddRange(Enumerable.Range(1, planes - 1).Select(Weighted));
        for (var level = 0; terms.Count > 1; level++)
        {
            using var scope = Scope(FormattableString.Invariant($"level_{level}"));
            var pairs = new List<Signal>();
            for (var i = 0; i + 1 < terms.Count; i += 2)
            {
                Wire(out var pair, terms[i] + terms[i + 1], name: FormattableString.Invariant($"sum_{i / 2}"));
                pairs.Add(pair);
            }

            terms = terms.Count % 2 == 0 ? pairs : [.. pairs, terms[^1]];
        }

        Sum.Drive(Concatenate(head[^1][accumulatorBits], terms[0]));
    }
}
