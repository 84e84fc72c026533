using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The resistive rows of all lanes: a bank a lane, spare rows in banks of one word each, so that any spare row can stand for any row in any cycle, and what writes, tests and repairs them. The
/// rows of the group that is given in one cycle are there in the next, as in every storage.
/// </summary>
/// <param name="configuration">The array.</param>
public sealed class RramArray(ArrayConfiguration configuration)
    : Module(FormattableString.Invariant($"g{configuration.Groups}_c{configuration.Columns}_l{configuration.Lanes}_s{configuration.SpareRows}"))
{
    /// <summary>The row group that is read for the next cycle, or written.</summary>
    public Input? Group { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>1 to write a row; taken while not busy.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The lane of the row that is written or asked for.</summary>
    public Input WriteLane { get; } = new(configuration.LaneBits);

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(configuration.Columns);

    /// <summary>The row operation that is written with them; none where one row operation is built.</summary>
    public Input? WriteOperation { get; } = configuration.RowOperations.Count > 1 ? new(2) : null;

    /// <summary>1 to test all rows and map those away that fail.</summary>
    public Input SelfTest { get; } = new(1);

    /// <summary>1 to check the parity of all rows; none without parity.</summary>
    public Input? Scrub { get; } = configuration.RowParity == RowParityKind.Even ? new(1) : null;

    /// <summary>1 while a row is written, or rows are tested.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 when some row could not be repaired.</summary>
    public Output Failed { get; } = new(1);

    /// <summary>1 when the row that was asked for a cycle before is one of those.</summary>
    public Output RowFailed { get; } = new(1);

    /// <summary>The stored bits of each lane's row.</summary>
    public IReadOnlyList<Output> Stored { get; } = [.. Enumerable.Range(0, configuration.Lanes).Select(i => new Output(configuration.Columns, FormattableString.Invariant($"stored_{i}")))];

    /// <summary>The row operation of each lane's row; none where one is built.</summary>
    public IReadOnlyList<Output> Operations { get; } = configuration.RowOperations.Count == 1
        ? [] : [.. Enumerable.Range(0, configuration.Lanes).Select(i => new Output(2, FormattableString.Invariant($"operation_{i}")))];

    /// <inheritdoc/>
    protected override void Build()
    {
        var (lanes, groups, width) = (configuration.Lanes, configuration.Groups, configuration.StoredBits);
        Instance(out var control, new RramControl(configuration));
        control.Write.Drive(Write);
        control.WriteLane.Drive(WriteLane);
        control.WriteGroup?.Drive(Group!);
        control.WriteData.Drive(WriteData);
        control.SelfTest.Drive(SelfTest);
        control.Scrub?.Drive(Scrub!);
        Busy.Drive(control.Busy);
        Failed.Drive(control.Failed);
        RowFailed.Drive(control.RowFailed);

        Signal? wordLine = null, readGroup = null;
        if (Group is { } group)
        {
            Wire(out var selected, Choose(control.Busy, control.Group!, group));
            wordLine = selected;
            if (configuration.SpareRows > 0)
            {
                Register(out var lastGroup, selected);
                readGroup = lastGroup;
            }
        }

        Signal Bank(int words, string name, Signal works)
        {
            Instance(out var bank, new RramBank(words, width), name: name);
            bank.WordLine?.Drive(wordLine!);
            bank.BitLine.Drive(control.BitLine & Repeat(works, width));
            bank.SourceLine.Drive(control.SourceLine & Repeat(works, width));
            return bank.Sense;
        }

        var spares = Enumerable.Range(0, configuration.SpareRows)
            .Select(i => Bank(1, FormattableString.Invariant($"spare_{i}"), control.OnSpare & control.Spare!.EqualTo(i))).ToArray();
        var banks = Enumerable.Range(0, lanes)
            .Select(i => Bank(groups, FormattableString.Invariant($"bank_{i}"), lanes == 1 ? ~control.OnSpare : ~control.OnSpare & control.Lane.EqualTo(i))).ToArray();
        var sense = lanes == 1 ? banks[0] : Select(control.Lane, banks);
        control.Sense.Drive(spares.Length == 0 ? sense : Choose(control.OnSpare, spares.Length == 1 ? spares[0] : Select(control.Spare!, spares), sense));
        if (lanes == 1)
        {
            Discard(control.Lane);
        }

        for (var lane = 0; lane < lanes; lane++)
        {
            var row = banks[lane];
            for (var i = 0; i < spares.Length; i++)
            {
                var stands = control.SpareUsed[i] & control.SpareLane[i].EqualTo(lane);
                stands = readGroup is null ? stands : stands & control.SpareGroup[i].EqualTo(readGroup);
                row = Choose(stands, spares[i], row);
            }

            if (width > configuration.Columns)
            {
                Discard(row);
            }

            Stored[lane].Drive(row.Truncate(configuration.Columns));
            if (WriteOperation is { } operation)
            {
                using var scope = Scope(FormattableString.Invariant($"lane_{lane}"));
                var write = Write & ~control.Busy;
                write = lanes == 1 ? write : write & WriteLane.EqualTo(lane);
                if (Group is { } address)
                {
                    Memory(out var rowOperations, groups, 2);
                    rowOperations.Write(write, address, operation);
                    ReadPort(out var read, rowOperations, address, enable: ~write);
                    Operations[lane].Drive(read);
                }
                else
                {
                    Register(out var rowOperation, operation, enable: write);
                    Operations[lane].Drive(rowOperation);
                }
            }
        }
    }
}
