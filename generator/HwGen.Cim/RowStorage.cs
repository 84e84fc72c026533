using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The rows of one lane, whatever their cells are made of: a row is written in a cycle, and the row whose group is given in one cycle is there
/// in the next, as is its row operation. A block that reads rows needs to know no more.
/// </summary>
/// <param name="columns">Cells of a row.</param>
/// <param name="groups">Rows of the lane.</param>
/// <param name="hasOperations">False where one row operation is built: nothing is kept then.</param>
/// <param name="use">The end of the module's name, where a core has two kinds of one size.</param>
public abstract class RowStorage(int columns, int groups, bool hasOperations, string use = "")
    : Module(FormattableString.Invariant($"c{columns}_g{groups}") + (hasOperations ? string.Empty : "_plain") + use)
{
    /// <summary>Cells of a row.</summary>
    protected int Columns { get; } = columns;

    /// <summary>Rows of the lane.</summary>
    protected int Groups { get; } = groups;

    /// <summary>The end of the module's name.</summary>
    protected string Use { get; } = use;

    /// <summary>The row that is written, or read for the next cycle; none for a lane of one row.</summary>
    public Input? Group { get; } = groups > 1 ? new(Widths.Index(groups)) : null;

    /// <summary>1 to write the row.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(columns);

    /// <summary>The row operation that is written with them; none where one row operation is built.</summary>
    public Input? WriteOperation { get; } = hasOperations ? new(2) : null;

    /// <summary>The stored bits of the row.</summary>
    public Output Stored { get; } = new(columns);

    /// <summary>Its row operation; none where one row operation is built.</summary>
    public Output? Operation { get; } = hasOperations ? new(2) : null;

    /// <summary>The storage that a configuration asks for. A lane of one row is a register in every kind.</summary>
    internal static RowStorage Of(ArrayConfiguration configuration)
    {
        var hasOperations = configuration.RowOperations.Count > 1;
        return configuration.Storage == StorageKind.Memory && configuration.Groups > 1
            ? new RowMemory(configuration.Columns, configuration.Groups, hasOperations, configuration.MemoryMacro == MemoryMacroKind.External)
            : new RowCells(configuration.Columns, configuration.Groups, hasOperations);
    }
}
