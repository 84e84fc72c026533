using System.Numerics;
using System.Runtime.InteropServices;
using HwGen.Netlist;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Compiled;

/// <summary>A port of a graph; an input's node, or the node that drives an output.</summary>
internal readonly record struct FlatPort(int Width, bool IsInput, int Node);

/// <summary>A register.</summary>
/// <param name="Path">Its name, after those of the instances that were dissolved around it.</param>
/// <param name="Width">Bits.</param>
/// <param name="Domain">Its clock and reset.</param>
/// <param name="Reset">Its reset value, or null.</param>
/// <param name="Drives">What drives it; the last one whose condition holds wins.</param>
internal sealed record FlatRegister(string Path, int Width, ClockDomain Domain, BigInteger? Reset, IReadOnlyList<(int Condition, int Value)> Drives);

/// <summary>A memory.</summary>
/// <param name="Path">Its name, after those of the instances that were dissolved around it.</param>
/// <param name="Depth">Words.</param>
/// <param name="Width">Bits of a word.</param>
/// <param name="Domain">The clock of its writes.</param>
/// <param name="Initial">Its words at power-up; empty when they are not set.</param>
/// <param name="Writes">Its write ports; the last one wins.</param>
internal sealed record FlatMemory(string Path, int Depth, int Width, ClockDomain Domain, IReadOnlyList<BigInteger> Initial, IReadOnlyList<MemoryWrite> Writes);

/// <summary>An instance that is called.</summary>
/// <param name="Path">Its name, after those of the instances that were dissolved around it.</param>
/// <param name="Module">What it is an instance of.</param>
/// <param name="Connections">The node that drives each input, by port; −1 for outputs.</param>
internal sealed record FlatInstance(string Path, FlatGraph Module, int[] Connections);

/// <summary>
/// A module's netlist with its small instances dissolved into it: what they share is then computed once, and nothing is
/// carried through ports. Large ones stay instances, whose code all of them share.
/// </summary>
internal sealed class FlatGraph
{
    /// <summary>
    /// Instances are dissolved as long as the module around them stays under this weight: beyond it, compiling takes longer than most
    /// simulations gain.
    /// </summary>
    private const int LargestDissolved = 6000;

    private readonly List<Node> _nodes = [];
    private readonly List<int> _operands = [];
    private readonly List<BigInteger> _constants = [];
    private readonly List<int> _drivers = [];
    private readonly List<FlatRegister> _registers = [];
    private readonly List<FlatMemory> _memories = [];
    private readonly List<FlatInstance> _instances = [];
    private readonly List<(int Instance, int Port)> _instanceOutputs = [];
    private readonly List<(TracedSignal Signal, int Node)> _signals = [];
    private readonly FlatPort[] _ports;
    private VectorFinder? _vectors;

    /// <summary>Takes a module over, whose instances' modules are taken over already.</summary>
    public FlatGraph(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, FlatGraph> flat)
    {
        Name = source.Name;
        Domains = source.Domains;
        var isWide = source.Nodes.ToLookup(node => ModulePlan.IsWide(node.Width));
        Weight = (isWide[false].Count() + (4 * source.Registers.Count), isWide[true].Sum(node => Math.Min(BitWords.Count(node.Width), Demand.MostUnrolledWords)));
        _ports = new FlatPort[source.Ports.Count];
        var map = new int[source.Nodes.Count];
        var dissolved = ChooseDissolved(source, flat);
        var children = new int[source.Instances.Count];
        var outputs = new int[source.Instances.Count][];
        for (var instance = 0; instance < children.Length; instance++)
        {
            var info = source.Instances[instance];
            var module = flat[info.Module];
            if (dissolved.Contains(info.Module))
            {
                // Its inputs are wires, driven when the nodes around are there.
                var inputs = module._ports.Select(port => port.IsInput ? NewWire(port.Width) : -1).ToArray();
                outputs[instance] = Dissolve(module, info.Name, inputs);
                children[instance] = -1;
                Pending.Add((inputs, info.Connections));
            }
            else
            {
                children[instance] = _instances.Count;
                _instances.Add(new FlatInstance(info.Name, module, [.. info.Connections]));
            }
        }

        TakeNodes(source, map, children, outputs);
        foreach (var (inputs, connections) in Pending)
        {
            for (var port = 0; port < inputs.Length; port++)
            {
                if (inputs[port] >= 0)
                    _drivers[_nodes[inputs[port]].Payload] = map[connections[port]];
            }
        }

        Pending.Clear();
        for (var wire = 0; wire < source.Wires.Count; wire++)
            _drivers[_nodes[map[source.Wires[wire].Node]].Payload] = map[source.Wires[wire].Driver];
        TakeState(source, map);
        foreach (var (instance, index) in children.Select((child, index) => (child, index)).Where(pair => pair.child >= 0))
        {
            var connections = _instances[instance].Connections;
            for (var port = 0; port < connections.Length; port++)
                connections[port] = connections[port] >= 0 ? map[source.Instances[index].Connections[port]] : -1;
        }

        for (var port = 0; port < _ports.Length; port++)
            _ports[port] = new FlatPort(source.Ports[port].Width, source.Ports[port].IsInput, map[source.Ports[port].Node]);
        foreach (var (signal, node) in NamedSignals.Of(source, []))
            _signals.Add((signal, node < 0 ? -1 : map[node]));
    }

    public string Name { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public IReadOnlyList<FlatPort> Ports => _ports;

    public IReadOnlyList<ClockDomain> Domains { get; }

    public IReadOnlyList<FlatRegister> Registers => _registers;

    public IReadOnlyList<FlatMemory> Memories => _memories;

    public IReadOnlyList<FlatInstance> Instances => _instances;

    public IReadOnlyList<(int Instance, int Port)> InstanceOutputs => _instanceOutputs;

    /// <summary>The named signals, their scopes from this module on; the node −1 for clocks and resets.</summary>
    public IReadOnlyList<(TracedSignal Signal, int Node)> Signals => _signals;

    /// <summary>What of it is worked on as vectors.</summary>
    public VectorFinder Vectors => _vectors ??= new VectorFinder(this);

    private List<(int[] Inputs, IReadOnlyList<int> Connections)> Pending { get; } = [];

    /// <summary>A measure of the code that computes the values of up to 64 bits once, and of what computes wider ones.</summary>
    private (int Narrow, int Wide) Weight { get; set; }

    public ReadOnlySpan<int> Operands(int node) => CollectionsMarshal.AsSpan(_operands).Slice(_nodes[node].OperandStart, _nodes[node].OperandCount);

    public BigInteger ConstantValue(int node) => _constants[_nodes[node].Payload];

    /// <summary>The node that drives a wire's node.</summary>
    public int Driver(int wire) => _drivers[_nodes[wire].Payload];

    /// <summary>Follows wires to what drives them.</summary>
    public int Source(int node)
    {
        while (_nodes[node].Kind == NodeKind.Wire)
            node = Driver(node);
        return node;
    }

    /// <summary>The modules to dissolve: the lightest first, all instances of one or none. Their weight becomes this module's.</summary>
    private HashSet<ModuleGraph> ChooseDissolved(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, FlatGraph> flat)
    {
        var chosen = new HashSet<ModuleGraph>(ReferenceEqualityComparer.Instance);
        foreach (var (module, added) in source.Instances.GroupBy(instance => instance.Module, ReferenceEqualityComparer.Instance)
            .Select(group => (Module: (ModuleGraph)group.Key!, Added: WeightOf(flat[(ModuleGraph)group.Key!].Weight, group.Count())))
            .OrderBy(pair => pair.Added.Narrow + pair.Added.Wide).ThenBy(pair => pair.Module.Name, StringComparer.Ordinal))
        {
            if (Weight.Narrow + Weight.Wide + added.Narrow + added.Wide > LargestDissolved)
                break;
            Weight = (Weight.Narrow + added.Narrow, Weight.Wide + added.Wide);
            chosen.Add(module);
        }

        return chosen;
    }

    /// <summary>The weight of several copies: of many, the narrow values become vectors.</summary>
    private static (int Narrow, int Wide) WeightOf((int Narrow, int Wide) one, int copies) =>
        (one.Narrow * (copies < VectorFinder.Fewest ? copies : 3 + (copies / 8)), one.Wide * copies);

    private int AddNode(NodeKind kind, int width, int payload, ReadOnlySpan<int> operands)
    {
        _nodes.Add(new Node(kind, width, _operands.Count, operands.Length, payload));
        _operands.AddRange(operands);
        return _nodes.Count - 1;
    }

    private int NewWire(int width)
    {
        _drivers.Add(-1);
        return AddNode(NodeKind.Wire, width, _drivers.Count - 1, []);
    }

    private int AddConstant(BigInteger value, int width)
    {
        _constants.Add(value);
        return AddNode(NodeKind.Constant, width, _constants.Count - 1, []);
    }

    private void TakeNodes(ModuleGraph source, int[] map, int[] children, int[][] outputs)
    {
        for (var id = 0; id < map.Length; id++)
        {
            var node = source.Nodes[id];
            switch (node.Kind)
            {
                case NodeKind.Constant:
                    map[id] = AddConstant(source.ConstantValue(id), node.Width);
                    break;
                case NodeKind.Wire:
                    map[id] = NewWire(node.Width);
                    break;
                case NodeKind.Register:
                    map[id] = AddNode(node.Kind, node.Width, _registers.Count + node.Payload, []);
                    break;
                case NodeKind.InstanceOutput:
                    var (instance, port) = source.InstanceOutputs[node.Payload];
                    if (children[instance] < 0)
                    {
                        map[id] = outputs[instance][port];
                        break;
                    }

                    _instanceOutputs.Add((children[instance], port));
                    map[id] = AddNode(node.Kind, node.Width, _instanceOutputs.Count - 1, []);
                    break;
                case NodeKind.MemoryRead:
                    map[id] = AddNode(node.Kind, node.Width, _memories.Count + node.Payload, Mapped(source.Operands(id), map));
                    break;
                default:
                    map[id] = AddNode(node.Kind, node.Width, node.Payload, Mapped(source.Operands(id), map));
                    break;
            }
        }
    }

    private void TakeState(ModuleGraph source, int[] map)
    {
        foreach (var register in source.Registers)
        {
            var drives = register.Drives.Select(drive => (drive.Condition < 0 ? -1 : map[drive.Condition], map[drive.Value])).ToArray();
            _registers.Add(new FlatRegister(register.Name, register.Width, register.Domain, register.Reset, drives));
        }

        foreach (var memory in source.Memories)
        {
            var writes = memory.Writes.Select(write => new MemoryWrite(map[write.Enable], map[write.Address], map[write.Data])).ToArray();
            _memories.Add(new FlatMemory(memory.Name, memory.Depth, memory.Width, memory.Domain, memory.Initial, writes));
        }
    }

    /// <summary>Copies an instance's graph into this one, its inputs given; returns the nodes of its outputs by port.</summary>
    private int[] Dissolve(FlatGraph module, string name, int[] inputs)
    {
        var map = new int[module._nodes.Count];
        var (registers, memories, instances) = (_registers.Count, _memories.Count, _instances.Count);
        var wires = new List<(int Mine, int Its)>();
        for (var id = 0; id < map.Length; id++)
        {
            var node = module._nodes[id];
            switch (node.Kind)
            {
                case NodeKind.Constant:
                    map[id] = AddConstant(module.ConstantValue(id), node.Width);
                    break;
                case NodeKind.Input:
                    map[id] = inputs[node.Payload];
                    break;
                case NodeKind.Wire:
                    map[id] = NewWire(node.Width);
                    wires.Add((map[id], id));
                    break;
                case NodeKind.Register:
                    map[id] = AddNode(node.Kind, node.Width, registers + node.Payload, []);
                    break;
                case NodeKind.InstanceOutput:
                    var (instance, port) = module._instanceOutputs[node.Payload];
                    _instanceOutputs.Add((instances + instance, port));
                    map[id] = AddNode(node.Kind, node.Width, _instanceOutputs.Count - 1, []);
                    break;
                case NodeKind.MemoryRead:
                    map[id] = AddNode(node.Kind, node.Width, memories + node.Payload, Mapped(module.Operands(id), map));
                    break;
                default:
                    map[id] = AddNode(node.Kind, node.Width, node.Payload, Mapped(module.Operands(id), map));
                    break;
            }
        }

        foreach (var (mine, its) in wires)
            _drivers[_nodes[mine].Payload] = map[module.Driver(its)];
        _registers.AddRange(module._registers.Select(register => register with
        {
            Path = $"{name}.{register.Path}",
            Drives = [.. register.Drives.Select(drive => (drive.Condition < 0 ? -1 : map[drive.Condition], map[drive.Value]))],
        }));
        _memories.AddRange(module._memories.Select(memory => memory with
        {
            Path = $"{name}.{memory.Path}",
            Writes = [.. memory.Writes.Select(write => new MemoryWrite(map[write.Enable], map[write.Address], map[write.Data]))],
        }));
        _instances.AddRange(module._instances.Select(instance => new FlatInstance(
            $"{name}.{instance.Path}", instance.Module, [.. instance.Connections.Select(node => node < 0 ? -1 : map[node])])));
        _signals.AddRange(module._signals.Select(entry =>
            (entry.Signal with { Scopes = [name, .. entry.Signal.Scopes] }, entry.Node < 0 ? -1 : map[entry.Node])));
        return [.. module._ports.Select(port => port.IsInput ? -1 : map[port.Node])];
    }

    private static int[] Mapped(ReadOnlySpan<int> operands, int[] map)
    {
        var mapped = new int[operands.Length];
        for (var index = 0; index < mapped.Length; index++)
            mapped[index] = map[operands[index]];
        return mapped;
    }
}
