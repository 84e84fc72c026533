using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>AXI4-Lite (AMBA 4) with 32-bit data; the source is the host.</summary>
public sealed class AxiLite : Bundle
{
    /// <summary>Makes its ports.</summary>
    public AxiLite(BundleSide side, string? name = null)
        : base(side, name)
    {
        WriteAddress = Forward(RegisterMap.AddressBits, "awaddr");
        WriteAddressValid = Forward(1, "awvalid");
        WriteAddressReady = Backward(1, "awready");
        WriteData = Forward(32, "wdata");
        WriteStrobe = Forward(4, "wstrb");
        WriteDataValid = Forward(1, "wvalid");
        WriteDataReady = Backward(1, "wready");
        WriteResponse = Backward(2, "bresp");
        WriteResponseValid = Backward(1, "bvalid");
        WriteResponseReady = Forward(1, "bready");
        ReadAddress = Forward(RegisterMap.AddressBits, "araddr");
        ReadAddressValid = Forward(1, "arvalid");
        ReadAddressReady = Backward(1, "arready");
        ReadData = Backward(32, "rdata");
        ReadResponse = Backward(2, "rresp");
        ReadDataValid = Backward(1, "rvalid");
        ReadDataReady = Forward(1, "rready");
    }

    /// <summary>The byte address of a write.</summary>
    public Port WriteAddress { get; }

    /// <summary>1 when the address of a write is there.</summary>
    public Port WriteAddressValid { get; }

    /// <summary>1 when it is taken.</summary>
    public Port WriteAddressReady { get; }

    /// <summary>The data of a write.</summary>
    public Port WriteData { get; }

    /// <summary>One bit a byte: 1 when it is written.</summary>
    public Port WriteStrobe { get; }

    /// <summary>1 when the data of a write is there.</summary>
    public Port WriteDataValid { get; }

    /// <summary>1 when it is taken.</summary>
    public Port WriteDataReady { get; }

    /// <summary>The response to a write: 0 good, 2 no such register, or one that is only read.</summary>
    public Port WriteResponse { get; }

    /// <summary>1 when the response to a write is there.</summary>
    public Port WriteResponseValid { get; }

    /// <summary>1 when the host takes it.</summary>
    public Port WriteResponseReady { get; }

    /// <summary>The byte address of a read.</summary>
    public Port ReadAddress { get; }

    /// <summary>1 when the address of a read is there.</summary>
    public Port ReadAddressValid { get; }

    /// <summary>1 when it is taken.</summary>
    public Port ReadAddressReady { get; }

    /// <summary>The data of a read.</summary>
    public Port ReadData { get; }

    /// <summary>The response to a read: 0 good, 2 no such register.</summary>
    public Port ReadResponse { get; }

    /// <summary>1 when the data of a read is there.</summary>
    public Port ReadDataValid { get; }

    /// <summary>1 when the host takes it.</summary>
    public Port ReadDataReady { get; }
}
