using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <summary>The interpreter: every value is asked for by name of instance and node, and worked out from what it depends on.</summary>
internal sealed partial class InterpretedModel : INetlistModel
{
    private readonly SimulationInterface _description;
    private readonly InterpretedInstance _top;
    private readonly InterpretedInstance[] _instances;
    private readonly Dictionary<string, BigInteger> _inputs = new(StringComparer.Ordinal);
    private readonly (InterpretedInstance Instance, int Memory)[] _memories;
    private readonly List<Func<BigInteger>> _signalValues = [];
    private readonly List<TracedSignal> _signals = [];

    public InterpretedModel(Design design, SimulationInterface description, int seed)
    {
        _description = description;
        _top = new InterpretedInstance(design.Top, null, null, [design.Top.Name]);
        _instances = [.. _top.All()];
        _memories = [.. _instances.SelectMany(instance => instance.Graph.Memories.Select((_, memory) => (instance, memory)))];
        foreach (var port in description.Ports.Where(port => port.Direction == PortDirection.Input))
            _inputs[port.Name] = BigInteger.Zero;
        foreach (var instance in _instances)
        {
            PowerOn(instance, seed);
            NameSignals(instance);
        }
    }

    public IReadOnlyList<TracedSignal> Signals => _signals;

    public void SetInput(int port, ReadOnlySpan<ulong> words)
    {
        _inputs[_description.Ports[port].Name] = ToInteger(words);
        Forget();
    }

    public void ReadPort(int port, Span<ulong> words)
    {
        var (name, _, direction) = _description.Ports[port];
        ToWords(direction == PortDirection.Input ? _inputs[name] : Value(_top, _top.Graph.Ports.Single(output => output.Name == name).Node), words);
    }

    public void Settle()
    {
        foreach (var instance in _instances)
        {
            foreach (var register in instance.Graph.Registers)
            {
                if (register.Reset is { } reset && register.Domain.IsAsynchronous && _inputs[register.Domain.Reset] == 0)
                    instance.Registers[instance.Graph.Nodes[register.Node].Payload] = reset;
            }
        }

        Forget();
    }

    public void Rise(ulong clocks)
    {
        // All new values first, from the old ones; then all changes.
        var changes = new List<Action>();
        foreach (var instance in _instances)
        {
            for (var index = 0; index < instance.Graph.Registers.Count; index++)
            {
                var register = instance.Graph.Registers[index];
                if (Rises(register.Domain, clocks))
                {
                    var (target, next) = (index, Next(instance, register, index));
                    changes.Add(() => instance.Registers[target] = next);
                }
            }

            for (var index = 0; index < instance.Graph.Memories.Count; index++)
            {
                var memory = instance.Graph.Memories[index];
                foreach (var write in Rises(memory.Domain, clocks) ? memory.Writes : [])
                {
                    var (words, address, data) = (instance.Memories[index], Value(instance, write.Address), Value(instance, write.Data));
                    if (Value(instance, write.Enable) == 1 && address < memory.Depth)
                        changes.Add(() => words[(int)address] = data);
                }
            }
        }

        foreach (var change in changes)
            change();
        Forget();
    }

    public long Run(int clock, long cycles, int port, ulong value)
    {
        for (var cycle = 1L; cycle <= cycles; cycle++)
        {
            Rise(1UL << clock);
            Settle();
            if (port >= 0)
            {
                var words = new ulong[1];
                ReadPort(port, words);
                if (words[0] == value)
                    return cycle;
            }
        }

        return cycles;
    }

    public void WriteMemory(int memory, int word, ReadOnlySpan<ulong> value)
    {
        _memories[memory].Instance.Memories[_memories[memory].Memory][word] = ToInteger(value);
        Forget();
    }

    public void ReadMemory(int memory, int word, Span<ulong> value) =>
        ToWords(_memories[memory].Instance.Memories[_memories[memory].Memory][word], value);

    public void ReadSignal(int signal, Span<ulong> words) => ToWords(_signalValues[signal](), words);

    private static void PowerOn(InterpretedInstance instance, int seed)
    {
        for (var index = 0; index < instance.Registers.Length; index++)
        {
            var register = instance.Graph.Registers[index];
            instance.Registers[index] = Random(register.Name, 0, register.Width);
        }

        for (var index = 0; index < instance.Memories.Length; index++)
        {
            var memory = instance.Graph.Memories[index];
            for (var word = 0; word < memory.Depth; word++)
                instance.Memories[index][word] = word < memory.Initial.Count ? memory.Initial[word] : Random(memory.Name, word, memory.Width);
        }

        BigInteger Random(string name, int word, int width)
        {
            var words = new ulong[BitWords.Count(width)];
            PowerUp.Fill(seed, PowerUp.HashOf(string.Join('.', instance.Scopes.Skip(1).Append(name))), word, words, width);
            return ToInteger(words);
        }
    }

    private static BigInteger ToInteger(ReadOnlySpan<ulong> words)
    {
        var value = BigInteger.Zero;
        for (var word = words.Length - 1; word >= 0; word--)
            value = (value << 64) | words[word];
        return value;
    }

    private static void ToWords(BigInteger value, Span<ulong> words)
    {
        for (var word = 0; word < words.Length; word++)
            words[word] = (ulong)((value >> (64 * word)) & ulong.MaxValue);
    }

    /// <summary>What a node's value depends on, as instances and nodes.</summary>
    private static IEnumerable<(InterpretedInstance Instance, int Node)> Dependencies(InterpretedInstance instance, int id)
    {
        var node = instance.Graph.Nodes[id];
        switch (node.Kind)
        {
            case NodeKind.Input:
                return instance.Parent is null ? [] : [(instance.Parent, instance.Info!.Connections[node.Payload])];
            case NodeKind.Wire:
                return [(instance, instance.Graph.Wires[node.Payload].Driver)];
            case NodeKind.InstanceOutput:
                var (child, port) = instance.Graph.InstanceOutputs[node.Payload];
                return [(instance.Children[child], instance.Children[child].Graph.Ports[port].Node)];
            default:
                return instance.Graph.Operands(id).ToArray().Select(operand => (instance, operand));
        }
    }

    private void Forget()
    {
        foreach (var instance in _instances)
            instance.Forget();
    }

    private bool Rises(ClockDomain domain, ulong clocks) =>
        Enumerable.Range(0, _description.Clocks.Count).Any(clock => ((clocks >> clock) & 1) == 1 && _description.Clocks[clock] == domain.Clock);

    private BigInteger Next(InterpretedInstance instance, RegisterInfo register, int index)
    {
        if (register.Reset is { } reset && _inputs[register.Domain.Reset] == 0)
            return reset;
        var next = instance.Registers[index];
        foreach (var drive in register.Drives)
        {
            if (drive.Condition < 0 || Value(instance, drive.Condition) == 1)
                next = Value(instance, drive.Value);
        }

        return next;
    }

    /// <summary>The value of a node: a walk with a stack of its own, for graphs may be deep.</summary>
    private BigInteger Value(InterpretedInstance instance, int id)
    {
        var stack = new Stack<(InterpretedInstance Instance, int Node)>([(instance, id)]);
        while (stack.TryPeek(out var next))
        {
            var missing = next.Instance.Known(next.Node) is null
                ? Dependencies(next.Instance, next.Node).Where(dependency => dependency.Instance.Known(dependency.Node) is null).ToArray()
                : [];
            if (missing.Length > 0)
            {
                foreach (var dependency in missing)
                    stack.Push(dependency);
                continue;
            }

            stack.Pop();
            if (next.Instance.Known(next.Node) is null)
                next.Instance.Learn(next.Node, Compute(next.Instance, next.Node));
        }

        return instance.Known(id)!.Value;
    }

    /// <summary>The value of a node whose dependencies are known.</summary>
    private BigInteger Compute(InterpretedInstance instance, int id)
    {
        var graph = instance.Graph;
        var node = graph.Nodes[id];
        var operands = Dependencies(instance, id).Select(dependency => dependency.Instance.Known(dependency.Node)!.Value).ToArray();
        switch (node.Kind)
        {
            case NodeKind.Constant:
                return graph.ConstantValue(id);
            case NodeKind.Register:
                return instance.Registers[node.Payload];
            case NodeKind.Input when instance.Parent is null:
                return _inputs[graph.Ports[node.Payload].Name];
            case NodeKind.Input or NodeKind.Wire or NodeKind.InstanceOutput:
                return operands[0];
            case NodeKind.MemoryRead:
                var words = instance.Memories[node.Payload];
                return operands[0] < words.Length ? words[(int)operands[0]] : 0;
            default:
                var widths = graph.Operands(id).ToArray().Select(operand => graph.Nodes[operand].Width).ToArray();
                return NodeMeaning.Of(node.Kind, node.Width, node.Payload, operands, widths);
        }
    }

    private void NameSignals(InterpretedInstance instance)
    {
        foreach (var (signal, node) in NamedSignals.Of(instance.Graph, instance.Scopes))
        {
            _signals.Add(signal);
            _signalValues.Add(node < 0 ? () => _inputs[signal.Name] : () => Value(instance, node));
        }
    }
}
