using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The host's ports of the similarity unit: the command, the valid bits, the distances that are read.</summary>
public sealed class SimilarityHost : Bundle
{
    /// <summary>Makes the ports of a core or of the unit in it.</summary>
    public SimilarityHost(ArrayConfiguration configuration)
        : base(BundleSide.Sink)
    {
        var widths = new SimilarityWidths(configuration);
        Write = Forward(1, "write");
        Address = Forward(SimilarityLayout.AddressBits, "address");
        Data = Forward(32, "data");
        Start = Forward(1, "start");
        Busy = Backward(1, "busy");
        Done = Backward(1, "done");
        Cycles = Backward(40, "cycles");
        Stalls = Backward(40, "stalls");
        ValidWrite = Forward(1, "valid_write");
        ValidAddress = Forward(widths.ValidAddressBits, "valid_address");
        ValidData = Forward(32, "valid_data");
        ValidReadData = Backward(32, "valid_read_data");
        DistanceValid = Backward(1, "distance_valid");
        DistanceData = Backward(widths.DistanceBits, "distance_data");
        DistanceReady = Forward(1, "distance_ready");
    }

    /// <summary>1 to write a field of the command; ignored while the unit or the core is busy.</summary>
    public Port Write { get; }

    /// <summary>Which field of the command.</summary>
    public Port Address { get; }

    /// <summary>Its value.</summary>
    public Port Data { get; }

    /// <summary>1 to run the command; ignored while the unit or the core is busy.</summary>
    public Port Start { get; }

    /// <summary>1 while a command runs.</summary>
    public Port Busy { get; }

    /// <summary>1 from the end of a command to the start of the next.</summary>
    public Port Done { get; }

    /// <summary>Cycles that the command has been busy, stalls among them.</summary>
    public Port Cycles { get; }

    /// <summary>Cycles in which the host did not take a distance.</summary>
    public Port Stalls { get; }

    /// <summary>1 to write 32 valid bits; ignored while the unit is busy.</summary>
    public Port ValidWrite { get; }

    /// <summary>Which 32 filters' valid bits are written or read.</summary>
    public Port ValidAddress { get; }

    /// <summary>The valid bits: 1 for a filter that is alive; the lowest bit belongs to the lowest filter.</summary>
    public Port ValidData { get; }

    /// <summary>The valid bits at the address, one cycle later.</summary>
    public Port ValidReadData { get; }

    /// <summary>1 when a distance is there: those of all pairs of alive filters, by the lower filter, then the higher.</summary>
    public Port DistanceValid { get; }

    /// <summary>The distance: squared where it is Euclidean.</summary>
    public Port DistanceData { get; }

    /// <summary>1 when the host takes the distance.</summary>
    public Port DistanceReady { get; }

    /// <summary>Connects the unit's ports with those of the module around it.</summary>
    /// <param name="outer">The ports of the module around.</param>
    /// <param name="idle">1 while the rest of the core is idle: only then a command starts or is written.</param>
    internal void Connect(SimilarityHost outer, Signal idle)
    {
        Drive(Write, outer.Write & idle);
        Drive(Address, outer.Address);
        Drive(Data, outer.Data);
        Drive(Start, outer.Start & idle);
        Drive(ValidWrite, outer.ValidWrite);
        Drive(ValidAddress, outer.ValidAddress);
        Drive(ValidData, outer.ValidData);
        Drive(DistanceReady, outer.DistanceReady);
        Drive(outer.Busy, Busy);
        Drive(outer.Done, Done);
        Drive(outer.Cycles, Cycles);
        Drive(outer.Stalls, Stalls);
        Drive(outer.ValidReadData, ValidReadData);
        Drive(outer.DistanceValid, DistanceValid);
        Drive(outer.DistanceData, DistanceData);

        static void Drive(Port port, Signal value) => port.Drive(value);
    }
}
