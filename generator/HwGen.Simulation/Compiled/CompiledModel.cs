using System.Reflection.Emit;
using System.Runtime.InteropServices;
using HwGen.Netlist;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Compiled;

/// <summary>What compiled code is called as.</summary>
/// <param name="frame">The words of an instance.</param>
/// <param name="controls">The levels of clocks and resets.</param>
internal unsafe delegate void FrameAction(ulong* frame, ulong* controls);

/// <summary>One model of a compiled design: its state, and the calls into the code.</summary>
internal sealed unsafe class CompiledModel : INetlistModel, IDisposable
{
    private readonly SimulationInterface _description;
    private readonly CompiledModule _top;
    private readonly IReadOnlyDictionary<FlatGraph, CompiledModule> _compiled;
    private readonly int _frameWords;
    private readonly FrameAction[] _tasks;
    private readonly FrameAction?[] _edges;
    private readonly (int Offset, int Words)[] _ports;
    private readonly int[] _controlOfPort;
    private readonly Dictionary<string, (int Offset, int Words, int Stride)> _memoryByPath = new(StringComparer.Ordinal);
    private readonly (int Offset, int Words, int Stride)[] _memories;
    private readonly List<(int Offset, ulong[] Value, int Control)> _asynchronousResets = [];
    private readonly List<TracedSignal> _signals = [];
    private readonly List<nint> _signalAddresses = [];
    private ulong* _frame;

    public CompiledModel(
        Design design, FlatGraph top, IReadOnlyDictionary<FlatGraph, CompiledModule> compiled, IReadOnlyDictionary<string, int> controls, SimulationInterface description, int seed)
    {
        _description = description;
        _compiled = compiled;
        _top = compiled[top];
        var plan = _top.Plan;
        // The inputs of the top module as the test set them, after the frame; then the controls.
        _ports = new (int, int)[description.Ports.Count];
        var inputs = new int[plan.Graph.Ports.Count];
        for (var port = 0; port < plan.Graph.Ports.Count; port++)
        {
            var info = plan.Graph.Ports[port];
            var words = BitWords.Count(info.Width);
            inputs[port] = info.IsInput && ModulePlan.IsWide(info.Width) ? plan.Reserve(words) : -1;
            _ports[port] = (inputs[port] >= 0 ? inputs[port] : info.IsInput ? plan.InputOffset(port) : plan.PlaceOfOutput(port).Offset, words);
        }

        var firstControl = plan.Reserve(controls.Count + 1);
        _controlOfPort = [.. description.Ports.Select(port => controls.GetValueOrDefault(port.Name, -1))];
        for (var port = plan.Graph.Ports.Count; port < _ports.Length; port++)
            _ports[port] = (firstControl + _controlOfPort[port], 1);
        ControlOffset = firstControl;
        // Vectors may be read beyond the end of what they hold.
        _frameWords = plan.FrameWords + VectorCalls.Elements;
        _frame = (ulong*)NativeMemory.AlignedAlloc((nuint)_frameWords * 8, 64);
        NativeMemory.Clear(_frame, (nuint)_frameWords * 8);
        for (var port = 0; port < inputs.Length; port++)
        {
            if (inputs[port] >= 0)
                _frame[plan.InputOffset(port)] = (ulong)(_frame + inputs[port]);
        }

        Prepare(_top, 0, [design.Top.Name], controls, seed);
        _memories = [.. description.Memories.Select(memory => _memoryByPath[memory.Path])];
        _tasks = [.. Ordered(plan.Tasks).Select(task => Delegate(_top.Tasks[task])).OfType<FrameAction>()];
        _edges = [.. description.Clocks.Select(clock => Delegate(_top.Edges.GetValueOrDefault(clock)))];
    }

    public IReadOnlyList<TracedSignal> Signals => _signals;

    private int ControlOffset { get; }

    private ulong* Controls => _frame + ControlOffset;

    public void SetInput(int port, ReadOnlySpan<ulong> words) => words.CopyTo(Words(_ports[port].Offset, _ports[port].Words));

    public void ReadPort(int port, Span<ulong> words) => Words(_ports[port].Offset, _ports[port].Words).CopyTo(words);

    public void Settle()
    {
        foreach (var (offset, value, control) in _asynchronousResets)
        {
            if (Controls[control] == 0)
                value.CopyTo(Words(offset, value.Length));
        }

        foreach (var task in _tasks)
            task(_frame, Controls);
    }

    public void Rise(ulong clocks)
    {
        if ((clocks & (clocks - 1)) == 0)
        {
            _edges[System.Numerics.BitOperations.TrailingZeroCount(clocks)]?.Invoke(_frame, Controls);
            return;
        }

        // Edges at one instant must not see each other: each starts from the state of before, and what it changed is kept.
        var all = Words(0, _frameWords);
        var before = all.ToArray();
        var after = all.ToArray();
        for (var clock = 0; clock < _edges.Length; clock++)
        {
            if (((clocks >> clock) & 1) == 0 || _edges[clock] is not { } edge)
                continue;
            before.CopyTo(all);
            edge(_frame, Controls);
            for (var word = 0; word < after.Length; word++)
            {
                if (all[word] != before[word])
                    after[word] = all[word];
            }
        }

        after.CopyTo(all);
    }

    public long Run(int clock, long cycles, int port, ulong value)
    {
        var edge = _edges[clock];
        var controls = Controls;
        var watched = port >= 0 ? _frame + _ports[port].Offset : null;
        var only = _tasks.Length == 1 ? _tasks[0] : null;
        for (var cycle = 1L; cycle <= cycles; cycle++)
        {
            edge?.Invoke(_frame, controls);
            if (only is not null)
            {
                only(_frame, controls);
            }
            else
            {
                foreach (var task in _tasks)
                    task(_frame, controls);
            }

            if (watched is not null && *watched == value)
                return cycle;
        }

        return cycles;
    }

    public void WriteMemory(int memory, int word, ReadOnlySpan<ulong> value) => value.CopyTo(WordOf(memory, word));

    public void ReadMemory(int memory, int word, Span<ulong> value) => WordOf(memory, word).CopyTo(value);

    public void ReadSignal(int signal, Span<ulong> words) => new ReadOnlySpan<ulong>((void*)_signalAddresses[signal], words.Length).CopyTo(words);

    public void Dispose()
    {
        if (_frame is not null)
            NativeMemory.AlignedFree(_frame);
        _frame = null;
    }

    private static FrameAction? Delegate(DynamicMethod? method) => method?.CreateDelegate<FrameAction>();

    /// <summary>The tasks in an order in which each comes after those it needs.</summary>
    private static List<int> Ordered(List<EvaluationTask> tasks)
    {
        var order = new List<int>();
        while (order.Count < tasks.Count)
            order.Add(Enumerable.Range(0, tasks.Count).First(task => !order.Contains(task) && tasks[task].After.All(order.Contains)));
        return order;
    }

    private Span<ulong> Words(int offset, int words) => new(_frame + offset, words);

    private Span<ulong> WordOf(int memory, int word) => Words(_memories[memory].Offset + (word * _memories[memory].Stride), _memories[memory].Words);

    /// <summary>Fills an instance's frame: constants, power-up values, the pointers of its instances; and notes where its state is.</summary>
    private void Prepare(CompiledModule module, int frame, string[] scopes, IReadOnlyDictionary<string, int> controls, int seed)
    {
        var plan = module.Plan;
        var graph = plan.Graph;
        var path = string.Join('.', scopes.Skip(1).Append(""));
        foreach (var (node, slot) in plan.ConstantSlots)
            ToWords(graph.ConstantValue(node), plan.Width(node)).CopyTo(Words(frame + slot, BitWords.Count(plan.Width(node))));
        foreach (var constants in plan.Vectors.Constants)
            constants.Values.CopyTo(Words(frame + constants.Offset, constants.Values.Length));
        for (var index = 0; index < graph.Registers.Count; index++)
        {
            var register = graph.Registers[index];
            var words = BitWords.Count(register.Width);
            var offset = frame + plan.RegisterOffset(index);
            PowerUp.Fill(seed, PowerUp.HashOf(path + register.Path), 0, Words(offset, words), register.Width);
            if (register is { Domain.IsAsynchronous: true, Reset: { } reset })
                _asynchronousResets.Add((offset, ToWords(reset, register.Width), controls[register.Domain.Reset]));
        }

        for (var index = 0; index < graph.Memories.Count; index++)
        {
            var memory = graph.Memories[index];
            var words = BitWords.Count(memory.Width);
            var offset = frame + plan.MemoryOffset(index);
            var stride = plan.MemoryStride(index);
            _memoryByPath.Add(path + memory.Path, (offset, words, stride));
            var hash = PowerUp.HashOf(path + memory.Path);
            for (var word = 0; word < memory.Depth; word++)
            {
                var place = Words(offset + (word * stride), words);
                if (word < memory.Initial.Count)
                    ToWords(memory.Initial[word], memory.Width).CopyTo(place);
                else
                    PowerUp.Fill(seed, hash, word, place, memory.Width);
            }
        }

        foreach (var (signal, node) in graph.Signals)
            AddSignal(signal with { Scopes = [.. scopes, .. signal.Scopes] }, node < 0 ? _frame + ControlOffset : AddressOf(plan, frame, plan.Source(node)));
        foreach (var (instance, port, source) in module.Pointers)
        {
            var target = frame + plan.ChildOffset(instance) + plan.Child(instance).InputOffset(port);
            _frame[target] = source.IsPointer ? _frame[frame + source.Offset] : (ulong)(_frame + frame + source.Offset);
        }

        for (var instance = 0; instance < graph.Instances.Count; instance++)
            Prepare(_compiled[graph.Instances[instance].Module], frame + plan.ChildOffset(instance), [.. scopes, .. graph.Instances[instance].Path.Split('.')], controls, seed);
    }

    private void AddSignal(TracedSignal signal, ulong* address)
    {
        _signals.Add(signal);
        _signalAddresses.Add((nint)address);
    }

    /// <summary>Where a named node's value is; null for one that is only kept for a trace, when there is none.</summary>
    private ulong* AddressOf(ModulePlan plan, int frame, int node)
    {
        if (plan.IsOperatorNode(node) ? !plan.Slots.ContainsKey(node) : plan.Graph.Nodes[node].Kind == NodeKind.Constant && !plan.ConstantSlots.ContainsKey(node))
            return null;
        var place = plan.PlaceOf(node);
        return place.IsPointer ? (ulong*)_frame[frame + place.Offset] : _frame + frame + place.Offset;
    }

    private static ulong[] ToWords(System.Numerics.BigInteger value, int width) =>
        [.. Enumerable.Range(0, BitWords.Count(width)).Select(word => (ulong)((value >> (64 * word)) & ulong.MaxValue))];
}
