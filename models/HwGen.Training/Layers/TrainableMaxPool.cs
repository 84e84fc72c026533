using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>
/// The largest value of each square of positions, the squares side by side; lines and positions that do not fill a square are dropped.
/// Equal values are common among integers: the gradient goes to the first one, lines first.
/// </summary>
public sealed class TrainableMaxPool : TrainableLayer
{
    private readonly FeatureMaps _output = new();
    private readonly FeatureMaps _inputGradient = new();
    private FeatureMaps _input = new();

    /// <summary>Makes a pooling layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="size">Height and width of a square.</param>
    public TrainableMaxPool(string name, MapShape input, int size)
        : base(name, input, new MapShape(input.Height / size, input.Width / size, input.Channels))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Output.Size, 1, nameof(size));
        Size = size;
    }

    /// <summary>Height and width of a square.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public override FeatureMaps Forward(FeatureMaps input, Pass pass, Shards shards)
    {
        _input = input;
        _output.Resize(input.Batch, Output);
        shards.Run(input.Batch, (_, first, end) =>
        {
            for (int image = first; image < end; image++)
                ForEachSquare(input.Image(image), _output.Image(image), Largest);
        });
        return _output;
    }

    /// <inheritdoc/>
    public override FeatureMaps Backward(FeatureMaps gradient, bool needInput, Shards shards)
    {
        _inputGradient.Resize(gradient.Batch, Input);
        shards.Run(gradient.Batch, (_, first, end) =>
        {
            for (int image = first; image < end; image++)
                Distribute(_input.Image(image), _output.Image(image), gradient.Image(image), _inputGradient.Image(image));
        });
        return _inputGradient;
    }

    private delegate void SquareAction(ReadOnlySpan<float> corner, Span<float> largest);

    private void ForEachSquare(ReadOnlySpan<float> input, Span<float> output, SquareAction action)
    {
        int channels = Input.Channels;
        for (int y = 0; y < Output.Height; y++)
            for (int x = 0; x < Output.Width; x++)
                action(
                    input[(((y * Size * Input.Width) + (x * Size)) * channels)..],
                    output.Slice(((y * Output.Width) + x) * channels, channels));
    }

    private void Largest(ReadOnlySpan<float> corner, Span<float> largest)
    {
        int channels = largest.Length;
        corner[..channels].CopyTo(largest);
        for (int position = 1; position < Size * Size; position++)
        {
            ReadOnlySpan<float> candidate = corner.Slice(Offset(position), channels);
            int channel = 0;
            for (; channel + Vector512<float>.Count <= channels; channel += Vector512<float>.Count)
            {
                ref float to = ref MemoryMarshal.GetReference(largest);
                Vector512<float> value = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(candidate), (nuint)channel);
                Vector512<float> old = Vector512.LoadUnsafe(ref to, (nuint)channel);
                Vector512.ConditionalSelect(Vector512.GreaterThan(value, old), value, old).StoreUnsafe(ref to, (nuint)channel);
            }
            for (; channel < channels; channel++)
                if (candidate[channel] > largest[channel])
                    largest[channel] = candidate[channel];
        }
    }

    private void Distribute(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> gradient, Span<float> inputGradient)
    {
        int channels = Input.Channels;
        // Positions that no square covers get nothing.
        if (Output.Height * Size != Input.Height || Output.Width * Size != Input.Width)
            inputGradient.Clear();
        for (int y = 0; y < Output.Height; y++)
        {
            for (int x = 0; x < Output.Width; x++)
            {
                int square = ((y * Output.Width) + x) * channels;
                int corner = ((y * Size * Input.Width) + (x * Size)) * channels;
                DistributeSquare(input[corner..], output.Slice(square, channels), gradient.Slice(square, channels), inputGradient[corner..]);
            }
        }
    }

    private void DistributeSquare(ReadOnlySpan<float> corner, ReadOnlySpan<float> largest, ReadOnlySpan<float> gradient, Span<float> cornerGradient)
    {
        int channels = largest.Length;
        int channel = 0;
        for (; channel + Vector512<float>.Count <= channels; channel += Vector512<float>.Count)
        {
            Vector512<float> top = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(largest), (nuint)channel);
            Vector512<float> rest = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(gradient), (nuint)channel);
            for (int position = 0; position < Size * Size; position++)
            {
                int offset = Offset(position) + channel;
                Vector512<float> isTop = Vector512.Equals(Vector512.Create(corner.Slice(offset, Vector512<float>.Count)), top);
                Vector512.BitwiseAnd(isTop, rest).CopyTo(cornerGradient.Slice(offset, Vector512<float>.Count));
                rest = Vector512.AndNot(rest, isTop);
            }
        }
        for (; channel < channels; channel++)
        {
            float rest = gradient[channel];
            for (int position = 0; position < Size * Size; position++)
            {
                int offset = Offset(position) + channel;
                bool isTop = corner[offset] == largest[channel];
                cornerGradient[offset] = isTop ? rest : 0;
                if (isTop)
                    rest = 0;
            }
        }
    }

    private int Offset(int position) => (((position / Size) * Input.Width) + (position % Size)) * Input.Channels;
}
