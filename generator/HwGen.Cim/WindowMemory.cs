using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The window memory: streams of bits, to which up to a word is appended in a cycle at any bit, and of which any neighbouring bits, as many as a word has, are read in a cycle. Even and odd words lie in banks of their own, so two
/// neighbours are written and read at once; each bank has a port for either. A word that is not full yet is kept beside, a word a stream, until its stream goes on.
/// </summary>
/// <param name="configuration">The widths; with a window memory.</param>
public sealed class WindowMemory(ArrayConfiguration configuration) : Module
{
    /// <summary>The word of the memory with which the bits begin that are read.</summary>
    public Input ReadAddress { get; } = new(configuration.WindowAddressBits);

    /// <summary>The word behind that: the first of the ring where it is the last.</summary>
    public Input ReadNext { get; } = new(configuration.WindowAddressBits);

    /// <summary>The bit of the word with which they begin.</summary>
    public Input ReadBit { get; } = new(configuration.PlaceBits);

    /// <summary>The bits, one cycle later.</summary>
    public Output Operand { get; } = new(configuration.Columns);

    /// <summary>The stream to which something may be appended in the next cycle.</summary>
    public Input NextStream { get; } = new(Widths.Index(configuration.WindowStreams));

    /// <summary>1 to append bits to a stream.</summary>
    public Input Append { get; } = new(1);

    /// <summary>The bits; what is above those that are appended is 0.</summary>
    public Input Data { get; } = new(configuration.Columns);

    /// <summary>The word where the first goes.</summary>
    public Input Address { get; } = new(configuration.WindowAddressBits);

    /// <summary>The word behind that.</summary>
    public Input Next { get; } = new(configuration.WindowAddressBits);

    /// <summary>The place of the first in its word.</summary>
    public Input Place { get; } = new(configuration.PlaceBits);

    /// <summary>1 when its word is full behind them.</summary>
    public Input Fills { get; } = new(1);

    /// <summary>1 when they go beyond its word.</summary>
    public Input Crosses { get; } = new(1);

    /// <summary>The stream: that of the cycle before.</summary>
    public Input Stream { get; } = new(Widths.Index(configuration.WindowStreams));

    /// <summary>1 when the stream was another one before.</summary>
    public Input First { get; } = new(1);

    /// <summary>1 when the stream will be another one behind this.</summary>
    public Input Last { get; } = new(1);

    /// <summary>1 when a stream begins: nothing of its word is there.</summary>
    public Input Fresh { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        var columns = configuration.Columns;
        Memory(out var open, configuration.WindowStreams, columns);
        Register(out var resumed, open.Read(NextStream));
        Register(out var kept, columns);
        Wire(out var begun, Choose(First, resumed & Repeat(~Fresh, columns), kept));
        Wire(out var placed, Data.ZeroExtend(2 * columns).ShiftLeft(Place));
        Wire(out var low, placed.Truncate(columns) | begun);
        Wire(out var high, placed.Bits(columns, columns));
        Wire(out var rest, Choose(Fills, high, low));
        When(Append, () => kept.Drive(rest));
        open.Write(Append & Last, Stream, rest);

        // The neighbour of an even word is the odd one of its pair, that of an odd word an even one elsewhere.
        Memory(out var even, configuration.WindowWords / 2, columns);
        Memory(out var odd, configuration.WindowWords / 2, columns);
        Wire(out var beginsOdd, Address[0]);
        even.Write(Append & (Crosses | ~beginsOdd), Pair(Choose(beginsOdd, Next, Address)), Choose(beginsOdd, high, low));
        odd.Write(Append & (Crosses | beginsOdd), Pair(Address), Choose(beginsOdd, low, high));
        Register(out var evenWord, even.Read(Pair(Choose(ReadAddress[0], ReadNext, ReadAddress))));
        Register(out var oddWord, odd.Read(Pair(ReadAddress)));
        Register(out var readsOdd, ReadAddress[0]);
        Register(out var shift, ReadBit);
        Wire(out var both, Choose(readsOdd, Concatenate(evenWord, oddWord), Concatenate(oddWord, evenWord)));
        Wire(out var shifted, both.ShiftRight(shift));
        Discard(shifted.Bits(columns, columns));
        Operand.Drive(shifted.Truncate(columns));
    }

    /// <summary>The address of a word in its bank.</summary>
    private Signal Pair(Signal address) => address.Bits(1, configuration.WindowAddressBits - 1);
}
