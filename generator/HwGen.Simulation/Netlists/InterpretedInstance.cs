using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <summary>One instance of a module in the interpreter: its state, and the values of its nodes as far as they are known.</summary>
internal sealed class InterpretedInstance
{
    private readonly BigInteger?[] _values;

    public InterpretedInstance(ModuleGraph graph, InterpretedInstance? parent, InstanceInfo? info, IReadOnlyList<string> scopes)
    {
        Graph = graph;
        Parent = parent;
        Info = info;
        Scopes = scopes;
        _values = new BigInteger?[graph.Nodes.Count];
        Registers = new BigInteger[graph.Registers.Count];
        Memories = [.. graph.Memories.Select(memory => new BigInteger[memory.Depth])];
        Children = [.. graph.Instances.Select(child => new InterpretedInstance(child.Module, this, child, [.. scopes, child.Name]))];
    }

    public ModuleGraph Graph { get; }

    public InterpretedInstance? Parent { get; }

    public InstanceInfo? Info { get; }

    /// <summary>The top module's name and the names of the instances down to this one.</summary>
    public IReadOnlyList<string> Scopes { get; }

    public IReadOnlyList<InterpretedInstance> Children { get; }

    public BigInteger[] Registers { get; }

    public BigInteger[][] Memories { get; }

    /// <summary>This instance and all below it, parents first.</summary>
    public IEnumerable<InterpretedInstance> All() => Children.SelectMany(child => child.All()).Prepend(this);

    public void Forget() => Array.Clear(_values);

    public BigInteger? Known(int node) => _values[node];

    public void Learn(int node, BigInteger value) => _values[node] = value;
}
