namespace HwGen.Netlist;

/// <summary>Counts the ones of a vector.</summary>
/// <remarks>
/// The structure for synthesis of a <see cref="NodeKind.PopCount"/> node: two smaller counts and one bit as the carry-in of
/// their sum, so that every adder cell has a data bit to take in. Simulators take the node itself.
/// </remarks>
/// <param name="width">Bits of the vector.</param>
/// <param name="asNode">True for the simulation twin: a single PopCount node.</param>
internal sealed class Popcount(int width, bool asNode = false) : Module(FormattableString.Invariant($"n{width}"))
{
    public Output Count { get; } = new(Widths.Count(width));

    public Input Bits { get; } = new(width);

    protected override void Build() => Count.Drive(asNode ? PopCount(Bits) : Tree(Bits));

    private Signal Tree(Signal bits)
    {
        switch (bits.Width)
        {
            case 1:
                return bits;
            case 2:
                return Concatenate(bits[1] & bits[0], bits[1] ^ bits[0]);
            case 3:
                return Concatenate((bits[2] & bits[1]) | (bits[0] & (bits[2] | bits[1])), bits[2] ^ bits[1] ^ bits[0]);
        }

        var lower = bits.Width / 2;
        var upper = bits.Width - 1 - lower;
        var sumWidth = Widths.Count(bits.Width);
        var low = Part(bits.Bits(0, lower), "low");
        var high = Part(bits.Bits(lower, upper), "high");
        return low.ZeroExtend(sumWidth) + high.ZeroExtend(sumWidth) + bits[bits.Width - 1].ZeroExtend(sumWidth);
    }

    private Signal Part(Signal bits, string name)
    {
        if (bits.Width <= 3)
        {
            return Tree(bits);
        }

        Instance(out var part, new Popcount(bits.Width), name: name);
        part.Bits.Drive(bits);
        return part.Count;
    }
}
