using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

// The number of thresholds that a sum reaches, found by halving.
public sealed partial class ValueUnit
{
    /// <summary>A halving: where its threshold is, and, with that threshold a cycle later, by how much the count grows where it is reached.</summary>
    private sealed record Halving(Signal Address, Signal Compares, Signal Step, Signal Within);

    /// <summary>
    /// Thresholds ascend: the count grows by the greatest power of two in the number of levels, if the threshold there is reached, then by the half of it, to one.
    /// A halving asks for its threshold in one cycle and compares in the next; the first asks when the sum has left the queue.
    /// </summary>
    private Halving? Search(Signal first, Signal count)
    {
        if (SearchLevels is null)
        {
            return null;
        }

        using var scope = Scope("search");
        var levels = _fields[DescriptorField.Levels];
        var bits = count.Width;
        Wire(out var top, Concatenate([.. Enumerable.Range(0, bits).Reverse().Select(bit => bit == bits - 1 ? levels[bit] : levels[bit] & ~levels.Bits(bit + 1, bits - bit - 1).AnyOne())]));
        Register(out var again, 1, reset: 0);
        Register(out var half, bits);
        Wire(out var asks, first | again);
        Wire(out var step, Choose(first, top, half));
        Wire(out var target, (Choose(first, Constant(0, bits), count).ZeroExtend(bits + 1) + step.ZeroExtend(bits + 1)));
        Register(out var compares, asks, reset: 0);
        Register(out var compared, step);
        Register(out var within, ~levels.ZeroExtend(bits + 1).LessThan(target));
        When(asks, () => half.Drive(Concatenate(Constant(0, 1), step.Bits(1, bits - 1))));
        again.Drive(compares & ~compared[0] & compared.AnyOne());
        Wire(out var address, LevelAddress + (target - 1).FitTo(configuration.LevelAddressBits, beyond => Discard(beyond)));
        return new Halving(address, compares, compared, within);
    }
}
