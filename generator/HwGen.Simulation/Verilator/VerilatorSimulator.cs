using System.Text;

namespace HwGen.Simulation.Verilator;

/// <summary>A model in a Verilator library. Ports are read and written in place; only evaluations are calls.</summary>
internal sealed unsafe class VerilatorSimulator : ISimulator
{
    private const int MessageSize = 1024;

    private static int s_coverageFiles;

    private readonly VerilatorLibrary _library;
    private readonly InterfaceTable _table;
    private readonly SimulationOptions _options;
    private readonly string? _coverageFolder;
    private readonly nint[] _data;
    private readonly nint[] _memories;
    private nint _instance;
    private bool _isSettled = true;
    private bool _isTracing;

    public VerilatorSimulator(VerilatorLibrary library, SimulationInterface description, SimulationOptions options, string? coverageFolder = null)
    {
        _library = library;
        _table = new InterfaceTable(description);
        _options = options;
        _coverageFolder = coverageFolder;
        _memories = new nint[description.Memories.Count];
        var message = stackalloc byte[MessageSize];
        _instance = library.Create(options.Seed, message, MessageSize);
        if (_instance == 0)
            throw new SimulationException(SimulationStop.Fatal, $"module '{description.Top}' does not start: {Text(message)}");
        _data = new nint[_table.Ports.Length];
        for (var port = 0; port < _data.Length; port++)
            _data[port] = (nint)library.PortData(_instance, port);
    }

    public string Engine => "verilator";

    public SimulationInterface Interface => _table.Description;

    public PortHandle Port(string name) => _table.Port(name);

    public MemoryHandle Memory(string name) => _table.Memory(name);

    public void Poke(PortHandle port, ulong value)
    {
        CheckAlive();
        _table.CheckPoke(port, value);
        Store((byte*)_data[port.Index], port.Width, value);
        _isSettled = false;
    }

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words)
    {
        CheckAlive();
        _table.CheckPoke(port, words);
        CopyIn(words, (byte*)_data[port.Index], port.Width);
        _isSettled = false;
    }

    public ulong Peek(PortHandle port)
    {
        _table.CheckNarrow(port);
        Settle();
        return Load((byte*)_data[port.Index], port.Width);
    }

    public void Peek(PortHandle port, Span<ulong> words)
    {
        _table.CheckLength(port, words.Length);
        Settle();
        CopyOut((byte*)_data[port.Index], words, port.Width);
    }

    public void Evaluate()
    {
        CheckAlive();
        _isSettled = true;
        Check(_library.EvaluateInstant(_instance));
    }

    public void Step(PortHandle clock, long cycles = 1)
    {
        CheckClock(clock, cycles);
        // An input that resets at once must not share its instant with the edge.
        Settle();
        Check(_library.Step(_instance, clock.Index, cycles));
    }

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles)
    {
        CheckClock(clock, maximumCycles);
        _table.CheckNarrow(port);
        _isSettled = true;
        long done;
        var status = _library.RunUntil(_instance, clock.Index, port.Index, value, maximumCycles, &done);
        if ((SimulationStatus)status == SimulationStatus.LimitReached)
            return new RunResult(false, done);
        Check(status);
        return new RunResult(true, done);
    }

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows)
    {
        CheckClock(plan.Clock, plan.Cycles);
        _table.CheckSequence(plan, inputs, outputs.Length, rows);
        _isSettled = true;
        fixed (int* inputIndexes = plan.InputIndexes, outputIndexes = plan.OutputIndexes)
        fixed (ulong* inputWords = inputs, outputWords = outputs)
        {
            Check(_library.RunSequence(
                _instance, plan.Clock.Index, plan.Cycles, rows, inputIndexes, plan.InputIndexes.Length, inputWords,
                outputIndexes, plan.OutputIndexes.Length, outputWords));
        }
    }

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words)
    {
        var count = _table.CheckMemory(memory, firstWord, words);
        var entry = EntryBytes(memory.Width);
        var data = MemoryData(memory) + ((long)firstWord * entry);
        for (var word = 0; word < count; word++, data += entry)
            CopyIn(words.Slice(word * memory.Words, memory.Words), data, memory.Width);

        _isSettled = false;
    }

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words)
    {
        var count = _table.CheckMemory(memory, firstWord, words.Length);
        var entry = EntryBytes(memory.Width);
        var data = MemoryData(memory) + ((long)firstWord * entry);
        for (var word = 0; word < count; word++, data += entry)
            CopyOut(data, words.Slice(word * memory.Words, memory.Words), memory.Width);
    }

    public void StartTrace(string path)
    {
        CheckAlive();
        if (!_options.Tracing || _isTracing)
            throw new InvalidOperationException(_isTracing ? "a trace is being written already" : "the simulator was made without tracing");
        // A file that cannot be made is an error here, with its usual exception; the runtime would only print.
        File.Create(path).Dispose();
        fixed (byte* name = Utf8(Path.GetFullPath(path)))
            _isTracing = _library.TraceStart(_instance, name) != 0;
        if (!_isTracing)
            throw new IOException($"{path}: the trace cannot be written");
        _isSettled = true;
    }

    public void StopTrace()
    {
        CheckAlive();
        if (_isTracing)
            _library.TraceStop(_instance);
        _isTracing = false;
    }

    public string TakeOutput()
    {
        CheckAlive();
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        fixed (byte* start = buffer)
        {
            int count;
            while ((count = _library.TakeOutput(_instance, start, buffer.Length)) > 0)
                bytes.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    public void Dispose()
    {
        if (_instance != 0)
        {
            if (_coverageFolder is not null)
                WriteCoverage(_coverageFolder);
            _library.Destroy(_instance);
        }

        _instance = 0;
    }

    /// <summary>A file a simulator: several of one process do not write over each other.</summary>
    private void WriteCoverage(string folder)
    {
        var number = Interlocked.Increment(ref s_coverageFiles);
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, FormattableString.Invariant($"{_table.Description.Top}-{number}.dat"));
        File.Create(path).Dispose();
        fixed (byte* name = Utf8(path))
            _ = _library.WriteCoverage(_instance, name);
    }

    private static int EntryBytes(int width) => width switch
    {
        <= 8 => 1,
        <= 16 => 2,
        <= 32 => 4,
        <= 64 => 8,
        _ => (width + 31) / 32 * 4,
    };

    private static ulong Load(byte* data, int width) => width switch
    {
        <= 8 => *data,
        <= 16 => *(ushort*)data,
        <= 32 => *(uint*)data,
        _ => *(ulong*)data,
    };

    private static void Store(byte* data, int width, ulong value)
    {
        switch (width)
        {
            case <= 8: *data = (byte)value; break;
            case <= 16: *(ushort*)data = (ushort)value; break;
            case <= 32: *(uint*)data = (uint)value; break;
            case <= 64: *(ulong*)data = value; break;
            default:
                new Span<byte>(data, EntryBytes(width)).Clear();
                ((uint*)data)[0] = (uint)value;
                ((uint*)data)[1] = (uint)(value >> 32);
                break;
        }
    }

    // Both sides are little-endian: the first bytes of our words are the model's value.
    private static void CopyIn(ReadOnlySpan<ulong> words, byte* data, int width) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(words)[..EntryBytes(width)].CopyTo(new Span<byte>(data, EntryBytes(width)));

    private static void CopyOut(byte* data, Span<ulong> words, int width)
    {
        words[^1] = 0;
        new ReadOnlySpan<byte>(data, EntryBytes(width)).CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static string Text(byte* message) => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)message) ?? "";

    private byte* MemoryData(MemoryHandle memory)
    {
        CheckAlive();
        ref var data = ref _memories[memory.Index];
        if (data == 0)
        {
            var description = Interface.Memories[memory.Index];
            var path = Interface.Top + "." + description.Path;
            var dot = path.LastIndexOf('.');
            fixed (byte* scope = Utf8("TOP." + path[..dot]), variable = Utf8(path[(dot + 1)..]))
                data = (nint)_library.Memory(_instance, scope, variable, description.Width, description.Depth);
            if (data == 0)
            {
                throw new ArgumentException(
                    $"the design has no memory {path} of {description.Depth} words of {description.Width} bits, declared [0:{description.Depth - 1}]");
            }
        }

        return (byte*)data;
    }

    private void Settle()
    {
        CheckAlive();
        if (_isSettled)
            return;
        _isSettled = true;
        Check(_library.Evaluate(_instance));
    }

    private void CheckClock(PortHandle clock, long cycles)
    {
        CheckAlive();
        _table.CheckClock(clock, cycles);
        if (*(byte*)_data[clock.Index] != 0)
            throw new InvalidOperationException($"clock '{_table.Ports[clock.Index].Name}' is high: a cycle starts with a low clock");
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_instance == 0, this);

    private void Check(int status)
    {
        if (status != (int)SimulationStatus.Running)
            Throw((SimulationStatus)status);
    }

    private void Throw(SimulationStatus status)
    {
        var message = stackalloc byte[MessageSize];
        _library.Message(_instance, message, MessageSize);
        throw new SimulationException(
            status switch
            {
                SimulationStatus.Finished => SimulationStop.Finish,
                SimulationStatus.Stopped => SimulationStop.Stop,
                _ => SimulationStop.Fatal,
            },
            $"module '{Interface.Top}' stopped: {Text(message)}");
    }
}
