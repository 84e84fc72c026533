using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Runs a program out of its memory: fetches an instruction after another, moves what streams bring and take between them and the core, starts layers and waits for
/// them. There are no jumps, so a program ends: with its last instruction, or with an error that says why and where.
/// </summary>
/// <param name="configuration">The core.</param>
public sealed partial class InstructionUnit(ArrayConfiguration configuration) : Module
{
    private enum Phase
    {
        /// <summary>Nothing runs.</summary>
        Idle,

        /// <summary>The first word of an instruction is read.</summary>
        Fetch,

        /// <summary>It is there.</summary>
        Decode,

        /// <summary>The second word is there.</summary>
        Second,

        /// <summary>The head of a record is taken.</summary>
        Head,

        /// <summary>The words of an item are taken.</summary>
        Take,

        /// <summary>The item is written.</summary>
        Store,

        /// <summary>An item is read.</summary>
        Read,

        /// <summary>It is there.</summary>
        Loaded,

        /// <summary>Its words are given.</summary>
        Give,

        /// <summary>A layer runs.</summary>
        Layer,

        /// <summary>The pipelines of the array run empty.</summary>
        Stop,

        /// <summary>A program is taken from the stream.</summary>
        Program,
    }

    /// <summary>1 to run the program.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 to take a program from the stream.</summary>
    public Input Load { get; } = new(1);

    /// <summary>1 to end what runs.</summary>
    public Input Abort { get; } = new(1);

    /// <summary>Where the program begins, and where it is loaded to.</summary>
    public Input ProgramAddress { get; } = new(configuration.ProgramAddressBits);

    /// <summary>How many words are loaded.</summary>
    public Input ProgramWords { get; } = new(configuration.ProgramAddressBits + 1);

    /// <summary>The cycles that a layer may take.</summary>
    public Input RunLimit { get; } = new(32);

    /// <summary>A word of the input stream.</summary>
    public Input InData { get; } = new(32);

    /// <summary>1 when it is there.</summary>
    public Input InValid { get; } = new(1);

    /// <summary>1 when it is taken.</summary>
    public Output InReady { get; } = new(1);

    /// <summary>1 to forget what the input's buffer holds.</summary>
    public Output InClear { get; } = new(1);

    /// <summary>A word for the output stream.</summary>
    public Output OutData { get; } = new(32);

    /// <summary>1 with the last word of an instruction.</summary>
    public Output OutLast { get; } = new(1);

    /// <summary>1 when it is there.</summary>
    public Output OutValid { get; } = new(1);

    /// <summary>1 when it is taken.</summary>
    public Input OutReady { get; } = new(1);

    /// <summary>1 when no word is left in the output's buffer.</summary>
    public Input OutEmpty { get; } = new(1);

    /// <summary>1 while something runs.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 behind a program or a load that came to its end.</summary>
    public Output Done { get; } = new(1);

    /// <summary>1 behind a program that was stopped.</summary>
    public Output Failed { get; } = new(1);

    /// <summary>1 behind one that was aborted.</summary>
    public Output Aborted { get; } = new(1);

    /// <summary>Why the program was stopped.</summary>
    public Output Error { get; } = new(4);

    /// <summary>The instruction that runs, or that the program ended at.</summary>
    public Output ProgramCounter { get; } = new(configuration.ProgramAddressBits);

    /// <summary>1 in the cycle in which a program or a load comes to its end.</summary>
    public Output DoneEvent { get; } = new(1);

    /// <summary>1 in the cycle in which a program is stopped.</summary>
    public Output ErrorEvent { get; } = new(1);

    /// <summary>1 while a word of the input stream is waited for.</summary>
    public Output WaitsForInput { get; } = new(1);

    /// <summary>1 while a word of the output stream is not taken.</summary>
    public Output WaitsForOutput { get; } = new(1);

    /// <summary>Cycles of the program.</summary>
    public Output ProgramCycles { get; } = new(64);

    /// <summary>Cycles of its layers.</summary>
    public Output LayerCycles { get; } = new(64);

    /// <summary>Rows of filters that met an operand.</summary>
    public Output RowActivations { get; } = new(64);

    /// <summary>Operands that were skipped; none in a core that skips no operands.</summary>
    public Output? SkippedOperands { get; } = configuration.OperandSkipping ? new(64) : null;

    /// <summary>1 while the array is not the program's: rows are programmed or tested, or the similarity unit compares them. None in a core whose array never is.</summary>
    public Input? ArrayBusy { get; } = configuration.ArrayMayBeBusy ? new(1) : null;

    /// <summary>Cycles in which the program waited for the array; none in a core that never does.</summary>
    public Output? ArrayStalls { get; } = configuration.ArrayMayBeBusy ? new(64) : null;

    /// <summary>Cycles in which the program waited for the input.</summary>
    public Output InputStalls { get; } = new(64);

    /// <summary>Cycles in which it waited for the output.</summary>
    public Output OutputStalls { get; } = new(64);

    /// <inheritdoc/>
    protected override void Build()
    {
        StateMachine(out var phase, Phase.Idle);
        Wire(out var starts, phase.Is(Phase.Idle) & Start & ~Abort);
        Wire(out var loads, phase.Is(Phase.Idle) & Load & ~Start & ~Abort);
        var fetched = Fetcher(phase, starts, loads);
        var instruction = Decoder(phase, fetched);
        var move = Mover(phase, fetched, instruction);
        ToCore(phase, starts, fetched, instruction, move);
        Phases(phase, starts, loads, fetched, instruction, move);
        Counters(phase, starts);
    }

    /// <summary>The program memory, and where in it the program is.</summary>
    private Fetched Fetcher(StateMachine<Phase> phase, Signal starts, Signal loads)
    {
        Wire(out var fetches, Fetches(phase));
        var bits = configuration.ProgramAddressBits;
        Memory(out var instructions, configuration.ProgramWords, 32);
        // One bit more than an address: a program that runs past the end of the memory is stopped there.
        Register(out var next, bits + 1);
        Register(out var counter, bits, reset: 0);
        Register(out var left, bits + 1);
        Wire(out var atEnd, next[bits]);
        Wire(out var address, next.Truncate(bits));
        ReadPort(out var word, instructions, address);
        Wire(out var isLoaded, ~left.AnyOne());
        Wire(out var takes, phase.Is(Phase.Program) & InValid & ~isLoaded);
        Wire(out var hasSecond, Words(word, 2));
        instructions.Write(takes, address, InData);
        When(starts | loads, () =>
        {
            next.Drive(ProgramAddress.ZeroExtend(bits + 1));
            counter.Drive(ProgramAddress);
            left.Drive(ProgramWords);
        });
        When(fetches & ~atEnd, () =>
        {
            counter.Drive(address);
            next.Drive(next + 1);
        });
        When(phase.Is(Phase.Decode) & hasSecond & ~atEnd, () => next.Drive(next + 1));
        When(takes, () =>
        {
            next.Drive((address + 1).ZeroExtend(bits + 1));
            left.Drive(left - 1);
        });
        ProgramCounter.Drive(counter);
        return new Fetched(fetches, word, hasSecond, atEnd, takes, isLoaded);
    }

    /// <summary>1 in the last cycle of a fetch: no instruction begins while the array is not the program's.</summary>
    private Signal Fetches(StateMachine<Phase> phase) => ArrayBusy is { } busy ? phase.Is(Phase.Fetch) & ~busy : phase.Is(Phase.Fetch);

    /// <summary>1 when a word begins an instruction of so many words.</summary>
    private Signal Words(Signal word, int words)
    {
        var any = Constant(0, 1);
        foreach (var instruction in Built.Where(i => i.Words == words))
        {
            any |= OpcodeOf(word).EqualTo((int)instruction.Opcode);
        }

        return any;
    }

    private IEnumerable<InstructionDefinition> Built => InstructionSet.All.Where(i => InstructionSet.IsBuilt(i.Opcode, configuration));

    private static Signal OpcodeOf(Signal word) => word.Bits(32 - InstructionSet.OpcodeBits, InstructionSet.OpcodeBits);

    /// <summary>A number below a limit that its width may not reach.</summary>
    private Signal Below(Signal value, long limit) => value.Width < 63 && limit >= 1L << value.Width ? Constant(1, 1) : value.LessThan(limit);

    /// <summary>What is known of the program memory.</summary>
    private sealed record Fetched(Signal Ends, Signal Word, Signal HasSecond, Signal AtEnd, Signal Takes, Signal IsLoaded);
}
