using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Cosimulation;

/// <summary>Feature maps as words of the operand memory, and back.</summary>
public static class FeatureMapWords
{
    /// <summary>The words of an image as the network's input: its values, or the windows of them that the program wants.</summary>
    public static ulong[] OfInput(CoreProgram program, QuantisedNetwork network, ReadOnlySpan<byte> pixels)
    {
        var rule = network.Input.Rule;
        var values = new long[pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = rule.Table[pixels[i]];
        var isBipolar = rule.Format.Kind == NumberKind.Bipolar && !program.Input.IsSigned;
        return Pack(program.Input, program.Windows is { } windows ? windows.Gather(program.Input, values) : values, isBipolar);
    }

    /// <summary>The words of a feature map.</summary>
    /// <param name="layout">Where each bit goes.</param>
    /// <param name="values">Values in channel, row, column order; of one plane the sign decides, of several the two's complement bits.</param>
    /// <param name="bipolar">True where +1 is bit 1 and −1 is bit 0.</param>
    public static ulong[] Pack(FeatureMapLayout layout, ReadOnlySpan<long> values, bool bipolar)
    {
        var wordLength = ((layout.Columns - 1) / 64) + 1;
        var words = new ulong[layout.Words * wordLength];
        var place = 0;
        for (var channel = 0; channel < layout.Channels; channel++)
        {
            var column = channel % layout.Columns;
            for (var pixel = 0; pixel < layout.Height * layout.Width; pixel++, place++)
            {
                for (var plane = 0; plane < layout.Planes; plane++)
                {
                    var bit = bipolar ? values[place] > 0 : ((values[place] >> plane) & 1) != 0;
                    if (bit)
                    {
                        var word = (((pixel * layout.ChannelWords) + (channel / layout.Columns)) * layout.Planes) + plane;
                        words[(word * wordLength) + (column / 64)] |= 1UL << (column % 64);
                    }
                }
            }
        }

        return words;
    }

    /// <summary>The values of a feature map, in channel, row, column order.</summary>
    public static long[] Unpack(FeatureMapLayout layout, ReadOnlySpan<ulong> words, NumberFormat format)
    {
        var wordLength = ((layout.Columns - 1) / 64) + 1;
        var values = new long[layout.Channels * layout.Height * layout.Width];
        var place = 0;
        for (var channel = 0; channel < layout.Channels; channel++)
        {
            var column = channel % layout.Columns;
            for (var pixel = 0; pixel < layout.Height * layout.Width; pixel++, place++)
            {
                long value = 0;
                for (var plane = 0; plane < layout.Planes; plane++)
                {
                    var word = (((pixel * layout.ChannelWords) + (channel / layout.Columns)) * layout.Planes) + plane;
                    var bit = (long)(words[(word * wordLength) + (column / 64)] >> (column % 64) & 1);
                    value += layout.IsSigned && plane == layout.Planes - 1 ? -(bit << plane) : bit << plane;
                }

                values[place] = format.Kind == NumberKind.Bipolar ? (2 * value) - 1 : value;
            }
        }

        return values;
    }
}
