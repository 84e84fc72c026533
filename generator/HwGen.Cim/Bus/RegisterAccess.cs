using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>What the slave of any bus asks of the registers: a write and a read, each done in its cycle; the source is the slave.</summary>
public sealed class RegisterAccess : Bundle
{
    /// <summary>Makes its ports.</summary>
    public RegisterAccess(BundleSide side, string? name = null)
        : base(side, name)
    {
        Write = Forward(1, "write");
        WriteAddress = Forward(RegisterMap.AddressBits, "write_address");
        WriteData = Forward(32, "write_data");
        WriteStrobe = Forward(4, "write_strobe");
        WriteAccepted = Backward(1, "write_accepted");
        ReadAddress = Forward(RegisterMap.AddressBits, "read_address");
        ReadData = Backward(32, "read_data");
        ReadAccepted = Backward(1, "read_accepted");
    }

    /// <summary>1 to write a register.</summary>
    public Port Write { get; }

    /// <summary>The byte address of the write.</summary>
    public Port WriteAddress { get; }

    /// <summary>Its data.</summary>
    public Port WriteData { get; }

    /// <summary>One bit a byte: 1 when it is written.</summary>
    public Port WriteStrobe { get; }

    /// <summary>1 when the address is that of a register that can be written.</summary>
    public Port WriteAccepted { get; }

    /// <summary>The byte address of a read.</summary>
    public Port ReadAddress { get; }

    /// <summary>What the register holds.</summary>
    public Port ReadData { get; }

    /// <summary>1 when the address is that of a register.</summary>
    public Port ReadAccepted { get; }
}
