using System.Runtime.Intrinsics;

namespace HwGen.Golden;

/// <summary>Pixels to numbers by the table, CHW to HWC.</summary>
internal sealed class NumberInputStep(NetworkInput input, Slot output) : FastStep
{
    public override void Run(Workspace workspace)
    {
        ReadOnlySpan<byte> pixels = workspace.Pixels.Span;
        ReadOnlySpan<int> table = input.Rule.Table.AsSpan();
        Span<int> numbers = workspace.Numbers[output.Index];
        int channels = input.Shape.Channels, positions = pixels.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int position = 0; position < positions; position++)
                numbers[(position * channels) + channel] = table[pixels[(channel * positions) + position]];
        }
    }
}

/// <summary>Pixels to bits: 64 comparisons at once where the rule is a comparison and the order needs no change, else by the table.</summary>
internal sealed class BitInputStep : FastStep
{
    private readonly NetworkInput _input;
    private readonly Slot _output;
    private readonly int _threshold;
    private readonly bool _compares;

    public BitInputStep(NetworkInput input, Slot output)
    {
        _input = input;
        _output = output;
        _threshold = input.Rule.Table.IndexOf(1);
        bool rising = _threshold >= 0 && input.Rule.Table.LastIndexOf(-1) < _threshold;
        _compares = rising && (input.Shape.Channels == 1 || (input.Shape.Height == 1 && input.Shape.Width == 1));
    }

    public override void Run(Workspace workspace)
    {
        ReadOnlySpan<byte> pixels = workspace.Pixels.Span;
        ulong[] bits = workspace.Bits[_output.Index];
        int whole = _compares ? pixels.Length / 64 : 0;
        Vector512<byte> threshold = Vector512.Create((byte)Math.Max(0, _threshold));
        for (int word = 0; word < whole; word++)
            bits[word] = Vector512.GreaterThanOrEqual(Vector512.Create(pixels.Slice(word * 64, 64)), threshold).ExtractMostSignificantBits();
        if (_compares)
        {
            if (whole * 64 < pixels.Length)
            {
                ulong last = 0;
                for (int i = whole * 64; i < pixels.Length; i++)
                    last |= (pixels[i] >= _threshold ? 1UL : 0) << (i & 63);
                bits[whole] = last;
            }
            return;
        }
        Array.Clear(bits);
        int channels = _input.Shape.Channels, positions = pixels.Length / channels;
        for (int i = 0; i < pixels.Length; i++)
        {
            int place = (i % positions * channels) + (i / positions);
            if (_input.Rule.Table[pixels[i]] > 0)
                bits[place >> 6] |= 1UL << (place & 63);
        }
    }
}

/// <summary>Bits to −1 and +1.</summary>
internal sealed class BitsToNumbersStep(Slot input, Slot output) : FastStep
{
    public override void Run(Workspace workspace)
    {
        ulong[] bits = workspace.Bits[input.Index];
        int[] numbers = workspace.Numbers[output.Index];
        for (int i = 0; i < input.Count; i++)
            numbers[i] = (((int)(bits[i >> 6] >> (i & 63)) & 1) * 2) - 1;
    }
}

/// <summary>−1 and +1 to bits.</summary>
internal sealed class NumbersToBitsStep(Slot input, Slot output) : FastStep
{
    public override void Run(Workspace workspace)
    {
        int[] numbers = workspace.Numbers[input.Index];
        ulong[] bits = workspace.Bits[output.Index];
        Array.Clear(bits);
        for (int i = 0; i < input.Count; i++)
            bits[i >> 6] |= (numbers[i] > 0 ? 1UL : 0) << (i & 63);
    }
}

/// <summary>Any layer by its definition: to CHW and 64 bits, the plain loops, and back.</summary>
internal sealed class DefinitionStep(QuantisedNetwork network, Layer layer, ImmutableArray<Slot> inputs, Slot output) : FastStep
{
    public override void Run(Workspace workspace)
    {
        var values = new Dictionary<string, long[]>(StringComparer.Ordinal);
        for (int i = 0; i < inputs.Length; i++)
            values[layer.Inputs[i]] = ToChannelsFirst(workspace.Numbers[inputs[i].Index], inputs[i].Shape);
        long[] y = GoldenModel.Evaluate(network, layer, values);
        TensorShape shape = output.Shape;
        int[] numbers = workspace.Numbers[output.Index];
        int positions = shape.Height * shape.Width;
        for (int i = 0; i < y.Length; i++)
            numbers[(i % positions * shape.Channels) + (i / positions)] = (int)y[i];
    }

    private static long[] ToChannelsFirst(int[] numbers, TensorShape shape)
    {
        var values = new long[shape.Count];
        int positions = shape.Height * shape.Width;
        for (int i = 0; i < values.Length; i++)
            values[i] = numbers[(i % positions * shape.Channels) + (i / positions)];
        return values;
    }
}
