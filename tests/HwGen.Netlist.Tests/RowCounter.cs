namespace HwGen.Netlist.Tests;

/// <summary>Applies the selected Boolean operation to one stored row and the operand, and counts the ones.</summary>
public sealed class RowCounter(int columns) : Module($"c{columns}")
{
    public Output Count { get; } = new(Widths.Count(columns));

    public Input Stored { get; } = new(columns);

    public Input Operand { get; } = new(columns);

    public Input Operation { get; } = new(2);

    protected override void Build()
    {
        Wire(out var notBoth, ~(Stored & Operand));
        Wire(out var either, Stored | Operand);
        Wire(out var bits, Select(Operation, notBoth, ~notBoth, notBoth & either, either));
        Register(out var count, PopCount(bits), reset: 0);
        Count.Drive(count);
    }
}
