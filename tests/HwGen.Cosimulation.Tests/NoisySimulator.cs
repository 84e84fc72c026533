using HwGen.Simulation;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// A simulator of a core whose host does no more than it must: data and address inputs carry noise while their strobe is 0, fields are written in any order, and zeros are not written to fields that
/// are 0 since the reset. Behind each write it addresses every field without writing. While the core is busy, every strobe comes at random. Nothing may come of it.
/// </summary>
internal sealed class NoisySimulator : ISimulator
{
    /// <summary>Each strobe, and the inputs that mean something only with it.</summary>
    private static readonly (string Strobe, string[] Inputs)[] s_groups =
    [
        ("row_write", ["row_operation", "row_data"]), ("initial_write", ["initial_address", "initial_lane", "initial_data"]), ("level_write", ["level_address", "level_data"]),
        ("operand_write", ["operand_data"]), ("descriptor_write", ["descriptor_address", "descriptor_data"]), ("key_write", ["key_data", "key_entry", "key_column", "key_present"]),
        ("similarity_write", ["similarity_address", "similarity_data"]), ("similarity_valid_write", ["similarity_valid_data"]),
    ];

    private readonly ISimulator _inner;
    private readonly Random _random;
    private readonly List<(PortHandle Strobe, PortHandle[] Inputs)> _groups = [];
    private readonly HashSet<int> _high = [];
    private readonly HashSet<(int Port, ulong Field)> _written = [];
    private readonly int[] _fields;
    private readonly Dictionary<int, PortHandle> _fieldsOf = [];
    private readonly int _reset;
    private readonly List<PortHandle> _strobes;
    private readonly List<PortHandle> _busy;

    public NoisySimulator(ISimulator inner, int seed)
    {
        (_inner, _random) = (inner, new Random(seed));
        var names = inner.Interface.Ports.Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (strobe, inputs) in s_groups.Where(group => names.Contains(group.Strobe)))
        {
            _groups.Add((inner.Port(strobe), [.. inputs.Where(names.Contains).Select(inner.Port)]));
        }

        foreach (var registers in new[] { "descriptor", "similarity" }.Where(registers => names.Contains(registers + "_address")))
        {
            _fieldsOf[inner.Port(registers + "_write").Index] = inner.Port(registers + "_address");
        }

        _fields = [.. _fieldsOf.Values.Select(address => address.Index)];
        _strobes = [.. s_groups.Select(group => group.Strobe).Concat(["start", "similarity_start"]).Where(names.Contains).Select(inner.Port)];
        _busy = [.. new[] { "busy", "similarity_busy" }.Where(names.Contains).Select(inner.Port)];
        _reset = inner.Port(inner.Interface.Reset!.Port).Index;
    }

    public string Engine => _inner.Engine;

    public SimulationInterface Interface => _inner.Interface;

    public PortHandle Port(string name) => _inner.Port(name);

    public MemoryHandle Memory(string name) => _inner.Memory(name);

    public void Poke(PortHandle port, ulong value)
    {
        if (value == 0 && _high.Contains(port.Index) && _fieldsOf.TryGetValue(port.Index, out var address))
        {
            AddressFields(port, address);
        }

        _inner.Poke(port, value);
        _ = value != 0 ? _high.Add(port.Index) : _high.Remove(port.Index);
        if (port.Index == _reset)
        {
            _written.Clear();
        }
    }

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words) => _inner.Poke(port, words);

    public ulong Peek(PortHandle port) => _inner.Peek(port);

    public void Peek(PortHandle port, Span<ulong> words) => _inner.Peek(port, words);

    public void Evaluate() => _inner.Evaluate();

    public void Step(PortHandle clock, long cycles = 1)
    {
        Disturb();
        _inner.Step(clock, cycles);
    }

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles)
    {
        // The first cycles see noise of their own, and commands that come too late.
        for (var cycle = 0; cycle < Math.Min(maximumCycles, 8); cycle++)
        {
            if (_inner.Peek(port) == value)
            {
                return new RunResult(true, cycle);
            }

            var late = IsBusy() ? _strobes.Where(strobe => _random.Next(2) == 0 && !_high.Contains(strobe.Index)).ToList() : [];
            late.ForEach(strobe => _inner.Poke(strobe, 1));
            Step(clock);
            late.ForEach(strobe => _inner.Poke(strobe, 0));
        }

        var rest = _inner.RunUntil(clock, port, value, Math.Max(0, maximumCycles - 8));
        return rest with { Cycles = rest.Cycles + Math.Min(maximumCycles, 8) };
    }

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows)
    {
        Disturb();
        if (plan.Inputs.Count != 2 || !_fields.Contains(plan.Inputs[0].Index))
        {
            _inner.Run(plan, inputs, outputs, rows);
            return;
        }

        foreach (var row in Enumerable.Range(0, rows).OrderBy(_ => _random.Next()).ToList())
        {
            var (field, value) = ((plan.Inputs[0].Index, inputs[2 * row]), inputs[(2 * row) + 1]);
            if (value != 0 || _written.Contains(field))
            {
                _written.Add(field);
                _inner.Run(plan, inputs.Slice(2 * row, 2), [], 1);
            }
        }
    }

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words) => _inner.LoadMemory(memory, firstWord, words);

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words) => _inner.ReadMemory(memory, firstWord, words);

    public void StartTrace(string path) => _inner.StartTrace(path);

    public void StopTrace() => _inner.StopTrace();

    public string TakeOutput() => _inner.TakeOutput();

    public void Dispose() => _inner.Dispose();

    private bool IsBusy() => _busy.Any(busy => _inner.Peek(busy) == 1);

    /// <summary>Addresses each field, behind a write, with its strobe at 0.</summary>
    private void AddressFields(PortHandle strobe, PortHandle address)
    {
        _high.Remove(strobe.Index);
        _inner.Poke(strobe, 0);
        for (var field = 0; field < 1 << address.Width; field++)
        {
            Disturb();
            _inner.Poke(address, (ulong)field);
            _inner.Step(_inner.Clock());
        }
    }

    private void Disturb()
    {
        foreach (var (_, inputs) in _groups.Where(group => !_high.Contains(group.Strobe.Index)))
        {
            foreach (var input in inputs)
            {
                var words = new ulong[BitWords.Count(input.Width)];
                for (var i = 0; i < words.Length; i++)
                {
                    words[i] = (ulong)_random.NextInt64(long.MinValue, long.MaxValue);
                }

                words[^1] &= BitWords.TopMask(input.Width);
                _inner.Poke(input, words);
            }
        }
    }
}
