using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Architecture.Registers;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>How a program ended, as the registers say.</summary>
/// <param name="Error">Why it was stopped; none when it came to its end.</param>
/// <param name="ProgramCounter">Where.</param>
/// <param name="Cycles">PROGRAM_CYCLES.</param>
/// <param name="LayerCycles">LAYER_CYCLES.</param>
/// <param name="RowActivations">ROW_ACTIVATIONS.</param>
/// <param name="InputStalls">INPUT_STALLS.</param>
/// <param name="OutputStalls">OUTPUT_STALLS.</param>
/// <param name="SkippedOperands">SKIPPED_OPERANDS; 0 where the core skips none.</param>
/// <param name="ArrayStalls">ARRAY_STALLS; 0 where no program waits for the array.</param>
public readonly record struct BusRun(
    ErrorCode Error, int ProgramCounter, long Cycles, long LayerCycles, long RowActivations, long InputStalls, long OutputStalls, long SkippedOperands, long ArrayStalls)
{
    /// <summary>Cycles without waits for streams and for the array: what the program alone takes.</summary>
    public long OwnCycles => Cycles - InputStalls - OutputStalls - ArrayStalls;
}

/// <summary>Plays the host of a core that runs programs by itself: everything goes over its registers and streams.</summary>
public sealed class BusDriver : ICoreModel
{
    private readonly ISimulator _simulator;
    private readonly ArrayConfiguration _configuration;
    private readonly RegisterMap _map;

    /// <summary>Takes over a simulator of a core with a bus and resets it; disposes of it in the end.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="configuration">The core.</param>
    /// <param name="seed">What the delays of the host are drawn from; null for one that is never late.</param>
    public BusDriver(ISimulator simulator, ArrayConfiguration configuration, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.HasBus)
        {
            throw new ArgumentException("The core has no bus.", nameof(configuration));
        }

        _simulator = simulator;
        _configuration = configuration;
        _map = RegisterMap.Of(configuration);
        Host = new BusHost(simulator, seed);
        Write("INTERRUPT_ENABLE", 3);
        if (simulator.Engine == "icarus")
        {
            // It knows unknown bits: a word that the core only writes in part could not be read. The other engines begin with random words.
            WriteOperands(0, new ulong[configuration.OperandWords * (((configuration.Columns - 1) / 64) + 1)]);
        }
    }

    /// <summary>The host's side of registers and streams.</summary>
    public BusHost Host { get; }

    /// <summary>Writes a register.</summary>
    public void Write(string register, uint value)
    {
        if (!Host.Write(_map[register].Offset, value))
        {
            throw new InvalidOperationException($"the core refused a write of {register}");
        }
    }

    /// <summary>Reads a register.</summary>
    public uint Read(string register) => Host.Read(_map[register].Offset) ?? throw new InvalidOperationException($"the core refused a read of {register}");

    /// <summary>A command, by its bit in CONTROL.</summary>
    public void Command(string command) => Write("CONTROL", _map["CONTROL"][command].Mask);

    /// <summary>A bit of STATUS.</summary>
    public bool Status(string field) => (Read("STATUS") & _map["STATUS"][field].Mask) != 0;

    /// <summary>Loads words into the program memory.</summary>
    public void LoadProgram(IReadOnlyList<uint> words, int address = 0)
    {
        ArgumentNullException.ThrowIfNull(words);
        Write("PROGRAM_ADDRESS", (uint)address);
        Write("PROGRAM_WORDS", (uint)words.Count);
        Host.Send(words);
        Command("LOAD");
        Wait(1000L + (20 * words.Count));
    }

    /// <summary>Runs the program that is loaded: words of the input stream are given before.</summary>
    /// <returns>How it ended; null when it did not, within so many cycles.</returns>
    public BusRun? RunProgram(long maximumCycles, int address = 0)
    {
        Write("PROGRAM_ADDRESS", (uint)address);
        Command("START");
        if (!Host.WaitForInterrupt(maximumCycles))
        {
            return null;
        }

        Write("INTERRUPT_PENDING", 3);
        // What was sent is still on its way out.
        for (var i = 0; i < 40; i++)
        {
            Host.Step();
        }

        return new BusRun(
            (ErrorCode)Read("ERROR"), (int)Read("PROGRAM_COUNTER"), Counter("PROGRAM_CYCLES"), Counter("LAYER_CYCLES"), Counter("ROW_ACTIVATIONS"), Counter("INPUT_STALLS"), Counter("OUTPUT_STALLS"),
            _configuration.OperandSkipping ? Counter("SKIPPED_OPERANDS") : 0, _configuration.ArrayMayBeBusy ? Counter("ARRAY_STALLS") : 0);
    }

    /// <summary>Cycles that resistive rows may take: after a reset, and to be written.</summary>
    private long RowTime => _configuration.Storage == StorageKind.Rram ? _configuration.TotalRows * (16L + (8 * _configuration.SetRetries)) : 0;

    /// <summary>Loads a program, runs it with words for the input stream, and takes over what it gives.</summary>
    public (BusRun Run, uint[] Output) Execute(InstructionProgram program, IEnumerable<uint> input, long layerCycles = 0)
    {
        ArgumentNullException.ThrowIfNull(program);
        LoadProgram(program.Words);
        Host.Send(input);
        var run = RunProgram(10_000 + (20L * Host.InputWords) + (2 * layerCycles) + (200L * program.Words.Count) + (40L * _configuration.OperandWords * ArrayConfiguration.StreamWords(_configuration.Columns)) + RowTime)
            ?? throw new InvalidOperationException("the program did not end");
        return (run, Host.Receive());
    }

    /// <inheritdoc/>
    public void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(initials);
        ArgumentNullException.ThrowIfNull(levels);
        if (rows.Count + initials.Count + levels.Count > 0)
        {
            Succeed(new InstructionProgram(_configuration).Loads([.. rows], [.. initials], [.. levels]).End(), InstructionProgram.RecordsOf(_configuration, rows, initials, levels));
        }
    }

    /// <inheritdoc/>
    public void WriteOperands(int address, ReadOnlySpan<ulong> words)
    {
        var length = ((_configuration.Columns - 1) / 64) + 1;
        var stream = new List<uint>();
        for (var i = 0; i < words.Length; i += length)
        {
            stream.AddRange(StreamRecord.Words(words.Slice(i, length), _configuration.Columns));
        }

        Succeed(new InstructionProgram(_configuration).Address(Opcode.ReceiveOperands, words.Length / length, address).End(), stream);
    }

    /// <inheritdoc/>
    public ulong[] ReadOperands(int address, int count)
    {
        var words = Succeed(new InstructionProgram(_configuration).Address(Opcode.SendOperands, count, address).End(), []);
        return [.. words.Chunk(ArrayConfiguration.StreamWords(_configuration.Columns)).SelectMany(word => StreamRecord.Bits(word, _configuration.Columns))];
    }

    /// <inheritdoc/>
    public long[] ReadResults(int address, int count)
    {
        var words = Succeed(new InstructionProgram(_configuration).Address(Opcode.SendResults, count, address).End(), []);
        return [.. words.Chunk(ArrayConfiguration.StreamWords(_configuration.AccumulatorBits)).Select(result => Result(result))];
    }

    /// <summary>The result that words of the output stream hold.</summary>
    public static long Result(ReadOnlySpan<uint> words) => words.Length == 1 ? (int)words[0] : (long)(((ulong)words[1] << 32) | words[0]);

    /// <inheritdoc/>
    public CoreCounters? Run(LayerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        LoadProgram(new InstructionProgram(_configuration).Layer(descriptor).End().Words);
        var run = RunProgram((2 * descriptor.Cycles) + 2000);
        return run is { Error: ErrorCode.None } ended ? new CoreCounters(ended.LayerCycles, ended.RowActivations, ended.SkippedOperands) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _simulator.Dispose();

    private uint[] Succeed(InstructionProgram program, IEnumerable<uint> input)
    {
        var (run, output) = Execute(program, input);
        return run.Error == ErrorCode.None ? output : throw new InvalidOperationException(FormattableString.Invariant($"the program was stopped at {run.ProgramCounter}: {InstructionSet.Meaning(run.Error)}"));
    }

    /// <summary>A counter of two registers.</summary>
    public long Counter(string name) => ((long)Read(name + "_HIGH") << 32) | Read(name + "_LOW");

    private void Wait(long maximumCycles)
    {
        if (!Host.WaitForInterrupt(maximumCycles))
        {
            throw new InvalidOperationException("the core did not come to an end");
        }

        Write("INTERRUPT_PENDING", 3);
    }
}
