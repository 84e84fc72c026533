namespace HwGen.Synthesis;

/// <summary>How a design is synthesized.</summary>
/// <param name="Target">What for.</param>
public sealed record SynthesisOptions(SynthesisTarget Target)
{
    /// <summary>The Liberty file that qflow's 180 nm package brings.</summary>
    public const string Osu018Liberty = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

    /// <summary>The LEF file that qflow's 180 nm package brings.</summary>
    public const string Osu018Lef = "/usr/share/qflow/tech/osu018/osu018_stdcells.lef";

    /// <summary>The library of a target of standard cells.</summary>
    public string Liberty { get; init; } = Osu018Liberty;

    /// <summary>The layout views of its cells.</summary>
    public string Lef { get; init; } = Osu018Lef;

    /// <summary>What popcounts are made of.</summary>
    public AdderStructure Adders { get; init; }

    /// <summary>With sums: whether full and half adders are looked for in them and put into the library's cells.</summary>
    public bool ExtractAdders { get; init; }

    /// <summary>Whether half adders of which one takes the other's carry are mapped in pairs, where the library's gates make that smaller than its half adders.</summary>
    public bool PairHalfAdders { get; init; } = true;

    /// <summary>The first column of a popcount whose half adder may be paired: 1, where no popcount becomes slower; 0 is smaller where the number of half adders is odd.</summary>
    public int FirstPairedColumn { get; init; } = 1;

    /// <summary>Whether logic is restructured module by module before the design is flattened, mapped, buffered and sized as a whole: much faster where modules have many instances; null: for large designs.</summary>
    public bool? Hierarchical { get; init; }

    /// <summary>Instances of adder modules, by name, that are mapped as logic for speed and not put into adder cells.</summary>
    public IReadOnlyList<string> LogicAdders { get; init; } = [];

    /// <summary>The clock period that is asked for, in nanoseconds; null to search for the shortest.</summary>
    public double? Period { get; init; }

    /// <summary>False: logic is mapped for area alone, without buffers and without sizing of gates.</summary>
    public bool Sized { get; init; } = true;

    /// <summary>Whether logic keeps the depth that Yosys gives it: ABC's restructuring for area turns the carry chains of wide sums into ripples. Faster where such sums decide, and larger.</summary>
    public bool KeepDepth { get; init; }

    /// <summary>When inputs arrive after the clock edge, and when outputs are needed before it: a share of the period, 0 to 1.</summary>
    public double PortShare { get; init; }

    /// <summary>The load of each output in picofarads.</summary>
    public double OutputLoad { get; init; } = 0.02;

    /// <summary>The transition of inputs in nanoseconds, where no cell drives them.</summary>
    public double InputTransition { get; init; } = 0.1;

    /// <summary>The cell that drives the inputs; null: the transition holds for logic without a clock, the library's strongest inverter otherwise.</summary>
    public string? DrivingCell { get; init; }

    /// <summary>Registers whose values do not change while the design works, by the beginnings of their names: paths from them are false.</summary>
    public IReadOnlyList<string> StaticRegisters { get; init; } = [];

    /// <summary>Memories of more bits are black boxes where standard cells are the target: their access is not timed and their area not counted.</summary>
    public int LargestFlipFlopMemory { get; init; } = 1024;

    /// <summary>Where an FPGA's pins are too few: whether a serial wrapper is put around the design; null: where it is needed.</summary>
    public bool? SerialWrapper { get; init; }

    /// <summary>The time of one tool run.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(2);
}
