using System.Numerics;

namespace HwGen.Netlist;

/// <summary>One node of a module's graph.</summary>
/// <param name="Kind">What it computes.</param>
/// <param name="Width">Bits of its value.</param>
/// <param name="OperandStart">Where its operands begin in the graph's operand table.</param>
/// <param name="OperandCount">How many operands it has.</param>
/// <param name="Payload">Constant: index into the constants. Input: port. Register, Wire: index of the info.
/// InstanceOutput: index into <see cref="ModuleGraph.InstanceOutputs"/>. MemoryRead: memory. Slice: lowest bit. Otherwise 0.</param>
public readonly record struct Node(NodeKind Kind, int Width, int OperandStart, int OperandCount, int Payload);

/// <summary>A port of a module.</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Width">Its width in bits.</param>
/// <param name="IsInput">True for an input, false for an output.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record PortInfo(string Name, int Width, bool IsInput, SourceLocation Location)
{
    internal List<PartialDrive> PartList { get; } = [];

    /// <summary>Where an output was driven.</summary>
    internal SourceLocation DriverLocation { get; set; }

    /// <summary>For an input its node; for an output the node that drives it, −1 until driven.</summary>
    public int Node { get; internal set; } = -1;
}

/// <summary>A value that is taken when a condition holds.</summary>
/// <param name="Condition">Node of width 1; −1 for always.</param>
/// <param name="Value">Node of the target's width.</param>
/// <param name="Location">Where it was driven.</param>
public readonly record struct ConditionalDrive(int Condition, int Value, SourceLocation Location);

/// <summary>A register: D flip-flops on the rising edge of a clock.</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Width">Its width in bits.</param>
/// <param name="Node">The node of its present value.</param>
/// <param name="Domain">Its clock and reset.</param>
/// <param name="Reset">Its reset value; null for a register that reset does not touch.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record RegisterInfo(string Name, int Width, int Node, ClockDomain Domain, BigInteger? Reset, SourceLocation Location)
{
    /// <summary>What drives it: the last drive whose condition holds wins; if none holds it keeps its value.</summary>
    public IReadOnlyList<ConditionalDrive> Drives => DriveList;

    internal List<ConditionalDrive> DriveList { get; } = [];
}

/// <summary>A named wire.</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Width">Its width in bits.</param>
/// <param name="Node">The node of its value.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record WireInfo(string Name, int Width, int Node, SourceLocation Location)
{
    /// <summary>The node that drives it, −1 until driven.</summary>
    public int Driver { get; internal set; } = -1;

    /// <summary>Why a value may pass from one clock to another here; null for a wire that is no crossing.</summary>
    public string? CrossingReason { get; internal set; }

    /// <summary>The branch in which it was declared; 0 outside of branches.</summary>
    internal int Branch { get; init; }

    /// <summary>Where it was driven.</summary>
    internal SourceLocation DriverLocation { get; set; }

    /// <summary>True for a wire that a pass has made of an unnamed expression.</summary>
    internal bool IsMade { get; init; }

    internal List<PartialDrive> PartList { get; } = [];
}

/// <summary>A drive of some bits of a wire or output.</summary>
internal readonly record struct PartialDrive(int Low, int Width, int Value, SourceLocation Location);

/// <summary>Names for the values of a port, a wire, a register or an output of an instance.</summary>
/// <param name="Node">The node of the signal.</param>
/// <param name="Names">The names by value, in order of the values.</param>
/// <param name="Location">Where the names were given.</param>
public sealed record EnumerationInfo(int Node, IReadOnlyList<(BigInteger Value, string Name)> Names, SourceLocation Location);

/// <summary>A clock or reset that a black box takes.</summary>
/// <param name="Port">The name of its port.</param>
/// <param name="Domain">The domain of the module around it.</param>
/// <param name="IsReset">True for the domain's reset, false for its clock.</param>
public sealed record ClockPort(string Port, ClockDomain Domain, bool IsReset = false);

/// <summary>What the text needs of a module that is described elsewhere.</summary>
/// <param name="ModuleName">The module's name in Verilog, without any prefix.</param>
/// <param name="Parameters">Its parameters by name, with their values as Verilog text, in order.</param>
/// <param name="ClockPorts">Its clock and reset ports.</param>
public sealed record BlackBoxInfo(string ModuleName, IReadOnlyList<(string Name, string Value)> Parameters, IReadOnlyList<ClockPort> ClockPorts);

/// <summary>A memory: words without reset, read at once, written on the rising edge (a read in the same cycle gives the old word).</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Depth">Its number of words.</param>
/// <param name="Width">Bits of a word.</param>
/// <param name="Domain">The clock of its writes.</param>
/// <param name="Location">Where it was declared.</param>
public sealed record MemoryInfo(string Name, int Depth, int Width, ClockDomain Domain, SourceLocation Location)
{
    /// <summary>Its words at power-up, from address 0, as many as its depth; empty when they are not set.</summary>
    public IReadOnlyList<BigInteger> Initial { get; internal set; } = [];

    /// <summary>Its write ports; of two that write one word in one cycle the later wins.</summary>
    public IReadOnlyList<MemoryWrite> Writes => WriteList;

    internal List<MemoryWrite> WriteList { get; } = [];
}

/// <summary>A write port of a memory.</summary>
/// <param name="Enable">Node of width 1.</param>
/// <param name="Address">Node of the address.</param>
/// <param name="Data">Node of the word.</param>
public readonly record struct MemoryWrite(int Enable, int Address, int Data);

/// <summary>An instance of another module.</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Location">Where it was made.</param>
public sealed record InstanceInfo(string Name, SourceLocation Location)
{
    /// <summary>The module that is instantiated; equal modules share one graph.</summary>
    public required ModuleGraph Module { get; set; }

    /// <summary>What drives each input of the instance: a node of the module around it, by port index; −1 until driven, and for outputs.</summary>
    public IReadOnlyList<int> Connections => ConnectionList;

    internal int[] ConnectionList { get; init; } = [];

    /// <summary>Where each input was driven.</summary>
    internal SourceLocation[] ConnectionLocations { get; init; } = [];

    /// <summary>The branch in which it was made; 0 outside of branches.</summary>
    internal int Branch { get; init; }

    /// <summary>The node of each output of the instance in the module around it, by port index; −1 for inputs.</summary>
    internal int[] OutputNodes { get; init; } = [];
}

/// <summary>What a property states.</summary>
public enum PropertyKind
{
    /// <summary>Must hold at every rising edge at which the reset is not active.</summary>
    Assert,

    /// <summary>May be taken to hold at every rising edge at which the reset is not active.</summary>
    Assume,

    /// <summary>Should be reached.</summary>
    Cover,
}

/// <summary>
/// Where a drive stands among the arms of one When/ElseWhen/Else chain or one Switch. Simulators take the plain pairs of
/// <see cref="ConditionalDrive"/>; writers take these, so that the text shows the branches as they were written.
/// </summary>
/// <param name="Chain">Which chain of the module.</param>
/// <param name="Arm">Which arm of the chain, from 0.</param>
/// <param name="Condition">The arm's own condition as it was written; −1 for the last arm without one.</param>
/// <param name="Full">The condition that no earlier arm holds and this one does.</param>
/// <param name="Selector">For a Switch what it looks at; −1 otherwise.</param>
/// <param name="Value">For an arm of a Switch the constant that the selector is compared with; −1 otherwise.</param>
internal readonly record struct Guard(int Chain, int Arm, int Condition, int Full, int Selector = -1, int Value = -1);

/// <summary>One drive of a register with the branches around it, outermost first, in the order in which the drives were made.</summary>
internal sealed record GuardedDrive(int Register, int Drive, Guard[] Guards);

/// <summary>A property of a module.</summary>
/// <param name="Kind">What it states.</param>
/// <param name="Name">Its name.</param>
/// <param name="Condition">Node of width 1.</param>
/// <param name="Domain">The clock at whose edge it is looked at.</param>
public sealed record PropertyInfo(PropertyKind Kind, string Name, int Condition, ClockDomain Domain)
{
    /// <summary>Where it was stated.</summary>
    public SourceLocation Location { get; init; } = SourceLocation.Unknown;
}
