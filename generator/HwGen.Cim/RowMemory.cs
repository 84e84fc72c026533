using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The rows of one lane in a memory with a registered read; their row operations in a small one beside it.</summary>
/// <param name="columns">Cells of a row.</param>
/// <param name="groups">Rows of the lane, at least 2.</param>
/// <param name="hasOperations">False where one row operation is built.</param>
/// <param name="isExternal">True where synthesis takes the memory from elsewhere.</param>
/// <param name="use">The end of the modules' names, where a core has such memories from elsewhere and others.</param>
public sealed class RowMemory(int columns, int groups, bool hasOperations, bool isExternal, string use = "") : RowStorage(columns, groups, hasOperations, use)
{
    /// <inheritdoc/>
    protected override void Build()
    {
        Instance(out var bank, new RowMemoryBank(Groups, Columns, isExternal, Use));
        bank.Address.Drive(Group!);
        bank.Write.Drive(Write);
        bank.WriteData.Drive(WriteData);
        Stored.Drive(bank.ReadData);
        if (WriteOperation is { } operation)
        {
            Memory(out var rowOperations, Groups, 2);
            rowOperations.Write(Write, Group!, operation);
            ReadPort(out var readOperation, rowOperations, Group!, enable: ~Write);
            Operation!.Drive(readOperation);
        }
    }
}

/// <summary>
/// A memory with one port: each cycle it writes a word or reads one, which is there in the next cycle and stays while words are written. Block RAM, or an
/// SRAM macro in a wrapper of this name.
/// </summary>
/// <param name="words">Words.</param>
/// <param name="width">Bits of a word.</param>
/// <param name="isExternal">True where synthesis takes it from elsewhere: it gets a stub and a behavioural model.</param>
/// <param name="use">The end of the module's name.</param>
public sealed class RowMemoryBank(int words, int width, bool isExternal, string use = "") : Module(FormattableString.Invariant($"w{words}_c{width}{use}"))
{
    /// <inheritdoc/>
    protected override bool IsExternal => isExternal;

    /// <summary>The word that is written or read.</summary>
    public Input Address { get; } = new(Widths.Index(words));

    /// <summary>1 to write, 0 to read.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(width);

    /// <summary>The word that was read last.</summary>
    public Output ReadData { get; } = new(width);

    /// <inheritdoc/>
    protected override void Build()
    {
        Memory(out var cells, words, width);
        cells.Write(Write, Address, WriteData);
        ReadPort(out var word, cells, Address, enable: ~Write);
        ReadData.Drive(word);
    }
}
