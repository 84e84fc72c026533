using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>A list of the addresses whose key bit is 1: each entry is a row group, a lane and a column, or is empty.</summary>
/// <param name="configuration">The array and the number of entries.</param>
public sealed class SparseKeyStore(ArrayConfiguration configuration)
    : KeyStore(configuration, FormattableString.Invariant($"g{configuration.Groups}_c{configuration.Columns}_l{configuration.Lanes}_e{configuration.KeyEntries}"))
{
    /// <summary>The entry that is written.</summary>
    public Input Entry { get; } = new(configuration.KeyEntryBits);

    /// <summary>The column of its address; one past the last is in no row.</summary>
    public Input Column { get; } = new(configuration.ColumnBits);

    /// <summary>1 for an address, 0 to empty the entry.</summary>
    public Input Present { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (columns, lanes, entries) = (Configuration.Columns, Configuration.Lanes, Configuration.KeyEntries);
        Instance(out var sweep, new KeySweep(entries));
        sweep.Zeroize.Drive(Zeroize);
        sweep.Write.Drive(Write);
        Busy.Drive(sweep.Busy);
        Wire(out var writes, (Write & ~sweep.Busy) | sweep.Clear);
        Wire(out var written, Choose(sweep.Clear, sweep.ClearAddress, Entry));
        Wire(out var stays, ~sweep.Clear);
        Signal? readGroup = null;
        if (Group is { } next)
        {
            Register(out var wanted, next);
            readGroup = wanted;
        }

        var entryLanes = new Signal[entries];
        var bits = new Signal[entries];
        for (var i = 0; i < entries; i++)
        {
            using var scope = Scope(FormattableString.Invariant($"entry_{i}"));
            Wire(out var write, writes & written.EqualTo(i));
            Register(out var present, Present & stays, enable: write);
            Register(out var lane, Lane & Repeat(stays, Lane.Width), enable: write);
            Register(out var column, Column & Repeat(stays, Column.Width), enable: write);
            var matches = (Signal)present;
            if (Group is { } address)
            {
                Register(out var group, address & Repeat(stays, address.Width), enable: write);
                matches = present & group.EqualTo(readGroup!);
            }

            Wire(out var hit, matches & sweep.KeysValid);
            Wire(out var bit, Constant(1, columns).ShiftLeft(column) & Repeat(hit, columns));
            entryLanes[i] = lane;
            bits[i] = bit;
        }

        for (var i = 0; i < lanes; i++)
        {
            var key = Constant(0, columns);
            for (var entry = 0; entry < entries; entry++)
            {
                key |= lanes == 1 ? bits[entry] : bits[entry] & Repeat(entryLanes[entry].EqualTo(i), columns);
            }

            Keys[i].Drive(key);
        }

        if (lanes == 1)
        {
            foreach (var lane in entryLanes)
            {
                Discard(lane);
            }
        }
    }
}
