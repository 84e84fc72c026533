using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

// Where bits go.
public sealed partial class WindowGather
{
    /// <summary>The place in a stream of each word that is read, as a word of its ring and a bit of that, and where the windows of the output begin.</summary>
    private void Places(Signal read, Signal begins, Signal rowEnd, Signal beginsRow, Steps walk)
    {
        var (addressBits, placeBits) = (configuration.WindowAddressBits, configuration.PlaceBits);
        using var scope = Scope("place");
        Wire(out var length, Choose(walk.WordEnd, _fields[PixelColumns], Constant(configuration.Columns, configuration.CountBits)));

        // The streams, where they began for this output and where this one is.
        Register(out var beginWord, addressBits);
        Register(out var beginBit, placeBits);
        Register(out var word, addressBits);
        Register(out var bit, placeBits);
        var (end, fills, crosses, following) = Behind("behind", word, bit, length);
        When(read, () =>
        {
            word.Drive(Choose(walk.StreamEnd, beginWord, end.Word));
            bit.Drive(Choose(walk.StreamEnd, beginBit, end.Bit));
        });
        When(read & walk.GatherEnd, () =>
        {
            foreach (var (register, place) in ((Register, Signal)[])[(beginWord, end.Word), (beginBit, end.Bit), (word, end.Word), (bit, end.Bit)])
            {
                register.Drive(place);
            }
        });

        // Windows begin with the new columns of a row; from one output to the next they move over as many bits as the first stream takes.
        Register(out var windowWord, addressBits);
        Register(out var windowBit, placeBits);
        var (moved, _, _, _) = Behind("window", windowWord, windowBit, length);
        When(read & walk.FirstStream & ~beginsRow, () =>
        {
            windowWord.Drive(moved.Word);
            windowBit.Drive(moved.Bit);
        });
        When(begins & rowEnd, () =>
        {
            windowWord.Drive(beginWord);
            windowBit.Drive(beginBit);
        });
        When(Start, () =>
        {
            foreach (var register in (Register[])[beginWord, beginBit, word, bit, windowWord, windowBit])
            {
                register.Drive(0);
            }
        });
        WindowWord.Drive(windowWord);
        WindowBit.Drive(windowBit);

        Register(out var stream, ReadStream.Width);
        Register(out var ring, addressBits);
        Register(out var first, 1);
        Register(out var fresh, 1);
        When(read, () => first.Drive(walk.StreamEnd));
        When(read & walk.StreamEnd, () =>
        {
            stream.Drive(stream + 1);
            ring.Drive(ring + _fields[RingWords].Truncate(addressBits));
        });
        When(begins, () => fresh.Drive(0));
        When(walk.Restarts, () =>
        {
            stream.Drive(0);
            ring.Drive(0);
            first.Drive(1);
        });
        When(Start, () => fresh.Drive(1));
        ReadStream.Drive(stream);

        using var append = Scope("append");
        Register(out var valid, read, reset: 0);
        Append.Drive(valid);
        foreach (var (port, value, name) in ((Output, Signal, string)[])[
            (AppendLastWord, walk.WordEnd, "last_word"), (AppendAddress, ring + word, "address"), (AppendNext, ring + following, "next"), (AppendBit, bit, "bit"), (AppendFills, fills, "fills"),
            (AppendCrosses, crosses, "crosses"), (AppendStream, stream, "stream"), (AppendFirst, first, "first"), (AppendLast, walk.StreamEnd, "last"), (AppendFresh, fresh, "fresh")])
        {
            Register(out var register, value, name: name);
            port.Drive(register);
        }
    }

    /// <summary>The place so many bits further along a ring; whether the word is full then, and whether the bits go beyond it; the word behind it.</summary>
    private ((Signal Word, Signal Bit) Place, Signal Fills, Signal Crosses, Signal Following) Behind(string name, Signal word, Signal bit, Signal length)
    {
        using var scope = Scope(name);
        var width = configuration.CountBits + 1;
        Wire(out var sum, bit.ZeroExtend(width) + length.ZeroExtend(width));
        Wire(out var fills, sum.AtLeast(configuration.Columns));
        Wire(out var following, Following(word));
        Wire(out var rest, Choose(fills, sum - configuration.Columns, sum));
        Discard(rest.Bits(configuration.PlaceBits, width - configuration.PlaceBits));
        return ((Choose(fills, following, word), rest.Truncate(configuration.PlaceBits)), fills, sum.AtLeast(configuration.Columns + 1), following);
    }

    /// <summary>The word behind one of a ring.</summary>
    private Signal Following(Signal word)
    {
        var last = (word.ZeroExtend(word.Width + 1) + 1).EqualTo(_fields[RingWords]);
        return Choose(last, Constant(0, word.Width), word + 1);
    }
}
