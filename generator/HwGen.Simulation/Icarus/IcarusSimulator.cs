using System.Globalization;

namespace HwGen.Simulation.Icarus;

/// <summary>A design in a <c>vvp</c> process. What does not need an answer is only sent.</summary>
internal sealed class IcarusSimulator : ISimulator
{
    /// <summary>So many rows of a table are sent before their answers are read.</summary>
    private const int RowsInFlight = 256;

    private readonly InterfaceTable _table;
    private readonly SimulationOptions _options;
    private readonly IcarusProcess _process;
    private readonly string _folder;
    private readonly ulong[][] _inputs;
    private string? _tracePath;
    private bool _hasTraced;
    private bool _isDisposed;

    public IcarusSimulator(string program, SimulationInterface description, SimulationOptions options, ToolPath tools)
    {
        _table = new InterfaceTable(description);
        _options = options;
        _inputs = [.. _table.Ports.Select(port => new ulong[BitWords.Count(port.Width)])];
        _folder = Directory.CreateTempSubdirectory("hwgen-icarus-").FullName;
        try
        {
            _process = new IcarusProcess(program, _folder, description.Top, options.Seed, tools);
        }
        catch
        {
            Directory.Delete(_folder, recursive: true);
            throw;
        }
    }

    public string Engine => "icarus";

    public SimulationInterface Interface => _table.Description;

    public PortHandle Port(string name) => _table.Port(name);

    public MemoryHandle Memory(string name) => _table.Memory(name);

    public void Poke(PortHandle port, ulong value)
    {
        CheckAlive();
        _table.CheckPoke(port, value);
        var words = _inputs[port.Index];
        words.AsSpan().Clear();
        words[0] = value;
        SendPoke(port, words);
    }

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words)
    {
        CheckAlive();
        _table.CheckPoke(port, words);
        words.CopyTo(_inputs[port.Index]);
        SendPoke(port, words);
    }

    public ulong Peek(PortHandle port)
    {
        CheckAlive();
        _table.CheckNarrow(port);
        Span<ulong> words = stackalloc ulong[1];
        Send(FormattableString.Invariant($"q {port.Index}"));
        ReadValue(words, _table.Ports[port.Index].Name);
        return words[0];
    }

    public void Peek(PortHandle port, Span<ulong> words)
    {
        CheckAlive();
        _table.CheckLength(port, words.Length);
        Send(FormattableString.Invariant($"q {port.Index}"));
        ReadValue(words, _table.Ports[port.Index].Name);
    }

    public void Evaluate()
    {
        CheckAlive();
        Send("e");
        Synchronise();
    }

    public void Step(PortHandle clock, long cycles = 1)
    {
        CheckClock(clock, cycles);
        Send(FormattableString.Invariant($"s {clock.Index} {cycles}"));
        Synchronise();
    }

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles)
    {
        CheckClock(clock, maximumCycles);
        _table.CheckNarrow(port);
        Send(FormattableString.Invariant($"u {clock.Index} {port.Index} {value:x} {maximumCycles}"));
        var answer = _process.Answer('u').Split(' ');
        return new RunResult(answer[0] == "1", long.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows)
    {
        CheckClock(plan.Clock, plan.Cycles);
        _table.CheckSequence(plan, inputs, outputs.Length, rows);
        for (var first = 0; first < rows; first += RowsInFlight)
        {
            var count = Math.Min(RowsInFlight, rows - first);
            for (var row = 0; row < count; row++)
            {
                foreach (var port in plan.Inputs)
                {
                    inputs[..port.Words].CopyTo(_inputs[port.Index]);
                    SendPoke(port, inputs[..port.Words]);
                    inputs = inputs[port.Words..];
                }

                Send(FormattableString.Invariant($"s {plan.Clock.Index} {plan.Cycles}"));
                foreach (var port in plan.Outputs)
                    Send(FormattableString.Invariant($"q {port.Index}"));
            }

            for (var row = 0; row < count; row++)
            {
                foreach (var port in plan.Outputs)
                {
                    ReadValue(outputs[..port.Words], _table.Ports[port.Index].Name);
                    outputs = outputs[port.Words..];
                }
            }

            Synchronise();
        }
    }

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words)
    {
        CheckAlive();
        var count = _table.CheckMemory(memory, firstWord, words);
        for (var word = 0; word < count; word++)
        {
            var value = words.Slice(word * memory.Words, memory.Words);
            Send(FormattableString.Invariant($"w {memory.Index} {firstWord + word} {BitWords.ToHexadecimal(value, memory.Width)}"));
        }

        Synchronise();
    }

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words)
    {
        CheckAlive();
        var count = _table.CheckMemory(memory, firstWord, words.Length);
        for (var word = 0; word < count; word++)
        {
            Send(FormattableString.Invariant($"m {memory.Index} {firstWord + word}"));
            ReadValue(words.Slice(word * memory.Words, memory.Words), FormattableString.Invariant($"{Interface.Memories[memory.Index].Name}[{firstWord + word}]"));
        }
    }

    public void StartTrace(string path)
    {
        CheckAlive();
        if (!_options.Tracing || _tracePath is not null)
            throw new InvalidOperationException(_tracePath is null ? "the simulator was made without tracing" : "a trace is being written already");
        if (_hasTraced)
            throw new NotSupportedException("Icarus writes one trace a simulator: start another one");
        File.Create(path).Dispose();
        _tracePath = path;
        _hasTraced = true;
        Send("t");
        Synchronise();
    }

    public void StopTrace()
    {
        CheckAlive();
        if (_tracePath is not { } path)
            return;
        _tracePath = null;
        // Flushed and copied before it is turned off: turning off adds an unknown value to every signal.
        Send("f");
        Synchronise();
        File.Copy(Path.Combine(_folder, "trace.vcd"), path, overwrite: true);
        Send("T");
    }

    public string TakeOutput()
    {
        CheckAlive();
        return _process.TakeOutput();
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        try
        {
            StopTrace();
        }
        catch (SimulationException)
        {
            // The process has ended; what it wrote of the trace is what there is.
        }

        _isDisposed = true;
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void SendPoke(PortHandle port, ReadOnlySpan<ulong> words) =>
        _process.Send(FormattableString.Invariant($"p {port.Index} {BitWords.ToHexadecimal(words, port.Width)}"));

    private void Send(string command) => _process.Send(command);

    private void Synchronise()
    {
        _process.Send("k");
        _process.Answer('k');
    }

    private void ReadValue(Span<ulong> words, string what)
    {
        var digits = _process.Answer('v');
        if (!BitWords.TryParseHexadecimal(digits, words))
        {
            throw new SimulationException(
                SimulationStop.Unknown, $"{what} has unknown bits: {digits}; nothing has set a register or memory word that it depends on");
        }
    }

    private void CheckClock(PortHandle clock, long cycles)
    {
        CheckAlive();
        _table.CheckClock(clock, cycles);
        if (_inputs[clock.Index][0] != 0)
            throw new InvalidOperationException($"clock '{_table.Ports[clock.Index].Name}' is high: a cycle starts with a low clock");
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
