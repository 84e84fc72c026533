using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Answers an AXI4-Lite host out of registers: one write and one read at a time, address and data of a write in any order.</summary>
public sealed class AxiLiteSlave : Module
{
    /// <summary>The host.</summary>
    public AxiLite Host { get; } = new(BundleSide.Sink);

    /// <summary>The registers.</summary>
    public RegisterAccess Registers { get; } = new(BundleSide.Source);

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
            failed.Drive(~Registers.WriteAccepted);
        });
        Host.WriteAddressReady.Drive(addressReady);
        Host.WriteDataReady.Drive(dataReady);
        Host.WriteResponseValid.Drive(responds);
        Host.WriteResponse.Drive(Concatenate(failed, Constant(0, 1)));
        Registers.Write.Drive(writes & Registers.WriteAccepted);
        Registers.WriteAddress.Drive(address);
        Registers.WriteData.Drive(data);
        Registers.WriteStrobe.Drive(strobe);

        Register(out var hasRead, 1, reset: 0);
        Wire(out var readReady, awake & ~hasRead);
        Wire(out var reads, Host.ReadAddressValid & readReady);
        Register(out var answer, Registers.ReadData, enable: reads);
        Register(out var readFailed, ~Registers.ReadAccepted, enable: reads);
        When(hasRead & Host.ReadDataReady, () => hasRead.Drive(0));
        When(reads, () => hasRead.Drive(1));
        Registers.ReadAddress.Drive(Host.ReadAddress);
        Host.ReadAddressReady.Drive(readReady);
        Host.ReadDataValid.Drive(hasRead);
        Host.ReadData.Drive(answer);
        Host.ReadResponse.Drive(Concatenate(readFailed, Constant(0, 1)));
    }
}
