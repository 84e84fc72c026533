using System.Numerics;
using System.Runtime.InteropServices;

namespace HwGen.Netlist;

/// <summary>
/// The netlist of one module: nodes in arrays, an id each; equal expressions are one node.
/// Made by <see cref="Module"/>; read by checks, writers and simulators.
/// </summary>
public sealed class ModuleGraph
{
    internal const int Unread = 0;
    internal const int ReadByOther = -1;
    internal const int ReadBySlice = int.MinValue;

    private readonly List<Node> _nodes = [];
    private readonly List<int> _operands = [];
    private readonly List<BigInteger> _constants = [];
    private readonly Dictionary<BigInteger, int> _constantIndex = [];
    private readonly Dictionary<int, List<int>> _byHash = [];
    private readonly List<int> _firstReaders = [];

    internal ModuleGraph(string name, string summary)
    {
        Name = name;
        Summary = summary;
    }

    /// <summary>The module's name in Verilog, prefix included.</summary>
    public string Name { get; }

    /// <summary>What the module does, one or more lines for the header comment; may be empty.</summary>
    public string Summary { get; }

    /// <summary>All nodes; the id of a node is its index.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>The ports in order of declaration; clocks and resets are in <see cref="Domains"/>.</summary>
    public IReadOnlyList<PortInfo> Ports => PortList;

    /// <summary>The clock domains of the module and of all that it instantiates, in order of first use.</summary>
    public IReadOnlyList<ClockDomain> Domains => DomainList;

    /// <summary>The names of the clock and reset ports, each once, in order of first use: domains may share either.</summary>
    public IEnumerable<string> ClockPortNames => DomainList
        .SelectMany(domain => UsesReset(domain) ? new[] { domain.Reset, domain.Clock } : [domain.Clock]).Distinct(StringComparer.Ordinal);

    /// <summary>The registers in order of declaration.</summary>
    public IReadOnlyList<RegisterInfo> Registers => RegisterList;

    /// <summary>The named wires in order of declaration.</summary>
    public IReadOnlyList<WireInfo> Wires => WireList;

    /// <summary>The memories in order of declaration.</summary>
    public IReadOnlyList<MemoryInfo> Memories => MemoryList;

    /// <summary>The instances in order of declaration.</summary>
    public IReadOnlyList<InstanceInfo> Instances => InstanceList;

    /// <summary>The properties in order of declaration.</summary>
    public IReadOnlyList<PropertyInfo> Properties => PropertyList;

    /// <summary>Signals whose values have names, in order of declaration.</summary>
    public IReadOnlyList<EnumerationInfo> Enumerations => EnumerationList;

    /// <summary>Set for a module that is described elsewhere: it has ports and nothing else, and no engine can simulate it.</summary>
    public BlackBoxInfo? BlackBox { get; internal set; }

    /// <summary>True for a module that synthesis takes from elsewhere; what is in it is its behavioural model.</summary>
    public bool IsExternal { get; internal set; }

    /// <summary>Signals that are ignored on purpose: nodes whose value may go unused.</summary>
    public IReadOnlyList<int> Discarded => DiscardedList;

    /// <summary>Which instance and which of its ports an InstanceOutput node reads, by the node's payload.</summary>
    public IReadOnlyList<(int Instance, int Port)> InstanceOutputs => InstanceOutputList;

    internal List<PortInfo> PortList { get; } = [];

    internal List<ClockDomain> DomainList { get; } = [];

    internal List<ClockDomain> ResetDomainList { get; } = [];

    internal List<RegisterInfo> RegisterList { get; } = [];

    internal List<WireInfo> WireList { get; } = [];

    internal List<MemoryInfo> MemoryList { get; } = [];

    internal List<InstanceInfo> InstanceList { get; } = [];

    internal List<PropertyInfo> PropertyList { get; } = [];

    internal List<EnumerationInfo> EnumerationList { get; } = [];

    internal List<GuardedDrive> GuardedDriveList { get; } = [];

    /// <summary>How many chains of branches the module has.</summary>
    internal int ChainCount { get; set; }

    internal List<int> DiscardedList { get; } = [];

    internal List<(int Instance, int Port)> InstanceOutputList { get; } = [];

    /// <summary>True when the module, or one that it instantiates, resets a register of the domain.</summary>
    public bool UsesReset(ClockDomain domain) => ResetDomainList.Contains(domain);

    /// <summary>The operands of a node, as ids.</summary>
    public ReadOnlySpan<int> Operands(int node)
    {
        var n = _nodes[node];
        return CollectionsMarshal.AsSpan(_operands).Slice(n.OperandStart, n.OperandCount);
    }

    /// <summary>The value of a Constant node.</summary>
    public BigInteger ConstantValue(int node) => _constants[_nodes[node].Payload];

    /// <summary>
    /// True when an output and the register or wire that drives it have one name: then they are one thing in Verilog.
    /// </summary>
    public bool IsMergedOutput(PortInfo port) => !port.IsInput && port.Node >= 0 && _nodes[port.Node] switch
    {
        { Kind: NodeKind.Register, Payload: var index } => RegisterList[index].Name == port.Name,
        { Kind: NodeKind.Wire, Payload: var index } => WireList[index].Name == port.Name,
        _ => false,
    };

    /// <summary>The name of a port, register, wire or output of an instance; null for other nodes.</summary>
    internal string? SignalName(int node) => _nodes[node] switch
    {
        { Kind: NodeKind.Input, Payload: var index } => PortList[index].Name,
        { Kind: NodeKind.Register, Payload: var index } => RegisterList[index].Name,
        { Kind: NodeKind.Wire, Payload: var index } => WireList[index].Name,
        { Kind: NodeKind.InstanceOutput, Payload: var index } => InstanceOutputList[index] is var (instance, port)
            ? $"{InstanceList[instance].Name}_{InstanceList[instance].Module.PortList[port].Name}" : null,
        _ => null,
    };

    internal int AddConstant(BigInteger value, int width)
    {
        if (!_constantIndex.TryGetValue(value, out var index))
        {
            index = _constants.Count;
            _constants.Add(value);
            _constantIndex.Add(value, index);
        }

        return Add(NodeKind.Constant, width, index, []);
    }

    /// <summary>Adds a node, or gives the id of an equal one.</summary>
    internal int Add(NodeKind kind, int width, int payload, ReadOnlySpan<int> operands)
    {
        var hash = new HashCode();
        hash.Add(kind);
        hash.Add(width);
        hash.Add(payload);
        foreach (var operand in operands)
        {
            hash.Add(operand);
        }

        // The hash only finds candidates: ids come from the order of the calls, so no output depends on it.
        var key = hash.ToHashCode();
        if (!_byHash.TryGetValue(key, out var candidates))
        {
            candidates = new List<int>(1);
            _byHash.Add(key, candidates);
        }

        foreach (var candidate in candidates)
        {
            var node = _nodes[candidate];
            if (node.Kind == kind && node.Width == width && node.Payload == payload && Operands(candidate).SequenceEqual(operands))
            {
                return candidate;
            }
        }

        var id = _nodes.Count;
        _nodes.Add(new Node(kind, width, _operands.Count, operands.Length, payload));
        _operands.AddRange(operands);
        _firstReaders.Add(Unread);
        candidates.Add(id);
        foreach (var operand in operands)
        {
            MarkRead(operand, kind == NodeKind.Slice ? ReadBySlice : ReadByOther);
        }

        return id;
    }

    /// <summary>
    /// What read the node first: <see cref="Unread"/>, <see cref="ReadByOther"/>, <see cref="ReadBySlice"/>, the index of a wire plus 1, or −2 minus the index of a port.
    /// A wire or output that was the first to read an expression lends it its name: later readers cannot change that.
    /// </summary>
    internal int FirstReader(int node) => _firstReaders[node];

    internal void MarkRead(int node, int reader = ReadByOther)
    {
        if (_firstReaders[node] == Unread)
        {
            _firstReaders[node] = reader;
        }
    }

    /// <summary>Takes over what read a node first in a graph that this one is a rewriting of.</summary>
    internal void SetFirstReader(int node, int reader) => _firstReaders[node] = reader;

    /// <summary>What differs between two graphs of one name; null when they are the same to the last node: names, order, widths, constants, children.</summary>
    internal string? Difference(ModuleGraph other)
    {
        if (!Same(PortList, other.PortList, static (a, b) => a.Name == b.Name && a.Width == b.Width && a.IsInput == b.IsInput))
        {
            return "ports";
        }

        if (!DomainList.SequenceEqual(other.DomainList) || !ResetDomainList.SequenceEqual(other.ResetDomainList))
        {
            return "clock domains";
        }

        if (!Same(RegisterList, other.RegisterList, static (a, b) => a.Name == b.Name && a.Width == b.Width && a.Domain == b.Domain && a.Reset == b.Reset)
            || !Same(EnumerationList, other.EnumerationList, static (a, b) => a.Node == b.Node && a.Names.SequenceEqual(b.Names)))
        {
            return "registers";
        }

        if (!Same(MemoryList, other.MemoryList, static (a, b) => a.Name == b.Name && a.Depth == b.Depth && a.Width == b.Width && a.Domain == b.Domain && a.Initial.SequenceEqual(b.Initial)))
        {
            return "memories";
        }

        if (!Same(InstanceList, other.InstanceList, static (a, b) => a.Name == b.Name && ReferenceEquals(a.Module, b.Module)))
        {
            return "instances";
        }

        if (!Same(WireList, other.WireList, static (a, b) => a.Name == b.Name && a.Width == b.Width && a.CrossingReason == b.CrossingReason))
        {
            return "wires";
        }

        if (!_constants.SequenceEqual(other._constants))
        {
            return "constants";
        }

        return HasSameLogic(other) ? null : "expressions";
    }

    private bool HasSameLogic(ModuleGraph other) =>
        _nodes.SequenceEqual(other._nodes)
        && _operands.SequenceEqual(other._operands)
        && IsExternal == other.IsExternal
        && _firstReaders.SequenceEqual(other._firstReaders)
        && Same(PortList, other.PortList, static (a, b) => a.Node == b.Node)
        && Same(RegisterList, other.RegisterList, static (a, b) => a.Node == b.Node
            && Same(a.DriveList, b.DriveList, static (c, d) => c.Condition == d.Condition && c.Value == d.Value))
        && Same(WireList, other.WireList, static (a, b) => a.Node == b.Node && a.Driver == b.Driver)
        && Same(MemoryList, other.MemoryList, static (a, b) => a.WriteList.SequenceEqual(b.WriteList))
        && Same(InstanceList, other.InstanceList, static (a, b) => a.ConnectionList.AsSpan().SequenceEqual(b.ConnectionList))
        && Same(PropertyList, other.PropertyList, static (a, b) => a.Kind == b.Kind && a.Name == b.Name && a.Condition == b.Condition && a.Domain == b.Domain)
        && Same(GuardedDriveList, other.GuardedDriveList, static (a, b) => a.Register == b.Register && a.Drive == b.Drive && a.Guards.AsSpan().SequenceEqual(b.Guards))
        && (BlackBox is null) == (other.BlackBox is null)
        && DiscardedList.SequenceEqual(other.DiscardedList)
        && InstanceOutputList.SequenceEqual(other.InstanceOutputList);

    private static bool Same<T>(List<T> left, List<T> right, Func<T, T, bool> equal)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (var i = 0; i < left.Count; i++)
        {
            if (!equal(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }
}
