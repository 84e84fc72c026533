using HwGen.Netlist;

namespace HwGen.SynthesisBench;

/// <summary>Counts by adding pairs with <c>+</c>, pairs of those, and so on: the plain way, a half adder for each pair.</summary>
internal sealed class PairSums(int width) : Module(FormattableString.Invariant($"n{width}"))
{
    public Output Count { get; } = new(Widths.Count(width));

    public Input Bits { get; } = new(width);

    protected override void Build()
    {
        var sums = Enumerable.Range(0, width).Select(bit => (Signal)Bits[bit]).ToList();
        while (sums.Count > 1)
        {
            var next = new List<Signal>();
            for (var i = 0; i + 1 < sums.Count; i += 2)
            {
                var bits = Math.Max(sums[i].Width, sums[i + 1].Width) + 1;
                next.Add(sums[i].ZeroExtend(bits) + sums[i + 1].ZeroExtend(bits));
            }

            if (sums.Count % 2 == 1)
            {
                next.Add(sums[^1]);
            }

            sums = next;
        }

        // What is above the count is 0: the inputs are too few to reach it.
        if (sums[0].Width > Count.Width)
        {
            Discard(sums[0].Bits(Count.Width, sums[0].Width - Count.Width));
        }

        Count.Drive(sums[0].Width > Count.Width ? sums[0].Truncate(Count.Width) : sums[0].ZeroExtend(Count.Width));
    }
}

/// <summary>A popcount behind ports.</summary>
internal sealed class Counter(int width, bool pairs = false) : Module(FormattableString.Invariant($"w{width}"))
{
    public Output Count { get; } = new(Widths.Count(width));

    public Input Bits { get; } = new(width);

    protected override void Build()
    {
        if (!pairs)
        {
            Count.Drive(PopCount(Bits));
            return;
        }

        Instance(out var sums, new PairSums(width));
        sums.Bits.Drive(Bits);
        Count.Drive(sums.Count);
    }
}

/// <summary>A row: its cells, one of four row operations with the operand, the count of the ones, registered.</summary>
internal sealed class CountingRow(int columns, bool pairs) : Module(FormattableString.Invariant($"c{columns}"))
{
    public Output Count { get; } = new(Widths.Count(columns));

    public Input Write { get; } = new(1);

    public Input WriteData { get; } = new(columns);

    public Input Operand { get; } = new(columns);

    public Input Operation { get; } = new(2);

    protected override void Build()
    {
        Register(out var cells, WriteData, enable: Write);
        Wire(out var notBoth, ~(cells & Operand));
        Wire(out var either, cells | Operand);
        Wire(out var result, Select(Operation, notBoth, ~notBoth, notBoth & either, either));
        Signal ones;
        if (pairs)
        {
            Instance(out var sums, new PairSums(columns));
            sums.Bits.Drive(result);
            ones = sums.Count;
        }
        else
        {
            ones = PopCount(result);
        }

        Register(out var count, ones);
        Count.Drive(count);
    }
}

/// <summary>
/// The macro whose figures are published for other generators: cells with a write port, four row operations, a popcount a row, every port registered.
/// </summary>
internal sealed class CountingMacro(int rows, int columns, bool pairs = false) : Module(FormattableString.Invariant($"r{rows}_c{columns}"))
{
    public Output Counts { get; } = new(rows * Widths.Count(columns));

    public Input Write { get; } = new(1);

    public Input Row { get; } = new(Widths.Index(rows));

    public Input WriteData { get; } = new(columns);

    public Input Operand { get; } = new(columns);

    public Input Operation { get; } = new(2);

    protected override void Build()
    {
        Register(out var write, Write, name: "taken_write");
        Register(out var row, Row, name: "taken_row");
        Register(out var writeData, WriteData, name: "taken_write_data");
        Register(out var operand, Operand, name: "taken_operand");
        Register(out var operation, Operation, name: "taken_operation");
        var counts = new Signal[rows];
        for (var i = 0; i < rows; i++)
        {
            Instance(out var cells, new CountingRow(columns, pairs), index: i);
            cells.Write.Drive(write & row.EqualTo(i));
            cells.WriteData.Drive(writeData);
            cells.Operand.Drive(operand);
            cells.Operation.Drive(operation);
            counts[rows - 1 - i] = cells.Count;
        }

        Counts.Drive(Concatenate(counts));
    }
}

/// <summary>A row, its key, an operand and a count, all registered: with the key's gate between storage and row operation, or with a key that nothing reads.</summary>
internal sealed class DecryptedRow(int columns, bool decrypts) : Module(FormattableString.Invariant($"c{columns}") + (decrypts ? "_decrypt" : string.Empty))
{
    public Output Count { get; } = new(Widths.Count(columns));

    public Input Write { get; } = new(1);

    public Input WriteData { get; } = new(columns);

    public Input? Key { get; } = decrypts ? new(columns) : null;

    public Input Operand { get; } = new(columns);

    public Input Operation { get; } = new(2);

    protected override void Build()
    {
        Register(out var cells, WriteData, enable: Write);
        Register(out var operand, Operand, name: "taken_operand");
        Register(out var operation, Operation, name: "taken_operation");
        Signal plain = cells;
        if (Key is { } key)
        {
            Register(out var taken, key, name: "taken_key");
            plain = cells ^ taken;
        }
        Wire(out var stored, plain);
        Wire(out var notBoth, ~(stored & operand));
        Wire(out var either, stored | operand);
        Wire(out var result, Select(operation, notBoth, ~notBoth, notBoth & either, either));
        Register(out var count, PopCount(result));
        Count.Drive(count);
    }
}
