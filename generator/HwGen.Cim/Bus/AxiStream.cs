using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>AXI4-Stream (AMBA 4) of 32-bit words: what is valid stays as it is until it is taken.</summary>
public sealed class AxiStream : Bundle
{
    /// <summary>Makes its ports.</summary>
    /// <param name="side">The side that the module is.</param>
    /// <param name="hasLast">Whether the last word of a transfer is told.</param>
    /// <param name="name">What the names of its ports begin with; from the property when null.</param>
    public AxiStream(BundleSide side, bool hasLast, string? name = null)
        : base(side, name)
    {
        Data = Forward(32, "tdata");
        Last = hasLast ? Forward(1, "tlast") : null;
        Valid = Forward(1, "tvalid");
        Ready = Backward(1, "tready");
    }

    /// <summary>The word.</summary>
    public Port Data { get; }

    /// <summary>1 with the last word of a transfer.</summary>
    public Port? Last { get; }

    /// <summary>1 when a word is there.</summary>
    public Port Valid { get; }

    /// <summary>1 when it is taken.</summary>
    public Port Ready { get; }
}
