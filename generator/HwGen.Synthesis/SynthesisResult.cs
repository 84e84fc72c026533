using HwGen.Synthesis.Timing;

namespace HwGen.Synthesis;

/// <summary>What came out of a synthesis.</summary>
/// <param name="Target">What for.</param>
/// <param name="Top">The module.</param>
public sealed record SynthesisResult(SynthesisTarget Target, string Top)
{
    /// <summary>The library's name; null for FPGAs and for no library.</summary>
    public string? Library { get; init; }

    /// <summary>Cells by name.</summary>
    public required IReadOnlyDictionary<string, int> Cells { get; init; }

    /// <summary>The area of the cells in the library's unit, µm² as a rule; null where there is no library. Black boxes are not in it.</summary>
    public double? Area { get; init; }

    /// <summary>Flip-flops.</summary>
    public int FlipFlops { get; init; }

    /// <summary>Full and half adders of the library.</summary>
    public (int Full, int Half) Adders { get; init; }

    /// <summary>Memories that are black boxes, and their bits together.</summary>
    public (int Count, long Bits) BlackBoxMemories { get; init; }

    /// <summary>Modules that are described elsewhere, such as a flow's own memory macros.</summary>
    public IReadOnlyList<string> BlackBoxes { get; init; } = [];

    /// <summary>Timing; null where no tool looks at it.</summary>
    public TimingResult? Timing { get; init; }

    /// <summary>What an FPGA takes; null for others.</summary>
    public FpgaUse? Fpga { get; init; }

    /// <summary>The folder of netlist, reports and logs.</summary>
    public required string Folder { get; init; }

    /// <summary>What a person has to know of the figures, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>All cells together.</summary>
    public int CellCount => Cells.Values.Sum();
}

/// <summary>What a placed, or only synthesized, FPGA design takes.</summary>
/// <param name="Luts">Look-up tables.</param>
/// <param name="LogicCells">Logic cells after packing; null where nothing was placed.</param>
/// <param name="BlockRams">Block RAMs.</param>
/// <param name="Bitstream">The file of the bitstream; null where there is none.</param>
/// <param name="HasSerialWrapper">Whether the design was put behind a serial wrapper, which is in the figures.</param>
public sealed record FpgaUse(int Luts, int? LogicCells, int BlockRams, string? Bitstream, bool HasSerialWrapper);
