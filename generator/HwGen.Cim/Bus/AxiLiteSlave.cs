using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Answers an AXI4-Lite host out of registers: one write and one read at a time, address and data of a write in any order.</summary>
public sealed class AxiLiteSlave : Module
{
    /// <summary>The host.</summary>
    public AxiLite Host { get; } = new(BundleSide.Sink);

    /// <summary>1 to write a register.</summary>
    public Output Write { get; } = new(1);

    /// <summary>The byte address of the write.</summary>
    public Output WriteAddress { get; } = new(RegisterMap.AddressBits);

    /// <summary>Its data.</summary>
    public Output WriteData { get; } = new(32);

    /// <summary>Its bytes.</summary>
    public Output WriteStrobe { get; } = new(4);

    /// <summary>1 when the address is that of a register that can be written.</summary>
    public Input WriteAccepted { get; } = new(1);

    /// <summary>The byte address of a read.</summary>
    public Output ReadAddress { get; } = new(RegisterMap.AddressBits);

    /// <summary>What the register holds.</summary>
    public Input ReadData { get; } = new(32);

    /// <summary>1 when the address is that of a register.</summary>
    public Input ReadAccepted { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        // Ready only behind a reset, when the first clock has come.
        Register(out var awake, Constant(1, 1), reset: 0);
        Register(out var hasAddress, 1, reset: 0);
        Register(out var hasData, 1, reset: 0);
        Register(out var responds, 1, reset: 0);
        Wire(out var addressReady, awake & ~hasAddress);
        Wire(out var dataReady, awake & ~hasData);
        Register(out var address, Host.WriteAddress, enable: Host.WriteAddressValid & addressReady);
        Register(out var data, Host.WriteData, enable: Host.WriteDataValid & dataReady);
        Register(out var strobe, Host.WriteStrobe, enable: Host.WriteDataValid & dataReady);
        Register(out var failed, 1);
        Wire(out var writes, hasAddress & hasData & ~responds);
        When(Host.WriteAddressValid & addressReady, () => hasAddress.Drive(1));
        When(Host.WriteDataValid & dataReady, () => hasData.Drive(1));
        When(responds & Host.WriteResponseReady, () => responds.Drive(0));
        When(writes, () =>
        {
            hasAddress.Drive(0);
            hasData.Drive(0);
            responds.Drive(1);
            failed.Drive(~WriteAccepted);
        });
        Host.WriteAddressReady.Drive(addressReady);
        Host.WriteDataReady.Drive(dataReady);
        Host.WriteResponseValid.Drive(responds);
        Host.WriteResponse.Drive(Concatenate(failed, Constant(0, 1)));
        Write.Drive(writes & WriteAccepted);
        WriteAddress.Drive(address);
        WriteData.Drive(data);
        WriteStrobe.Drive(strobe);

        Register(out var hasRead, 1, reset: 0);
        Wire(out var readReady, awake & ~hasRead);
        Wire(out var reads, Host.ReadAddressValid & readReady);
        Register(out var answer, ReadData, enable: reads);
        Register(out var readFailed, ~ReadAccepted, enable: reads);
        When(hasRead & Host.ReadDataReady, () => hasRead.Drive(0));
        When(reads, () => hasRead.Drive(1));
        ReadAddress.Drive(Host.ReadAddress);
        Host.ReadAddressReady.Drive(readReady);
        Host.ReadDataValid.Drive(hasRead);
        Host.ReadData.Drive(answer);
        Host.ReadResponse.Drive(Concatenate(readFailed, Constant(0, 1)));
    }
}
