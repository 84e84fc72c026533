using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

// Windows that are packed densely, in a core with a window memory.
public sealed partial class Sequencer
{
    /// <summary>1 when the layer's windows are packed densely; none without a window memory.</summary>
    public Input? PacksWindows { get; } = configuration.PacksWindows ? new(1) : null;

    /// <summary>1 when the windows of the next output are there from the next cycle on.</summary>
    public Input? WindowsReady { get; } = configuration.PacksWindows ? new(1) : null;

    /// <summary>The word of a stream with which they begin.</summary>
    public Input? WindowWord { get; } = configuration.PacksWindows ? new(configuration.WindowAddressBits) : null;

    /// <summary>The bit of that word.</summary>
    public Input? WindowBit { get; } = configuration.PacksWindows ? new(configuration.PlaceBits) : null;

    /// <summary>1 when they are taken.</summary>
    public Output? WindowsTaken { get; } = configuration.PacksWindows ? new(1) : null;

    /// <summary>1 while the next windows may be gathered.</summary>
    public Output? Gathers { get; } = configuration.PacksWindows ? new(1) : null;

    /// <summary>The word of the window memory with which the operand begins.</summary>
    public Output? FetchWindow { get; } = configuration.PacksWindows ? new(configuration.WindowAddressBits) : null;

    /// <summary>The word behind that.</summary>
    public Output? FetchWindowNext { get; } = configuration.PacksWindows ? new(configuration.WindowAddressBits) : null;

    /// <summary>The bit of the word with which the operand begins.</summary>
    public Output? FetchWindowBit { get; } = configuration.PacksWindows ? new(configuration.PlaceBits) : null;

    private Wire? _windowsTaken;

    /// <summary>The state in which an output begins: it waits for its windows where they are not there.</summary>
    private Signal FirstOperands(Signal computing) => PacksWindows is { } packs ? Choose(packs & ~WindowsReady!, Constant(Waiting, StateBits), computing) : computing;

    /// <summary>The wait for the windows of an output, and when they are taken.</summary>
    private void WindowStates(Register state, Signal preloaded, Signal outputEnd)
    {
        if (PacksWindows is not { } packs)
        {
            return;
        }

        using var scope = Scope("windows");
        Wire(out var waiting, state.EqualTo(Waiting));
        Wire(out var taken, packs & WindowsReady! & (waiting | preloaded | outputEnd));
        When(waiting & WindowsReady!, () => state.Drive(Constant(Computing, StateBits)));
        WindowsTaken!.Drive(taken);
        Gathers!.Drive(waiting | state.EqualTo(Computing) | state.EqualTo(Pausing));
        _windowsTaken!.Drive(taken);
    }

    /// <summary>
    /// The walk over the window memory: words of a window, for each its bit-planes, which have a ring each; windows of a pool; for each tile of filters all of it again.
    /// </summary>
    private void WindowOperands(Signal planeEnd, Signal segmentEnd, Signal roundEnd, WindowWalk window)
    {
        if (PacksWindows is null)
        {
            return;
        }

        var (addressBits, placeBits) = (configuration.WindowAddressBits, configuration.PlaceBits);
        using var scope = Scope("windows");
        Wire(out var windowsTaken, 1, name: "take");
        _windowsTaken = windowsTaken;
        Register(out var outputWord, addressBits);
        Register(out var outputBit, placeBits);
        Register(out var positionWord, addressBits);
        Register(out var positionBit, placeBits);
        Register(out var word, addressBits);
        Register(out var ring, addressBits);
        Register(out var poolRing, addressBits);
        Register(out var endRing, addressBits);
        var (movedWord, movedBit) = NextPosition(positionWord, positionBit);
        Wire(out var nextWord, Choose(_windowsTaken, WindowWord!, Choose(window.LastPoolColumn, outputWord, movedWord)));
        Wire(out var nextBit, Choose(_windowsTaken, WindowBit!, Choose(window.LastPoolColumn, outputBit, movedBit)));
        Wire(out var following, Choose((word.ZeroExtend(addressBits + 1) + 1).EqualTo(_fields[RingWords]), Constant(0, addressBits), word + 1));
        Wire(out var nextRing, ring + _fields[RingWords].Truncate(addressBits));

        // The rings of the next row of a pool lie behind those of this one.
        Wire(out var behindRings, Choose(segmentEnd, nextRing, endRing));
        Wire(out var nextPoolRing, Choose(_windowsTaken | window.LastPool, Constant(0, addressBits), Choose(window.LastPoolColumn, behindRings, poolRing)));
        When(planeEnd, () => ring.Drive(nextRing));
        When(segmentEnd, () =>
        {
            endRing.Drive(nextRing);
            ring.Drive(poolRing);
            word.Drive(following);
        });
        When(roundEnd | _windowsTaken, () =>
        {
            positionWord.Drive(nextWord);
            positionBit.Drive(nextBit);
            word.Drive(nextWord);
            poolRing.Drive(nextPoolRing);
            ring.Drive(nextPoolRing);
        });
        When(_windowsTaken, () =>
        {
            outputWord.Drive(WindowWord!);
            outputBit.Drive(WindowBit!);
        });
        FetchWindow!.Drive(ring + word);
        FetchWindowNext!.Drive(ring + following);
        FetchWindowBit!.Drive(positionBit);
    }

    /// <summary>Where the next window of a pool begins.</summary>
    private (Signal Word, Signal Bit) NextPosition(Signal word, Signal bit)
    {
        using var scope = Scope("next_position");
        var bitWidth = configuration.PlaceBits + 1;
        var wordWidth = configuration.WindowAddressBits + 2;
        Wire(out var bits, bit.ZeroExtend(bitWidth) + _fields[PositionBits].ZeroExtend(bitWidth));
        Wire(out var carries, bits.AtLeast(configuration.Columns));
        Wire(out var rest, Choose(carries, bits - configuration.Columns, bits));
        Wire(out var words, word.ZeroExtend(wordWidth) + _fields[PositionWords].ZeroExtend(wordWidth) + carries.ZeroExtend(wordWidth));
        Wire(out var ring, _fields[RingWords].ZeroExtend(wordWidth));
        Wire(out var inRing, Choose(words.AtLeast(ring), words - ring, words));
        Discard(rest[bitWidth - 1]);
        Discard(inRing.Bits(configuration.WindowAddressBits, 2));
        return (inRing.Truncate(configuration.WindowAddressBits), rest.Truncate(configuration.PlaceBits));
    }
}
