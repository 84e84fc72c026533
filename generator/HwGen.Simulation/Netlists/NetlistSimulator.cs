namespace HwGen.Simulation.Netlists;

/// <summary>An <see cref="ISimulator"/> over a model of a netlist: arguments, clock edges and traces are the same for all of them.</summary>
internal sealed class NetlistSimulator : ISimulator
{
    private const long CycleTime = 10;

    private readonly InterfaceTable _table;
    private readonly SimulationOptions _options;
    private readonly INetlistModel _model;
    private readonly ulong[][] _inputs;
    private readonly int[] _clockOfPort;
    private ulong _clockLevels;
    private ulong _settledClockLevels;
    private bool _isSettled;
    private bool _isDisposed;
    private long _time;
    private ValueChangeWriter? _trace;

    public NetlistSimulator(string engine, INetlistModel model, SimulationInterface description, SimulationOptions options)
    {
        Engine = engine;
        _model = model;
        _options = options;
        _table = new InterfaceTable(description);
        _inputs = [.. _table.Ports.Select(port => new ulong[BitWords.Count(port.Width)])];
        _clockOfPort = [.. _table.Ports.Select(port => description.Clocks.ToList().IndexOf(port.Name))];
        if (description.Clocks.Count > 64)
            throw new ArgumentException($"module '{description.Top}' has {description.Clocks.Count} clocks; this engine takes 64");
    }

    public string Engine { get; }

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
        Apply(port.Index);
    }

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words)
    {
        CheckAlive();
        _table.CheckPoke(port, words);
        words.CopyTo(_inputs[port.Index]);
        Apply(port.Index);
    }

    public ulong Peek(PortHandle port)
    {
        CheckAlive();
        _table.CheckNarrow(port);
        Settle();
        Span<ulong> words = stackalloc ulong[1];
        _model.ReadPort(port.Index, words);
        return words[0];
    }

    public void Peek(PortHandle port, Span<ulong> words)
    {
        CheckAlive();
        _table.CheckLength(port, words.Length);
        Settle();
        _model.ReadPort(port.Index, words);
    }

    public void Evaluate()
    {
        CheckAlive();
        Settle();
        _time += CycleTime;
        _trace?.Write(_time);
    }

    public void Step(PortHandle clock, long cycles = 1)
    {
        CheckClock(clock, cycles);
        RunCycles(clock, cycles, -1, 0);
    }

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles)
    {
        CheckClock(clock, maximumCycles);
        _table.CheckNarrow(port);
        if (Peek(port) == value)
            return new RunResult(true, 0);
        var done = RunCycles(clock, maximumCycles, port.Index, value);
        return new RunResult(Peek(port) == value, done);
    }

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows)
    {
        CheckClock(plan.Clock, plan.Cycles);
        _table.CheckSequence(plan, inputs, outputs.Length, rows);
        for (var row = 0; row < rows; row++)
        {
            foreach (var port in plan.Inputs)
            {
                inputs[..port.Words].CopyTo(_inputs[port.Index]);
                inputs = inputs[port.Words..];
                Apply(port.Index);
            }

            RunCycles(plan.Clock, plan.Cycles, -1, 0);
            Settle();
            foreach (var port in plan.Outputs)
            {
                _model.ReadPort(port.Index, outputs[..port.Words]);
                outputs = outputs[port.Words..];
            }
        }
    }

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words)
    {
        CheckAlive();
        var count = _table.CheckMemory(memory, firstWord, words);
        for (var word = 0; word < count; word++)
            _model.WriteMemory(memory.Index, firstWord + word, words.Slice(word * memory.Words, memory.Words));
        _isSettled = false;
    }

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words)
    {
        CheckAlive();
        var count = _table.CheckMemory(memory, firstWord, words.Length);
        Settle();
        for (var word = 0; word < count; word++)
            _model.ReadMemory(memory.Index, firstWord + word, words.Slice(word * memory.Words, memory.Words));
    }

    public void StartTrace(string path)
    {
        CheckAlive();
        if (!_options.Tracing || _trace is not null)
            throw new InvalidOperationException(_trace is null ? "the simulator was made without tracing" : "a trace is being written already");
        Settle();
        _trace = new ValueChangeWriter(path, _table, _model, _inputs);
        _trace.Write(_time);
    }

    public void StopTrace()
    {
        CheckAlive();
        _trace?.Dispose();
        _trace = null;
    }

    public string TakeOutput()
    {
        CheckAlive();
        return "";
    }

    public void Dispose()
    {
        _trace?.Dispose();
        _trace = null;
        _isDisposed = true;
        (_model as IDisposable)?.Dispose();
    }

    private void Apply(int port)
    {
        _model.SetInput(port, _inputs[port]);
        if (_clockOfPort[port] is >= 0 and var clock)
            _clockLevels = (_clockLevels & ~(1UL << clock)) | (_inputs[port][0] << clock);
        _isSettled = false;
    }

    private void Settle()
    {
        if (_isSettled)
            return;
        _isSettled = true;
        _model.Settle();
        var risen = _clockLevels & ~_settledClockLevels;
        _settledClockLevels = _clockLevels;
        if (risen != 0)
        {
            _model.Rise(risen);
            _model.Settle();
        }
    }

    private long RunCycles(PortHandle clock, long cycles, int port, ulong value)
    {
        if (cycles == 0)
            return 0;
        Settle();
        if (_trace is null)
        {
            var done = _model.Run(_clockOfPort[clock.Index], cycles, port, value);
            _time += done * CycleTime;
            return done;
        }

        var index = _clockOfPort[clock.Index];
        Span<ulong> seen = stackalloc ulong[1];
        for (var cycle = 1L; cycle <= cycles; cycle++)
        {
            _trace.Write(_time + 2);
            _model.Rise(1UL << index);
            _model.Settle();
            SetLevel(clock.Index, 1);
            _trace.Write(_time + 5);
            SetLevel(clock.Index, 0);
            _time += CycleTime;
            _trace.Write(_time);
            if (port >= 0)
            {
                _model.ReadPort(port, seen);
                if (seen[0] == value)
                    return cycle;
            }
        }

        return cycles;
    }

    /// <summary>Shows a clock's level to the trace; the model counts edges by itself.</summary>
    private void SetLevel(int port, ulong level) => _inputs[port][0] = level;

    private void CheckClock(PortHandle clock, long cycles)
    {
        CheckAlive();
        _table.CheckClock(clock, cycles);
        if (_inputs[clock.Index][0] != 0)
            throw new InvalidOperationException($"clock '{_table.Ports[clock.Index].Name}' is high: a cycle starts with a low clock");
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
