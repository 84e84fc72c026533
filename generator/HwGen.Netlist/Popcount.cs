using HwGen.Netlist.Verilog;

namespace HwGen.Netlist;

/// <summary>Counts the ones of a vector.</summary>
/// <remarks>
/// The structures of a <see cref="NodeKind.PopCount"/> node, all of one module name. Sums: two smaller counts and one bit as the carry-in of
/// their sum, so that every adder cell has a data bit to take in. Adder cells: a <see cref="CompressorTree"/>. Simulators take the node itself.
/// </remarks>
/// <param name="width">Bits of the vector.</param>
/// <param name="structure">The structure for synthesis; null for the simulation twin: a single PopCount node.</param>
internal sealed class Popcount(int width, PopcountStructure? structure) : Module(FormattableString.Invariant($"n{width}"))
{
    public Output Count { get; } = new(Widths.Count(width));

    public Input Bits { get; } = new(width);

    protected override void Build() => Count.Drive(structure switch
    {
        null => PopCount(Bits),
        PopcountStructure.AdderCells => AdderCells(),
        _ => Sums(Bits),
    });

    private Signal AdderCells()
    {
        var tree = CompressorTree.Of(width);
        var nets = new List<Signal>(width + 2 * tree.Cells.Count);
        for (var bit = 0; bit < width; bit++)
        {
            nets.Add(Bits[bit]);
        }

        for (var i = 0; i < tree.Cells.Count; i++)
        {
            var cell = tree.Cells[i];
            var name = FormattableString.Invariant($"weight_{cell.Column}_adder_{i}");
            if (cell.IsFull)
            {
                Instance(out var full, new FullAdder(), name: name);
                full.A.Drive(nets[cell.Inputs[0]]);
                full.B.Drive(nets[cell.Inputs[1]]);
                full.C.Drive(nets[cell.Inputs[2]]);
                nets.AddRange([full.Sum, full.Carry]);
            }
            else
            {
                Instance(out var half, new HalfAdder(), name: name);
                half.A.Drive(nets[cell.Inputs[0]]);
                half.B.Drive(nets[cell.Inputs[1]]);
                nets.AddRange([half.Sum, half.Carry]);
            }
        }

        return Concatenate([.. tree.Outputs.Reverse().Select(net => nets[net])]);
    }

    private Signal Sums(Signal bits)
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
            return Sums(bits);
        }

        Instance(out var part, new Popcount(bits.Width, structure), name: name);
        part.Bits.Drive(bits);
        return part.Count;
    }
}
