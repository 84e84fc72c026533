using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>A key bit for each stored bit: a bank a lane, of the same shape and timing as the lane's rows.</summary>
/// <param name="configuration">The array.</param>
public sealed class DenseKeyStore(ArrayConfiguration configuration)
    : KeyStore(configuration, FormattableString.Invariant($"g{configuration.Groups}_c{configuration.Columns}_l{configuration.Lanes}"))
{
    /// <summary>The key of a whole row.</summary>
    public Input Data { get; } = new(configuration.Columns);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (groups, columns, lanes) = (Configuration.Groups, Configuration.Columns, Configuration.Lanes);
        Instance(out var sweep, new KeySweep(groups));
        sweep.Zeroize.Drive(Zeroize);
        sweep.Write.Drive(Write);
        Busy.Drive(sweep.Busy);
        Wire(out var writes, Write & ~sweep.Busy);
        Wire(out var written, Data & ~Repeat(sweep.Clear, columns));
        Wire(out var valid, Repeat(sweep.KeysValid, columns));
        Signal? address = null;
        if (Group is { } group)
        {
            Wire(out var bankAddress, Choose(sweep.Clear, sweep.ClearAddress, group));
            address = bankAddress;
        }
        else
        {
            Discard(sweep.ClearAddress);
        }

        if (lanes == 1)
        {
            Discard(Lane);
        }

        for (var i = 0; i < lanes; i++)
        {
            RowStorage storage = Configuration.Storage == StorageKind.FlipFlop || groups == 1
                ? new RowCells(columns, groups, hasOperations: false)
                : new RowMemory(
                    columns, groups, hasOperations: false, isExternal: false, use: Configuration.MemoryMacro == MemoryMacroKind.External ? "_keys" : string.Empty);
            Instance(out var bank, storage, index: i);
            bank.Group?.Drive(address!);
            bank.Write.Drive(sweep.Clear | (lanes == 1 ? writes : writes & Lane.EqualTo(i)));
            bank.WriteData.Drive(written);
            Keys[i].Drive(bank.Stored & valid);
        }
    }
}
