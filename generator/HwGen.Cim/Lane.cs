using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Some rows of cells and the logic that evaluates one of them a cycle: the row operation with the operand, the column mask, the popcount.</summary>
/// <param name="columns">Cells of a row.</param>
/// <param name="groups">Rows that the lane holds.</param>
/// <param name="operations">The row operations that are built.</param>
public sealed class Lane(int columns, int groups, IReadOnlyList<RowOperation> operations)
    : Module(FormattableString.Invariant($"c{columns}_g{groups}") + (operations.Count == 4 ? string.Empty : "_" + string.Join('_', operations).ToLowerInvariant()))
{
    /// <summary>The row that is written, read back or evaluated; none for a lane of one row.</summary>
    public Input? Group { get; } = groups > 1 ? new(Widths.Index(groups)) : null;

    /// <summary>The input bits.</summary>
    public Input Operand { get; } = new(columns);

    /// <summary>The columns that count.</summary>
    public Input Mask { get; } = new(columns);

    /// <summary>1 to write the row.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(columns);

    /// <summary>The row operation that is written with them.</summary>
    public Input WriteOperation { get; } = new(2);

    /// <summary>The stored bits of the row.</summary>
    public Output Stored { get; } = new(columns);

    /// <summary>The ones of the row operation's result, one cycle later.</summary>
    public Output Count { get; } = new(Widths.Count(columns));

    /// <inheritdoc/>
    protected override void Build()
    {
        Signal row, operation;
        if (Group is { } group)
        {
            Memory(out var rows, groups, columns);
            Memory(out var rowOperations, groups, 2);
            rows.Write(Write, group, WriteData);
            rowOperations.Write(Write, group, WriteOperation);
            (row, operation) = (rows.Read(group), rowOperations.Read(group));
        }
        else
        {
            Register(out var cells, WriteData, enable: Write);
            Register(out var cellOperation, WriteOperation, enable: Write);
            (row, operation) = (cells, cellOperation);
        }

        Wire(out var storedBits, row);
        Wire(out var rowOperation, operation);
        Stored.Drive(storedBits);

        // Two gates and a select make all four operations; only those that are asked for are built.
        Wire(out var notBoth, ~(storedBits & Operand));
        Signal? either = null;
        if (operations.Contains(RowOperation.Or) || operations.Contains(RowOperation.Xor))
        {
            Wire(out var anyOne, storedBits | Operand);
            either = anyOne;
        }

        var results = operations.ToDictionary(o => o, o => o switch
        {
            RowOperation.Nand => notBoth,
            RowOperation.And => ~notBoth,
            RowOperation.Xor => notBoth & either!,
            _ => either!,
        });
        var options = ArrayConfiguration.AllOperations.Select(o => results.GetValueOrDefault(o, results[operations[0]])).ToArray();
        if (operations.Count == 1)
        {
            Discard(rowOperation);
            if (operations[0] == RowOperation.Or)
            {
                Discard(notBoth);
            }
        }

        Wire(out var result, operations.Count == 1 ? options[0] : Select(rowOperation, options));
        Wire(out var counted, result & Mask);
        Register(out var count, PopCount(counted));
        Count.Drive(count);
    }
}
