namespace HwGen.Golden;

/// <summary>One step of the fast path: reads slots of the workspace and writes one.</summary>
internal abstract class FastStep
{
    public abstract void Run(Workspace workspace);
}

/// <summary>
/// The place of one feature map in the workspace, in one of two forms. Both are in HWC order (channels fastest), which makes a kernel row one run:
/// numbers (an int a value), or bits (a bit a value of a ±1 map, 1 is +1, value i at bit i mod 64 of word i / 64).
/// </summary>
/// <param name="Index">The slot's number.</param>
/// <param name="Shape">The shape by which the values are laid out.</param>
internal sealed record Slot(int Index, TensorShape Shape)
{
    public int Count => (int)Shape.Count;
}

/// <summary>The buffers of one thread.</summary>
internal sealed class Workspace
{
    // Vectors are stored whole, so a buffer has room for one behind its last value; bits are read as pairs of words.
    private const int Slack = 64;

    public Workspace(FastPlan plan)
    {
        Numbers = [.. plan.NumberSlots.Select(slot => new int[slot.Count + Slack])];
        Bits = [.. plan.BitSlots.Select(slot => new ulong[((slot.Count + 63) / 64) + 8])];
        Shorts = new short[plan.LargestPadded + Slack];
        Operand = new ulong[plan.LargestOperand + 8];
    }

    public ReadOnlyMemory<byte> Pixels { get; set; }

    public int[][] Numbers { get; }

    public ulong[][] Bits { get; }

    /// <summary>A padded input as 16-bit numbers, for the layer that runs.</summary>
    public short[] Shorts { get; }

    /// <summary>The packed window of the position that runs.</summary>
    public ulong[] Operand { get; }
}

/// <summary>What the planner made: steps, slots, and where the output lies.</summary>
internal sealed class FastPlan(QuantisedNetwork network)
{
    private Slot? _output;

    public List<FastStep> Steps { get; } = [];

    public List<string> Paths { get; } = [];

    public List<Slot> NumberSlots { get; } = [];

    public List<Slot> BitSlots { get; } = [];

    public int LargestPadded { get; set; }

    public int LargestOperand { get; set; }

    public Slot Output { set => _output = value; }

    public void CopyOutput(Workspace workspace, Logits logits, int image)
    {
        int[] values = workspace.Numbers[_output!.Index];
        TensorShape shape = network.OutputMap.Shape;
        int index = 0;
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int position = 0; position < shape.Height * shape.Width; position++)
                logits.Values[image, index++] = values[(position * shape.Channels) + channel];
        }
    }
}
