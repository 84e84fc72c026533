namespace HwGen.Simulation;

/// <summary>The calls of <see cref="ISimulator"/> by name, for tests; a hot loop holds handles.</summary>
public static class SimulatorExtensions
{
    /// <summary>Sets an input port.</summary>
    public static void Poke(this ISimulator simulator, string port, ulong value) => simulator.Poke(simulator.Port(port), value);

    /// <summary>Sets an input port of any width.</summary>
    public static void Poke(this ISimulator simulator, string port, ReadOnlySpan<ulong> words) => simulator.Poke(simulator.Port(port), words);

    /// <summary>Reads a port of at most 64 bits.</summary>
    public static ulong Peek(this ISimulator simulator, string port) => simulator.Peek(simulator.Port(port));

    /// <summary>Reads a port of any width into a new array of words, least significant first.</summary>
    public static ulong[] PeekWords(this ISimulator simulator, string port)
    {
        var handle = simulator.Port(port);
        var words = new ulong[handle.Words];
        simulator.Peek(handle, words);
        return words;
    }

    /// <summary>The design's first clock.</summary>
    /// <exception cref="InvalidOperationException">The design has none.</exception>
    public static PortHandle Clock(this ISimulator simulator) => simulator.Interface.Clocks is [var first, ..]
        ? simulator.Port(first)
        : throw new InvalidOperationException($"module '{simulator.Interface.Top}' has no clock");

    /// <summary>Runs cycles of the first clock.</summary>
    public static void Step(this ISimulator simulator, long cycles = 1) => simulator.Step(simulator.Clock(), cycles);

    /// <summary>Runs cycles of the first clock until a port has a value.</summary>
    public static RunResult RunUntil(this ISimulator simulator, string port, ulong value, long maximumCycles) =>
        simulator.RunUntil(simulator.Clock(), simulator.Port(port), value, maximumCycles);

    /// <summary>Resets the design by its described reset: asserts it, runs cycles of the first clock, releases it.</summary>
    /// <exception cref="InvalidOperationException">The design has no reset.</exception>
    public static void Reset(this ISimulator simulator, long cycles = 2)
    {
        var reset = simulator.Interface.Reset ?? throw new InvalidOperationException($"module '{simulator.Interface.Top}' has no reset");
        var port = simulator.Port(reset.Port);
        simulator.Poke(port, reset.ActiveLow ? 0UL : 1UL);
        simulator.Step(cycles);
        simulator.Poke(port, reset.ActiveLow ? 1UL : 0UL);
    }

    /// <summary>Writes words of a memory.</summary>
    public static void LoadMemory(this ISimulator simulator, string memory, int firstWord, ReadOnlySpan<ulong> words) =>
        simulator.LoadMemory(simulator.Memory(memory), firstWord, words);

    /// <summary>Reads words of a memory into a new array.</summary>
    public static ulong[] ReadMemory(this ISimulator simulator, string memory, int firstWord, int count)
    {
        var handle = simulator.Memory(memory);
        var words = new ulong[count * handle.Words];
        simulator.ReadMemory(handle, firstWord, words);
        return words;
    }
}
