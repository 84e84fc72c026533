using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HwGen.Golden;

/// <summary>
/// ±1 × ±1, dense or convolution: <c>K − 2·popcount((x xor w) and mask)</c>, K = the positions inside the map. Windows are packed in the order
/// [kernel y][kernel x][channel], so a kernel row inside the map is one run of bits.
/// </summary>
internal sealed class BitWeightedStep : FastStep
{
    private const int Lanes = 8;

    private static readonly Vector512<byte> s_onesOfHalfByte = Vector512.Create<byte>(
        [.. Enumerable.Range(0, 64).Select(i => (byte)BitOperations.PopCount((uint)(i & 15)))]);

    private readonly Slot _input, _output;
    private readonly int _filters, _fanIn;
    private readonly ulong[] _weights;
    private readonly int[] _biases;
    private readonly Position[] _positions;

    public BitWeightedStep(WeightedLayer layer, Slot input, Slot output)
    {
        _input = input;
        _output = output;
        WeightTensor weights = layer.Weights;
        _filters = weights.Filters;
        _fanIn = weights.FanIn;
        Words = (_fanIn + 63) / 64;
        int padded = (_filters + Lanes - 1) / Lanes * Lanes;
        // [block of 8 filters][word][filter]
        _weights = new ulong[padded * Words];
        _biases = new int[padded];
        for (int filter = 0; filter < _filters; filter++)
            _biases[filter] = layer.Biases.Length == 0 ? 0 : checked((int)layer.Biases[filter]);
        _positions = layer is ConvolutionLayer convolution ? Positions(convolution, input.Shape, output.Shape) : [];
        // A dense layer is a kernel as large as its input's map, packed as the map lies in its slot.
        TensorShape kernel = layer is ConvolutionLayer
            ? new TensorShape(weights.Channels, weights.KernelHeight, weights.KernelWidth) : input.Shape;
        for (int filter = 0; filter < _filters; filter++)
        {
            ReadOnlySpan<int> values = weights.Filter(filter);
            for (int i = 0; i < values.Length; i++)
            {
                int area = kernel.Height * kernel.Width, place = (i % area * kernel.Channels) + (i / area);
                if (values[i] > 0)
                    _weights[(((filter / Lanes * Words) + (place >> 6)) * Lanes) + (filter % Lanes)] |= 1UL << (place & 63);
            }
        }
    }

    /// <summary>Words of one packed window.</summary>
    public int Words { get; }

    public override void Run(Workspace workspace)
    {
        ulong[] bits = workspace.Bits[_input.Index];
        Span<int> numbers = workspace.Numbers[_output.Index];
        if (_positions.Length == 0)
        {
            Count(bits, null, _fanIn, numbers);
            return;
        }
        Span<ulong> operand = workspace.Operand;
        for (int i = 0; i < _positions.Length; i++)
        {
            Position position = _positions[i];
            operand[..Words].Clear();
            foreach (Stretch run in position.Runs)
                BitRuns.Or(operand, run.Target, bits, run.Source, run.Length);
            Count(operand, position.Mask, position.Inside, numbers[(i * _filters)..]);
        }
    }

    private void Count(ReadOnlySpan<ulong> operand, ulong[]? mask, int inside, Span<int> result)
    {
        operand = operand[..Words];
        if (Avx512BW.IsSupported)
            CountVectors(operand, mask, inside, result);
        else
            CountWords(operand, mask, inside, result);
    }

    /// <summary>Eight filters at once, a word of each in a lane; ones are counted by looking up half bytes.</summary>
    private void CountVectors(ReadOnlySpan<ulong> operand, ulong[]? mask, int inside, Span<int> result)
    {
        const int WordsUntilFull = 31; // a word adds at most 8 to a byte
        ref ulong weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref ulong x = ref MemoryMarshal.GetReference(operand);
        Vector512<byte> ones = s_onesOfHalfByte, low = Vector512.Create((byte)15);
        for (int filter = 0; filter < _filters; filter += Lanes)
        {
            Vector512<ulong> differing = Vector512<ulong>.Zero;
            for (int word = 0; word < operand.Length;)
            {
                Vector512<byte> counts = Vector512<byte>.Zero;
                for (int end = Math.Min(operand.Length, word + WordsUntilFull); word < end; word++)
                {
                    Vector512<ulong> bits = Vector512.Create(Unsafe.Add(ref x, word)) ^ Vector512.LoadUnsafe(ref weights);
                    if (mask is not null)
                        bits &= Vector512.Create(mask[word]);
                    weights = ref Unsafe.Add(ref weights, Lanes);
                    counts += Avx512BW.Shuffle(ones, bits.AsByte() & low) + Avx512BW.Shuffle(ones, (bits.AsUInt16() >> 4).AsByte() & low);
                }
                differing += Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64();
            }
            Vector256<int> sums = Vector512.Narrow(differing, Vector512<ulong>.Zero).GetLower().AsInt32();
            sums = Vector256.Create(inside) - (sums << 1) + Vector256.LoadUnsafe(ref _biases[filter]);
            // Lanes beyond the filters are overwritten by the next position, or lie in the buffer's slack.
            sums.StoreUnsafe(ref result[filter]);
        }
    }

    private void CountWords(ReadOnlySpan<ulong> operand, ulong[]? mask, int inside, Span<int> result)
    {
        for (int filter = 0; filter < _filters; filter++)
        {
            int differing = 0, place = (filter / Lanes * operand.Length * Lanes) + (filter % Lanes);
            for (int word = 0; word < operand.Length; word++)
            {
                ulong bits = operand[word] ^ _weights[place + (word * Lanes)];
                differing += BitOperations.PopCount(mask is null ? bits : bits & mask[word]);
            }
            result[filter] = inside - (2 * differing) + _biases[filter];
        }
    }

    private Position[] Positions(ConvolutionLayer layer, TensorShape input, TensorShape output)
    {
        var positions = new Position[output.Height * output.Width];
        for (int i = 0; i < positions.Length; i++)
        {
            var runs = new List<Stretch>();
            for (int ky = 0; ky < layer.Weights.KernelHeight; ky++)
            {
                int y = (i / output.Width * layer.Stride.Y) - layer.Padding.Top + (ky * layer.Dilation.Y);
                for (int kx = 0; kx < layer.Weights.KernelWidth; kx++)
                {
                    int x = (i % output.Width * layer.Stride.X) - layer.Padding.Left + (kx * layer.Dilation.X);
                    if (y < 0 || y >= input.Height || x < 0 || x >= input.Width)
                        continue;
                    int target = ((ky * layer.Weights.KernelWidth) + kx) * input.Channels, source = ((y * input.Width) + x) * input.Channels;
                    // A run goes on as long as source and target both do.
                    if (runs.Count > 0 && runs[^1].Target + runs[^1].Length == target && runs[^1].Source + runs[^1].Length == source)
                        runs[^1] = runs[^1] with { Length = runs[^1].Length + input.Channels };
                    else
                        runs.Add(new Stretch(target, source, input.Channels));
                }
            }
            int inside = runs.Sum(run => run.Length);
            positions[i] = new Position([.. runs], inside == _fanIn ? null : Mask(runs), inside);
        }
        return positions;
    }

    private ulong[] Mask(List<Stretch> runs)
    {
        var mask = new ulong[Words];
        foreach (Stretch run in runs)
        {
            for (int place = run.Target; place < run.Target + run.Length; place++)
                mask[place >> 6] |= 1UL << (place & 63);
        }
        return mask;
    }

    private readonly record struct Stretch(int Target, int Source, int Length);

    private sealed record Position(Stretch[] Runs, ulong[]? Mask, int Inside);
}
