using System.Runtime.InteropServices;

namespace HwGen.Netlist.Passes;

/// <summary>
/// Copies a module's graph node by node, in order; a pass says what becomes of each node. Ports, registers, wires, memories, instances and properties keep their
/// names, places and order; wires may be added behind them.
/// </summary>
internal abstract class GraphRewriter
{
    private readonly int[] _copies;

    protected GraphRewriter(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, ModuleGraph> modules)
    {
        Source = source;
        Modules = modules;
        Target = new ModuleGraph(source.Name, source.Summary) { BlackBox = source.BlackBox, IsExternal = source.IsExternal, ChainCount = source.ChainCount };
        _copies = new int[source.Nodes.Count];
    }

    /// <summary>The graph that is read.</summary>
    protected ModuleGraph Source { get; }

    /// <summary>The graph that is made.</summary>
    protected ModuleGraph Target { get; }

    /// <summary>What has become of the modules that this one instantiates.</summary>
    private IReadOnlyDictionary<ModuleGraph, ModuleGraph> Modules { get; }

    /// <summary>Copies the graph.</summary>
    public ModuleGraph Run()
    {
        Declare();
        for (var id = 0; id < _copies.Length; id++)
        {
            _copies[id] = Rewrite(id, Source.Nodes[id]);
            AfterNode(id);
        }

        Connect();
        return Target;
    }

    /// <summary>What a node of the source has become.</summary>
    protected int Copy(int id) => id < 0 ? -1 : _copies[id];

    /// <summary>What reads a node as a whole, outside of expressions, reads this instead.</summary>
    protected virtual int Root(int id) => Copy(id);

    /// <summary>What drives a wire; by default its root.</summary>
    protected virtual int WireDriver(WireInfo wire) => Root(wire.Driver);

    /// <summary>What drives an output; by default its root.</summary>
    protected virtual int OutputDriver(PortInfo port) => Root(port.Node);

    /// <summary>What an operand of an expression becomes.</summary>
    protected virtual int Operand(int user, int operand) => Copy(operand);

    /// <summary>Makes the copy of a node.</summary>
    protected virtual int Rewrite(int id, Node node)
    {
        if (node.Kind == NodeKind.Constant)
        {
            return Target.AddConstant(Source.ConstantValue(id), node.Width);
        }

        Span<int> operands = node.OperandCount <= 16 ? stackalloc int[node.OperandCount] : new int[node.OperandCount];
        var sources = Source.Operands(id);
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Operand(id, sources[i]);
        }

        return Target.Add(node.Kind, node.Width, node.Payload, operands);
    }

    /// <summary>Called once a node has its copy.</summary>
    protected virtual void AfterNode(int id)
    {
    }

    /// <summary>Called last, when everything is connected.</summary>
    protected virtual void Finish()
    {
    }

    private void Declare()
    {
        Target.DomainList.AddRange(Source.DomainList);
        Target.ResetDomainList.AddRange(Source.ResetDomainList);
        Target.InstanceOutputList.AddRange(Source.InstanceOutputList);
        foreach (var wire in Source.WireList)
        {
            Target.WireList.Add(new WireInfo(wire.Name, wire.Width, -1, wire.Location) { CrossingReason = wire.CrossingReason });
        }
    }

    private void Connect()
    {
        for (var wire = 0; wire < Source.WireList.Count; wire++)
        {
            Target.WireList[wire] = Target.WireList[wire] with { Node = Copy(Source.WireList[wire].Node), Driver = WireDriver(Source.WireList[wire]) };
        }

        foreach (var port in Source.PortList)
        {
            Target.PortList.Add(new PortInfo(port.Name, port.Width, port.IsInput, port.Location) { Node = port.IsInput ? Copy(port.Node) : OutputDriver(port) });
        }

        foreach (var register in Source.RegisterList)
        {
            var copy = new RegisterInfo(register.Name, register.Width, Copy(register.Node), register.Domain, register.Reset, register.Location);
            foreach (var drive in register.DriveList)
            {
                copy.DriveList.Add(new ConditionalDrive(Copy(drive.Condition), Root(drive.Value), drive.Location));
            }

            Target.RegisterList.Add(copy);
        }

        foreach (var memory in Source.MemoryList)
        {
            var copy = new MemoryInfo(memory.Name, memory.Depth, memory.Width, memory.Domain, memory.Location) { Initial = memory.Initial };
            foreach (var write in memory.WriteList)
            {
                copy.WriteList.Add(new MemoryWrite(Root(write.Enable), Root(write.Address), Root(write.Data)));
            }

            Target.MemoryList.Add(copy);
        }

        foreach (var instance in Source.InstanceList)
        {
            Target.InstanceList.Add(new InstanceInfo(instance.Name, instance.Location)
            {
                Module = Modules[instance.Module],
                ConnectionList = [.. instance.ConnectionList.Select(node => node < 0 ? -1 : Root(node))],
                OutputNodes = [.. instance.OutputNodes.Select(Copy)],
            });
        }

        Target.EnumerationList.AddRange(Source.EnumerationList.Select(e => e with { Node = Copy(e.Node) }));
        foreach (var property in Source.PropertyList)
        {
            Target.PropertyList.Add(property with { Condition = Root(property.Condition) });
        }

        foreach (var drive in CollectionsMarshal.AsSpan(Source.GuardedDriveList))
        {
            Target.GuardedDriveList.Add(drive with { Guards = [.. drive.Guards.Select(Guarded)] });
        }

        Target.DiscardedList.AddRange(Source.DiscardedList.Select(Root));
        Finish();
    }

    private Guard Guarded(Guard guard) => guard with
    {
        Condition = guard.Condition < 0 ? -1 : Root(guard.Condition),
        Full = guard.Full < 0 ? -1 : Root(guard.Full),
        Selector = guard.Selector < 0 ? -1 : Root(guard.Selector),
        Value = Copy(guard.Value),
    };
}
