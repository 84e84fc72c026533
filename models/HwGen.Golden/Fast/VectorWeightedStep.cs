using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HwGen.Golden;

/// <summary>
/// Products of 16-bit numbers, summed in 32 bits, a filter a vector lane: a pair of neighbouring inputs goes to all lanes and meets the pair of weights of each filter
/// (multiply-add of pairs: AVX-512 or AVX2, else plain loops). Dense layers are convolutions of one position.
/// </summary>
internal sealed class VectorWeightedStep : FastStep
{
    private const int Lanes = 16;

    private readonly Slot _input, _output;
    private readonly Padding _padding;
    private readonly Distance _stride;
    private readonly int _paddedWidth, _pairsOfRun, _blocks;
    private readonly int[] _runs, _biases;
    private readonly short[] _weights;

    public VectorWeightedStep(WeightedLayer layer, Slot input, Slot output)
    {
        _input = input;
        _output = output;
        WeightTensor weights = layer.Weights;
        TensorShape shape = input.Shape;
        var convolution = layer as ConvolutionLayer;
        _padding = convolution?.Padding ?? Padding.None;
        _stride = convolution?.Stride ?? Distance.One;
        Distance dilation = convolution?.Dilation ?? Distance.One;
        int kernelHeight = convolution is null ? shape.Height : weights.KernelHeight;
        int kernelWidth = convolution is null ? shape.Width : weights.KernelWidth;
        _paddedWidth = shape.Width + _padding.Left + _padding.Right;
        PaddedCount = (shape.Height + _padding.Top + _padding.Bottom) * _paddedWidth * shape.Channels;
        // A run is a stretch of inputs without a gap: a kernel row, or one kernel position when columns are dilated.
        int columnsOfRun = dilation.X == 1 ? kernelWidth : 1, runsOfRow = kernelWidth / columnsOfRun;
        int runLength = columnsOfRun * shape.Channels;
        _pairsOfRun = (runLength + 1) / 2;
        _blocks = (weights.Filters + Lanes - 1) / Lanes;
        _runs = new int[kernelHeight * runsOfRow];
        _weights = new short[_blocks * _runs.Length * _pairsOfRun * Lanes * 2];
        _biases = new int[_blocks * Lanes];
        for (int run = 0; run < _runs.Length; run++)
        {
            int ky = run / runsOfRow, kx = run % runsOfRow * columnsOfRun;
            _runs[run] = ((ky * dilation.Y * _paddedWidth) + (kx * dilation.X)) * shape.Channels;
            for (int i = 0; i < runLength; i++)
            {
                int channel = i % shape.Channels, column = kx + (i / shape.Channels);
                int place = (((channel * kernelHeight) + ky) * kernelWidth) + column;
                for (int filter = 0; filter < weights.Filters; filter++)
                {
                    int pair = ((((filter / Lanes) * _runs.Length) + run) * _pairsOfRun) + (i / 2);
                    _weights[(((pair * Lanes) + (filter % Lanes)) * 2) + (i & 1)] = (short)weights.Filter(filter)[place];
                }
            }
        }
        for (int filter = 0; filter < weights.Filters; filter++)
            _biases[filter] = layer.Biases.Length == 0 ? 0 : (int)layer.Biases[filter];
    }

    /// <summary>Values of the padded input.</summary>
    public int PaddedCount { get; }

    /// <summary>Whether inputs and weights fit into 16 bits and no partial sum, in whatever order, leaves 32 bits.</summary>
    public static bool CanRun(WeightedLayer layer, FeatureMap input)
    {
        var shorts = new ValueRange(short.MinValue, short.MaxValue);
        if (layer is ConvolutionLayer { Groups: > 1 } || !shorts.Contains(input.Range) || layer.Weights.Values.Any(weight => !shorts.Contains(weight)))
            return false;
        long largest = Math.Max(Math.Abs(input.Range.Minimum), Math.Abs(input.Range.Maximum));
        for (int filter = 0; filter < layer.Weights.Filters; filter++)
        {
            Int128 sum = layer.Biases.Length == 0 ? 0 : Int128.Abs(layer.Biases[filter]);
            foreach (int weight in layer.Weights.Filter(filter))
                sum += Math.Abs((long)weight) * largest;
            if (sum > int.MaxValue)
                return false;
        }
        return true;
    }

    public override void Run(Workspace workspace)
    {
        short[] padded = workspace.Shorts;
        Pad(workspace.Numbers[_input.Index], padded);
        int[] numbers = workspace.Numbers[_output.Index];
        TensorShape output = _output.Shape;
        int channels = _input.Shape.Channels;
        for (int y = 0, position = 0; y < output.Height; y++)
        {
            for (int x = 0; x < output.Width; x++, position++)
            {
                ref short window = ref padded[((y * _stride.Y * _paddedWidth) + (x * _stride.X)) * channels];
                for (int block = 0; block < _blocks; block++)
                {
                    Vector512<int> sum = Block(ref window, block);
                    // The lanes beyond the filters are overwritten by the next position, or lie in the slack.
                    sum.StoreUnsafe(ref numbers[(position * output.Channels) + (block * Lanes)]);
                }
            }
        }
    }

    private Vector512<int> Block(ref short window, int block)
    {
        ref short weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), block * _runs.Length * _pairsOfRun * Lanes * 2);
        Vector512<int> sum = Vector512.LoadUnsafe(ref _biases[block * Lanes]);
        foreach (int start in _runs)
        {
            ref short run = ref Unsafe.Add(ref window, start);
            for (int pair = 0; pair < _pairsOfRun; pair++)
            {
                int two = Unsafe.ReadUnaligned<int>(ref Unsafe.As<short, byte>(ref Unsafe.Add(ref run, 2 * pair)));
                sum += MultiplyAdd(Vector512.Create(two).AsInt16(), Vector512.LoadUnsafe(ref weights));
                weights = ref Unsafe.Add(ref weights, Lanes * 2);
            }
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> MultiplyAdd(Vector512<short> x, Vector512<short> w)
    {
        if (Avx512BW.IsSupported)
            return Avx512BW.MultiplyAddAdjacent(x, w);
        if (Avx2.IsSupported)
            return Vector512.Create(Avx2.MultiplyAddAdjacent(x.GetLower(), w.GetLower()), Avx2.MultiplyAddAdjacent(x.GetUpper(), w.GetUpper()));
        Span<int> sums = stackalloc int[Lanes];
        for (int lane = 0; lane < Lanes; lane++)
            sums[lane] = (x[2 * lane] * w[2 * lane]) + (x[(2 * lane) + 1] * w[(2 * lane) + 1]);
        return Vector512.Create<int>(sums);
    }

    private void Pad(int[] numbers, short[] padded)
    {
        TensorShape shape = _input.Shape;
        int row = shape.Width * shape.Channels;
        if (_padding.Any)
            Array.Clear(padded, 0, PaddedCount);
        for (int y = 0; y < shape.Height; y++)
        {
            Span<short> target = padded.AsSpan((((y + _padding.Top) * _paddedWidth) + _padding.Left) * shape.Channels, row);
            ReadOnlySpan<int> source = numbers.AsSpan(y * row, row);
            int i = 0;
            for (; i + 32 <= row; i += 32)
                Vector512.Narrow(Vector512.Create(source.Slice(i, 16)), Vector512.Create(source.Slice(i + 16, 16))).CopyTo(target[i..]);
            for (; i < row; i++)
                target[i] = (short)source[i];
        }
    }
}
