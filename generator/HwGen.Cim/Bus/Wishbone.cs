using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Wishbone B4, classic cycles, 32-bit data; the source is the host.</summary>
public sealed class Wishbone : Bundle
{
    /// <summary>Makes its ports.</summary>
    public Wishbone(BundleSide side, string? name = null)
        : base(side, name)
    {
        Address = Forward(RegisterMap.AddressBits, "adr");
        WriteData = Forward(32, "dat_w");
        ReadData = Backward(32, "dat_r");
        Select = Forward(4, "sel");
        WriteEnable = Forward(1, "we");
        Cycle = Forward(1, "cyc");
        Strobe = Forward(1, "stb");
        Acknowledge = Backward(1, "ack");
        Error = Backward(1, "err");
    }

    /// <summary>The byte address.</summary>
    public Port Address { get; }

    /// <summary>The data of a write.</summary>
    public Port WriteData { get; }

    /// <summary>The data of a read, with Acknowledge.</summary>
    public Port ReadData { get; }

    /// <summary>One bit a byte: 1 when it is written.</summary>
    public Port Select { get; }

    /// <summary>1 for a write, 0 for a read.</summary>
    public Port WriteEnable { get; }

    /// <summary>1 while the host has the bus.</summary>
    public Port Cycle { get; }

    /// <summary>1 while a transfer is asked for.</summary>
    public Port Strobe { get; }

    /// <summary>1 in the cycle in which the transfer ends well.</summary>
    public Port Acknowledge { get; }

    /// <summary>1 in the cycle in which it ends badly: there is no such register, or it is only read.</summary>
    public Port Error { get; }
}

/// <summary>Answers a Wishbone host out of registers, a cycle behind each request.</summary>
public sealed class WishboneSlave : Module
{
    /// <summary>The host.</summary>
    public Wishbone Host { get; } = new(BundleSide.Sink);

    /// <summary>The registers.</summary>
    public RegisterAccess Registers { get; } = new(BundleSide.Source);

    /// <inheritdoc/>
    protected override void Build()
    {
        Register(out var answers, 1, reset: 0);
        Register(out var failed, 1);
        Register(out var answer, Registers.ReadData);
        Wire(out var requested, Host.Cycle & Host.Strobe & ~answers);
        Wire(out var accepted, Choose(Host.WriteEnable, Registers.WriteAccepted, Registers.ReadAccepted));
        answers.Drive(requested);
        failed.Drive(~accepted);
        Registers.Write.Drive(requested & Host.WriteEnable & Registers.WriteAccepted);
        Registers.WriteAddress.Drive(Host.Address);
        Registers.WriteData.Drive(Host.WriteData);
        Registers.WriteStrobe.Drive(Host.Select);
        Registers.ReadAddress.Drive(Host.Address);
        // A host that gives up is not answered.
        Host.Acknowledge.Drive(answers & ~failed & Host.Cycle & Host.Strobe);
        Host.Error.Drive(answers & failed & Host.Cycle & Host.Strobe);
        Host.ReadData.Drive(answer);
    }
}
