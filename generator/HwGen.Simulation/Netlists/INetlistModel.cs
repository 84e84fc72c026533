namespace HwGen.Simulation.Netlists;

/// <summary>What an engine that runs a netlist itself has to do; <see cref="NetlistSimulator"/> makes an <see cref="ISimulator"/> of it.</summary>
internal interface INetlistModel
{
    /// <summary>Sets an input of the top module, a clock or reset included, by its index in the interface.</summary>
    void SetInput(int port, ReadOnlySpan<ulong> words);

    /// <summary>Reads a port as it was last settled.</summary>
    void ReadPort(int port, Span<ulong> words);

    /// <summary>Lets inputs and state act on all combinational logic and on asynchronous resets.</summary>
    void Settle();

    /// <summary>The rising edge of some clocks at one instant: settled logic is sampled, all their registers and memories change. Does not settle.</summary>
    /// <param name="clocks">Which of the interface's clocks, by bit.</param>
    void Rise(ulong clocks);

    /// <summary>Rising edges of one clock, each followed by settling, with settled logic at the start, until a port has a value.</summary>
    /// <param name="clock">The clock, by its position in the interface's clocks.</param>
    /// <param name="cycles">At most so many.</param>
    /// <param name="port">The port to look at after each edge; −1 for none.</param>
    /// <param name="value">The value that ends the run.</param>
    /// <returns>The edges that were run.</returns>
    long Run(int clock, long cycles, int port, ulong value);

    /// <summary>Writes a word of a memory, by its index in the interface.</summary>
    void WriteMemory(int memory, int word, ReadOnlySpan<ulong> value);

    /// <summary>Reads a word of a memory.</summary>
    void ReadMemory(int memory, int word, Span<ulong> value);

    /// <summary>The named signals of the design, for a trace.</summary>
    IReadOnlyList<TracedSignal> Signals { get; }

    /// <summary>Reads a named signal as it was last settled, by its index in <see cref="Signals"/>.</summary>
    void ReadSignal(int signal, Span<ulong> words);
}

/// <summary>A named signal of a design.</summary>
/// <param name="Scopes">The names of the top module and of the instances around the signal.</param>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Width">Bits.</param>
/// <param name="IsRegister">Whether it is a register in Verilog.</param>
/// <param name="IsClockOrReset">Whether it is a clock or reset of the top module, under its own name in every scope.</param>
internal sealed record TracedSignal(IReadOnlyList<string> Scopes, string Name, int Width, bool IsRegister, bool IsClockOrReset);
