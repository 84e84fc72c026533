using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The logic that evaluates a stored row a cycle: the row operation with the operand, the column mask, the popcount.</summary>
/// <param name="columns">Cells of a row.</param>
/// <param name="operations">The row operations that are built.</param>
/// <param name="isInstructed">Whether an instruction can give the row operation in place of the row's own.</param>
public sealed class Lane(int columns, IReadOnlyList<RowOperation> operations, bool isInstructed = false)
    : Module(FormattableString.Invariant($"c{columns}") + (operations.Count == 4 ? string.Empty : "_" + string.Join('_', operations).ToLowerInvariant())
        + (isInstructed ? "_instructed" : string.Empty))
{
    /// <summary>The stored bits of the row.</summary>
    public Input Stored { get; } = new(columns);

    /// <summary>Its row operation; none where one is built.</summary>
    public Input? Operation { get; } = operations.Count > 1 ? new(2) : null;

    /// <summary>The input bits.</summary>
    public Input Operand { get; } = new(columns);

    /// <summary>The columns that count.</summary>
    public Input Mask { get; } = new(columns);

    /// <summary>1 when the instruction gives the row operation; none where one is built.</summary>
    public Input? Instructed { get; } = isInstructed && operations.Count > 1 ? new(1) : null;

    /// <summary>The row operation of the instruction.</summary>
    public Input? Instruction { get; } = isInstructed && operations.Count > 1 ? new(2) : null;

    /// <summary>The ones of the row operation's result, one cycle later.</summary>
    public Output Count { get; } = new(Widths.Count(columns));

    /// <inheritdoc/>
    protected override void Build()
    {
        // Two gates and a select make all four operations; only those that are asked for are built.
        Wire(out var notBoth, ~(Stored & Operand));
        Signal? either = null;
        if (operations.Contains(RowOperation.Or) || operations.Contains(RowOperation.Xor))
        {
            Wire(out var anyOne, Stored | Operand);
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
        if (operations is [RowOperation.Or])
        {
            Discard(notBoth);
        }

        Signal? selected = Operation;
        if (Instructed is { } instructed)
        {
            Wire(out var rowOperation, Choose(instructed, Instruction!, Operation!));
            selected = rowOperation;
        }

        Wire(out var result, Result(selected, options));
        Wire(out var counted, result & Mask);
        Register(out var count, PopCount(counted));
        Count.Drive(count);
    }

    /// <summary>The selected result; of two, one bit of the code tells which.</summary>
    private Signal Result(Signal? selected, Signal[] options)
    {
        if (selected is null)
        {
            return options[0];
        }

        if (operations.Count != 2)
        {
            return Select(selected, options);
        }

        var (first, second) = ((int)operations[0], (int)operations[1]);
        var bit = ((first ^ second) & 1) != 0 ? 0 : 1;
        Discard(selected[1 - bit]);
        return ((first >> bit) & 1) == 0 ? Choose(selected[bit], options[second], options[first]) : Choose(selected[bit], options[first], options[second]);
    }
}
