using System.Collections.Immutable;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>The content of one row.</summary>
/// <param name="Group">Its row group.</param>
/// <param name="Lane">Its lane; the row is group · lanes + lane.</param>
/// <param name="Operation">Its row operation.</param>
/// <param name="Bits">Its cells, 64 a word, column 0 lowest; ⌈columns / 64⌉ words.</param>
public sealed record RowImage(int Group, int Lane, RowOperation Operation, ImmutableArray<ulong> Bits)
{
    /// <summary>The key of the row, as long as its bits; empty where the bits are stored as they are. Otherwise the bits are stored ^ key.</summary>
    public ImmutableArray<ulong> Key { get; init; } = [];
}

/// <summary>Where the accumulator of a filter begins, and how its sign becomes a bit.</summary>
/// <param name="Address">Its address: one for each tile of filters.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="Value">The initial value; fits the accumulator. For a threshold T it is −T, so that value ≥ T is sign 0.</param>
/// <param name="Direction">bit = (accumulator ≥ 0) xor direction.</param>
public readonly record struct InitialImage(int Address, int Lane, long Value, bool Direction);

/// <summary>The content of one word of the level memory.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Value">A threshold, which fits the accumulator, or a multiplier.</param>
/// <param name="Shift">The shift that goes with a multiplier, 0 to 63; 0 with a threshold.</param>
public readonly record struct LevelImage(int Address, long Value, int Shift = 0);

/// <summary>Where a feature map lies in the operand memory: the word of pixel (y, x), channel word c, plane b is base + ((y·width + x)·channel words + c)·planes + b.</summary>
/// <param name="Base">Address of the first word.</param>
/// <param name="Channels">Channels; channel c is bit c mod columns of channel word c / columns.</param>
/// <param name="Height">Pixels along y.</param>
/// <param name="Width">Pixels along x.</param>
/// <param name="Planes">Bit-planes of a value.</param>
/// <param name="Columns">Bits of a word.</param>
/// <param name="IsSigned">True when the last bit-plane is a sign: two's complement.</param>
public sealed record FeatureMapLayout(int Base, int Channels, int Height, int Width, int Planes, int Columns, bool IsSigned = false)
{
    /// <summary>Words of one pixel and one plane.</summary>
    public int ChannelWords => ((Channels - 1) / Columns) + 1;

    /// <summary>Words of one pixel.</summary>
    public int PixelWords => ChannelWords * Planes;

    /// <summary>Words in all.</summary>
    public int Words => Height * Width * PixelWords;
}

/// <summary>One run of the sequencer, and what is loaded before it.</summary>
/// <param name="Rows">Rows to load before; none when they are loaded already.</param>
/// <param name="Initials">Initial values to load before; none when they are loaded already.</param>
/// <param name="Levels">Thresholds, or multipliers and shifts, to load before; none when there are none, or they are loaded already.</param>
/// <param name="Descriptor">What the sequencer does.</param>
public sealed record ProgramPass(ImmutableArray<RowImage> Rows, ImmutableArray<InitialImage> Initials, ImmutableArray<LevelImage> Levels, LayerDescriptor Descriptor)
{
    /// <summary>True when its loads may overwrite what was loaded before: from here on nothing older is used.</summary>
    public bool Overwrites { get; init; }

    /// <summary>
    /// The maps in the operand memory that this pass and those behind it need, where an image can be put aside before it: a host that runs a batch
    /// pass by pass saves them and writes them back. Empty where it cannot, as the core holds sums, or where that is of no use.
    /// </summary>
    public ImmutableArray<FeatureMapLayout> Restores { get; init; } = [];

    /// <summary>Entries that are loaded before.</summary>
    public long Loads => (long)Rows.Length + Initials.Length + Levels.Length;
}

/// <summary>A channel that has one value whatever the image, and is nowhere in the core.</summary>
/// <param name="Channel">The channel of the layer's map.</param>
/// <param name="Value">Its value at every position.</param>
public readonly record struct ConstantChannel(int Channel, long Value);

/// <summary>One stage: a weighted layer and the layers that are fused behind it.</summary>
/// <param name="Name">The network layer whose output the stage makes.</param>
/// <param name="Layers">All network layers that it computes, in order.</param>
/// <param name="Passes">Its passes in order.</param>
/// <param name="Output">Where its bits lie afterwards; null when it writes values to the result memory.</param>
/// <param name="Results">How many values it writes to the result memory, from address 0, position by position; 0 when it writes to the operand memory.</param>
/// <param name="ResultChannels">How many of them belong to one position: its channels lie together; 0 when it writes to the operand memory.</param>
public sealed record ProgramStage(
    string Name, ImmutableArray<string> Layers, ImmutableArray<ProgramPass> Passes, FeatureMapLayout? Output, int Results, int ResultChannels)
{
    /// <summary>Which channels of the layer's map are there, in the order in which they lie; empty where all are.</summary>
    public ImmutableArray<int> Channels { get; init; } = [];

    /// <summary>The channels that are not there, each with its one value; empty where all are.</summary>
    public ImmutableArray<ConstantChannel> Constants { get; init; } = [];

    /// <summary>The values of the whole map, in channel, row, column order.</summary>
    /// <param name="values">Those of the channels that are there, in that order.</param>
    public long[] Complete(long[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Constants.IsEmpty)
        {
            return values;
        }

        var positions = values.Length / Channels.Length;
        var whole = new long[positions * (Channels.Length + Constants.Length)];
        for (var i = 0; i < Channels.Length; i++)
        {
            values.AsSpan(i * positions, positions).CopyTo(whole.AsSpan(Channels[i] * positions, positions));
        }

        foreach (var constant in Constants)
        {
            whole.AsSpan(constant.Channel * positions, positions).Fill(constant.Value);
        }

        return whole;
    }

    /// <summary>Of the values of the whole map, those of the channels that are there: the opposite of <see cref="Complete"/>.</summary>
    /// <param name="whole">The whole map, in channel, row, column order.</param>
    public long[] Present(long[] whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        if (Constants.IsEmpty)
        {
            return whole;
        }

        var positions = whole.Length / (Channels.Length + Constants.Length);
        return [.. Channels.SelectMany(channel => whole.AsSpan(channel * positions, positions).ToArray())];
    }

    /// <summary>Cycles that the sequencer is busy, exactly.</summary>
    public long Cycles => Passes.Sum(p => p.Descriptor.Cycles);

    /// <summary>Rows that the host loads for each image.</summary>
    public long RowLoads => Passes.Sum(p => (long)p.Rows.Length);
}

/// <summary>Passes that an image runs without being put aside.</summary>
/// <param name="Passes">The number of the stage and of the pass in it.</param>
/// <param name="SharesLoads">True when the images of a batch share what is loaded: nothing is overwritten within the part.</param>
public readonly record struct SchedulePart(ImmutableArray<(int Stage, int Pass)> Passes, bool SharesLoads);

/// <summary>What a core runs: loaded once, then stage by stage for each image.</summary>
/// <param name="Configuration">The core that it is for.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Rows">Rows that are loaded once.</param>
/// <param name="Initials">Initial values that are loaded once.</param>
/// <param name="Levels">Thresholds of values of several levels that are loaded once.</param>
/// <param name="Input">Where the host puts the input.</param>
/// <param name="Stages">The stages in order.</param>
public sealed record CoreProgram(
    ArrayConfiguration Configuration, string Network, ImmutableArray<RowImage> Rows, ImmutableArray<InitialImage> Initials, ImmutableArray<LevelImage> Levels, FeatureMapLayout Input, ImmutableArray<ProgramStage> Stages)
{
    /// <summary>Images that are run together, pass by pass, so that they share what is loaded; 1 where each is run to its end.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Dense packing: the windows that the host writes as the input; null where it writes the input itself.</summary>
    public InputWindows? Windows { get; init; }

    /// <summary>The passes in order, parted where an image of a batch is put aside; one part where images are run to their end.</summary>
    public IReadOnlyList<SchedulePart> Parts()
    {
        var parts = new List<SchedulePart>();
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            for (var pass = 0; pass < Stages[stage].Passes.Length; pass++)
            {
                if (parts.Count == 0 || (Batch > 1 && !Stages[stage].Passes[pass].Restores.IsEmpty))
                {
                    parts.Add(new SchedulePart([], Batch > 1));
                }

                var sharesLoads = parts[^1].SharesLoads && (parts[^1].Passes.IsEmpty || !Stages[stage].Passes[pass].Overwrites);
                parts[^1] = new SchedulePart(parts[^1].Passes.Add((stage, pass)), sharesLoads);
            }
        }

        return parts;
    }

    /// <summary>
    /// Cycles of the host for an image, stage by stage, an entry a cycle: loads, which a batch may share; descriptors and starts; saving an image of a batch
    /// and writing it back.
    /// </summary>
    public IReadOnlyList<long> TransferCycles()
    {
        var cycles = new long[Stages.Length];
        var fields = DescriptorLayout.FieldsOf(Configuration).Count();
        foreach (var (part, number) in Parts().Select((part, number) => (part, number)))
        {
            foreach (var (stage, pass) in part.Passes)
            {
                var program = Stages[stage].Passes[pass];
                cycles[stage] += (part.SharesLoads ? (program.Loads + Batch - 1) / Batch : program.Loads) + fields + 1;
            }

            if (number > 0)
            {
                var (stage, pass) = part.Passes[0];
                cycles[stage] += 2 * Stages[stage].Passes[pass].Restores.Sum(map => (long)map.Words);
            }
        }

        return cycles;
    }

    /// <summary>Cycles that the sequencer is busy for one image, exactly.</summary>
    public long Cycles => Stages.Sum(s => s.Cycles);

    /// <summary>Rows that the host loads again for each image; 0 when the network is resident.</summary>
    public long RowLoads => Stages.Sum(s => s.RowLoads);

    /// <summary>Cycles in which the host writes the input and reads the results, an entry a cycle.</summary>
    public long ImageTransferCycles => Input.Words + (Stages[^1].Output is { } output ? output.Words : Stages[^1].Results);
}
