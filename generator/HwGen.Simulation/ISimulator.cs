namespace HwGen.Simulation;

/// <summary>
/// One running model of a design. The same calls have the same meaning on every engine, so that one test text runs on all.
/// </summary>
/// <remarks>
/// <para>Time: all inputs, clocks included, are 0 at the start. <see cref="Poke(PortHandle, ulong)"/> sets an input and does no
/// more; <see cref="Peek(PortHandle)"/> first settles the combinational logic. A cycle of a clock is: the inputs settle, the clock
/// rises, the clock falls; what is read afterwards is the state after both edges. A clock is also an ordinary
/// input: poke it and call <see cref="Evaluate"/> to place its edges by hand, two clocks at the same instant for example.</para>
/// <para>Values: at most 64 bits as one <see cref="ulong"/>; wider ones as ceil(width / 64) words, the least significant first. Bits
/// beyond the width must be 0 and are 0.</para>
/// <para>A design that calls <c>$finish</c> or <c>$stop</c>, or fails an assertion, makes the call in progress and all
/// later steps throw <see cref="SimulationException"/>.</para>
/// <para>A simulator belongs to one thread at a time. Different simulators, also of one design, are independent.</para>
/// </remarks>
public interface ISimulator : IDisposable
{
    /// <summary>The name of the engine: <c>verilator</c>, <c>icarus</c>, <c>compiled</c>, <c>interpreted</c>.</summary>
    string Engine { get; }

    /// <summary>What can be poked, peeked, stepped and loaded.</summary>
    SimulationInterface Interface { get; }

    /// <summary>Finds a port once, so that a hot loop does not look up names.</summary>
    /// <param name="name">The port's Verilog name.</param>
    /// <exception cref="ArgumentException">The top module has no such port; the message lists those it has.</exception>
    PortHandle Port(string name);

    /// <summary>Finds a memory.</summary>
    /// <param name="name">The name given by its <see cref="MemoryDescription"/>.</param>
    /// <exception cref="ArgumentException">The design describes no such memory.</exception>
    MemoryHandle Memory(string name);

    /// <summary>Sets an input port; the value is zero-extended to the port's width.</summary>
    /// <exception cref="ArgumentException">The port is an output, or the value does not fit.</exception>
    void Poke(PortHandle port, ulong value);

    /// <summary>Sets an input port of any width.</summary>
    /// <param name="port">The port.</param>
    /// <param name="words">ceil(width / 64) words, least significant first.</param>
    /// <exception cref="ArgumentException">The port is an output, the length is wrong, or a bit beyond the width is set.</exception>
    void Poke(PortHandle port, ReadOnlySpan<ulong> words);

    /// <summary>Reads a port of at most 64 bits after the combinational logic has settled.</summary>
    /// <exception cref="ArgumentException">The port is wider.</exception>
    /// <exception cref="SimulationException">The engine knows unknown bits, and the port has some.</exception>
    ulong Peek(PortHandle port);

    /// <summary>Reads a port of any width after the combinational logic has settled.</summary>
    /// <param name="port">The port.</param>
    /// <param name="words">Receives ceil(width / 64) words, least significant first; must have exactly that length.</param>
    void Peek(PortHandle port, Span<ulong> words);

    /// <summary>Settles all logic with the inputs as poked; an edge on a poked clock acts here.</summary>
    void Evaluate();

    /// <summary>Runs full cycles of one clock, without leaving the engine in between.</summary>
    /// <param name="clock">One of the design's clocks; it must be low.</param>
    /// <param name="cycles">How many, 0 or more.</param>
    void Step(PortHandle clock, long cycles = 1);

    /// <summary>Runs cycles until a port has a value, without leaving the engine in between. The port is looked at before the first cycle and after each.</summary>
    /// <param name="clock">One of the design's clocks; it must be low.</param>
    /// <param name="port">The port to watch, of at most 64 bits.</param>
    /// <param name="value">The value to wait for.</param>
    /// <param name="maximumCycles">After so many cycles the run ends with <see cref="RunResult.Reached"/> false.</param>
    RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles);

    /// <summary>For each row of a table: sets some inputs, runs some cycles, and reads some ports. One call for many rows.</summary>
    /// <param name="plan">The ports and the cycles of a row.</param>
    /// <param name="inputs">Rows of <see cref="StepSequence.InputWords"/> words: the values in the order of the ports.</param>
    /// <param name="outputs">Receives rows of <see cref="StepSequence.OutputWords"/> words; empty when no port is read.</param>
    /// <param name="rows">How many rows.</param>
    void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows);

    /// <summary>Writes words of a memory, at once and without a clock.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="firstWord">The address of the first word.</param>
    /// <param name="words">ceil(width / 64) numbers a word, least significant first.</param>
    void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words);

    /// <summary>Reads words of a memory, at once and without a clock.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="firstWord">The address of the first word.</param>
    /// <param name="words">Receives ceil(width / 64) numbers a word, least significant first.</param>
    void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words);

    /// <summary>
    /// Writes a value change dump (IEEE 1364-2005, 18) from now on. A cycle takes 10 ns: the inputs change
    /// in its first 2 ns, the clock rises at 5 ns and falls at 10 ns.
    /// </summary>
    /// <param name="path">The file to write; it is replaced.</param>
    /// <exception cref="InvalidOperationException">The simulator was made without <see cref="SimulationOptions.Tracing"/>, or is tracing.</exception>
    void StartTrace(string path);

    /// <summary>Ends the dump and closes its file. Does nothing when there is none.</summary>
    void StopTrace();

    /// <summary>Takes what the design printed (<c>$display</c>, messages of assertions) since the last call; the first mebibyte of it.</summary>
    string TakeOutput();
}
