using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The rows of one lane in flip-flops.</summary>
/// <param name="columns">Cells of a row.</param>
/// <param name="groups">Rows of the lane.</param>
/// <param name="hasOperations">False where one row operation is built.</param>
public sealed class RowCells(int columns, int groups, bool hasOperations) : RowStorage(columns, groups, hasOperations)
{
    /// <inheritdoc/>
    protected override void Build()
    {
        if (Group is not { } group)
        {
            Register(out var cells, WriteData, enable: Write);
            Stored.Drive(cells);
            if (WriteOperation is { } onlyOperation)
            {
                Register(out var cellOperation, onlyOperation, enable: Write);
                Operation!.Drive(cellOperation);
            }

            return;
        }

        // The group is kept, not the row: a few bits a lane.
        Register(out var readGroup, group);
        Memory(out var rows, Groups, Columns);
        rows.Write(Write, group, WriteData);
        Stored.Drive(rows.Read(readGroup));
        if (WriteOperation is { } operation)
        {
            Memory(out var rowOperations, Groups, 2);
            rowOperations.Write(Write, group, operation);
            Operation!.Drive(rowOperations.Read(readGroup));
        }
    }
}
