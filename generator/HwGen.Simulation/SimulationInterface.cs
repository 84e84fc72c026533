namespace HwGen.Simulation;

/// <summary>Which way a port of the top module carries its value.</summary>
public enum PortDirection
{
    /// <summary>Into the design; can be poked.</summary>
    Input,

    /// <summary>Out of the design.</summary>
    Output,
}

/// <summary>A port of the top module.</summary>
/// <param name="Name">The Verilog name.</param>
/// <param name="Width">Bits, 1 to 1,048,576; declared <c>[Width-1:0]</c>.</param>
/// <param name="Direction">Input or output.</param>
public sealed record PortDescription(string Name, int Width, PortDirection Direction);

/// <summary>A memory inside the design that a test may load and read.</summary>
/// <param name="Name">The name by which the test asks for it.</param>
/// <param name="Module">The name of the module that declares it.</param>
/// <param name="Path">Where it is below the top module, by instances: <c>lane_3.store.cells</c>.</param>
/// <param name="Width">Bits of a word; declared <c>[Width-1:0]</c>.</param>
/// <param name="Depth">Words; declared <c>[0:Depth-1]</c>.</param>
public sealed record MemoryDescription(string Name, string Module, string Path, int Width, int Depth);

/// <summary>The port that resets the design.</summary>
/// <param name="Port">The name of an input of one bit.</param>
/// <param name="ActiveLow">True when 0 resets.</param>
public sealed record ResetDescription(string Port, bool ActiveLow);

/// <summary>What of a design can be reached from outside. It says nothing of where the design's text comes from.</summary>
public sealed record SimulationInterface
{
    /// <summary>The name of the top module.</summary>
    public required string Top { get; init; }

    /// <summary>The ports of the top module, clocks and resets included, in the order of declaration.</summary>
    public required IReadOnlyList<PortDescription> Ports { get; init; }

    /// <summary>The names of the clock inputs; the first one is the clock of calls that name none.</summary>
    public IReadOnlyList<string> Clocks { get; init; } = [];

    /// <summary>The reset, when there is one.</summary>
    public ResetDescription? Reset { get; init; }

    /// <summary>The memories that can be loaded and read.</summary>
    public IReadOnlyList<MemoryDescription> Memories { get; init; } = [];
}
