namespace HwGen.Simulation;

/// <summary>A port of a simulator, found once by name.</summary>
/// <param name="Index">The position in <see cref="SimulationInterface.Ports"/>.</param>
/// <param name="Width">Bits.</param>
public readonly record struct PortHandle(int Index, int Width)
{
    /// <summary>How many 64-bit words hold a value.</summary>
    public int Words => BitWords.Count(Width);
}

/// <summary>A memory of a simulator, found once by name.</summary>
/// <param name="Index">The position in <see cref="SimulationInterface.Memories"/>.</param>
/// <param name="Width">Bits of a word.</param>
/// <param name="Depth">Words.</param>
public readonly record struct MemoryHandle(int Index, int Width, int Depth)
{
    /// <summary>How many 64-bit words hold one word of the memory.</summary>
    public int Words => BitWords.Count(Width);
}

/// <summary>How a run that waits for a value ended.</summary>
/// <param name="Reached">True when the port had the value; false when the limit came first.</param>
/// <param name="Cycles">The cycles that were run.</param>
public readonly record struct RunResult(bool Reached, long Cycles);
