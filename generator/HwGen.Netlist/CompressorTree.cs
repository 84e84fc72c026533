namespace HwGen.Netlist;

/// <summary>
/// An adder cell of a compressor tree. Nets are numbered: bit i of the input is net i; cell k drives net N + 2k with its sum
/// and net N + 2k + 1 with its carry, for an input of N bits.
/// </summary>
/// <param name="Column">The power of two that its inputs and its sum count; its carry counts one more.</param>
/// <param name="Inputs">Three nets of a full adder, two of a half adder; the latest to arrive stands last.</param>
public sealed record AdderCell(int Column, IReadOnlyList<int> Inputs)
{
    /// <summary>True for a full adder, false for a half adder.</summary>
    public bool IsFull => Inputs.Count == 3;
}

/// <summary>
/// The plan of a popcount out of the fewest adder cells: with m = ⌊log2 N⌋ + 1 exactly N − m full adders, because a bit feeds each
/// carry-in, and a half adder for each column of an even number of bits, at most m − 1.
/// </summary>
/// <remarks>
/// The order is driven by time: the half adder of a column takes its two earliest bits, and stands first, where nothing waits for it; each full adder
/// takes the three earliest bits that are left, the latest of them at the third input. The delays of a cell are those of a mirror adder in relation to
/// each other; the order changes little when they do.
/// </remarks>
public sealed class CompressorTree
{
    // In units of 10 ps of a 180 nm library; only their relation matters.
    private const int SumDelay = 30;
    private const int ThirdInputSumDelay = 27;
    private const int CarryDelay = 24;
    private const int HalfSumDelay = 20;
    private const int HalfCarryDelay = 15;

    private readonly List<AdderCell> _cells = [];
    private readonly List<int> _outputs = [];

    private CompressorTree(int width)
    {
        Width = width;
        Plan();
    }

    /// <summary>Bits that are counted.</summary>
    public int Width { get; }

    /// <summary>The cells; each reads only input bits and what earlier cells drive.</summary>
    public IReadOnlyList<AdderCell> Cells => _cells;

    /// <summary>The net of each bit of the count, the least significant first.</summary>
    public IReadOnlyList<int> Outputs => _outputs;

    /// <summary>How many full adders there are: N − m.</summary>
    public int FullAdders => _cells.Count(c => c.IsFull);

    /// <summary>How many half adders there are: at most m − 1.</summary>
    public int HalfAdders => _cells.Count - FullAdders;

    /// <summary>Plans a popcount.</summary>
    /// <param name="width">Bits that are counted, at least 1.</param>
    public static CompressorTree Of(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return new CompressorTree(width);
    }

    private void Plan()
    {
        var column = Enumerable.Range(0, Width).Select(bit => (Net: bit, Time: 0)).ToList();
        for (var weight = 0; column.Count > 0; weight++)
        {
            var next = new List<(int Net, int Time)>();

            // Equal times keep the order in which the bits came: the plan is the same on every machine.
            var waiting = new PriorityQueue<(int Net, int Time), (int Time, int Order)>();
            var order = 0;
            foreach (var bit in column)
            {
                Put(bit);
            }

            if (column.Count % 2 == 0)
            {
                var (a, b) = (waiting.Dequeue(), waiting.Dequeue());
                Add([a, b], b.Time + HalfSumDelay, b.Time + HalfCarryDelay);
            }

            while (waiting.Count > 2)
            {
                var (a, b, c) = (waiting.Dequeue(), waiting.Dequeue(), waiting.Dequeue());
                Add([a, b, c], Math.Max(b.Time + SumDelay, c.Time + ThirdInputSumDelay), c.Time + CarryDelay);
            }

            _outputs.Add(waiting.Dequeue().Net);
            column = next;

            void Put((int Net, int Time) bit) => waiting.Enqueue(bit, (bit.Time, order++));

            void Add(IReadOnlyList<(int Net, int Time)> inputs, int sumTime, int carryTime)
            {
                var sum = Width + 2 * _cells.Count;
                _cells.Add(new AdderCell(weight, [.. inputs.Select(i => i.Net)]));
                Put((sum, sumTime));
                next.Add((sum + 1, carryTime));
            }
        }
    }
}
