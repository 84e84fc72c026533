using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Verilog;

/// <content>What the text reads, what it must seem to read, and what things are called.</content>
internal sealed partial class ModuleText
{
    /// <summary>
    /// Reads what nothing else reads: linters take a name with "unused" in it as said on purpose. What is read in parts at first
    /// is read here as a whole, whatever else reads it later, so that one more reader changes no line.
    /// </summary>
    private void Discards()
    {
        var bits = new UsedBits(_graph, _plan.IsRead, Roots().Select(r => r.Node));
        foreach (var node in _graph.Discarded.Distinct())
        {
            Unused(Use(node), DiscardName(node));
        }

        foreach (var instance in _graph.Instances)
        {
            foreach (var (port, _) in OutputsOf(instance))
            {
                UnusedParts(instance.OutputNodes[port]);
            }
        }

        for (var id = 0; id < _graph.Nodes.Count; id++)
        {
            if (_plan.HasOwnWire(id))
            {
                UnusedParts(id);
            }
        }

        void UnusedParts(int node)
        {
            if (_graph.FirstReader(node) == ModuleGraph.ReadBySlice || bits.UnusedRanges(node).Any())
            {
                Unused(_expressions.NameOf(node), _expressions.NameOf(node));
            }
        }

        void Unused(string text, string stem) => _lines.Add(1, $"wire {_plan.Unique($"unused_{stem}")} = &{{1'b0, {text}}};");
    }

    /// <summary>What a discarded value is called: the signal that it is, or that it is a part of.</summary>
    private string DiscardName(int node)
    {
        var source = _graph.Nodes[node].Kind == NodeKind.Slice ? _graph.Operands(node)[0] : node;
        return ExpressionPlan.IsName(_graph.Nodes[source].Kind) ? _expressions.NameOf(source) : "value";
    }

    /// <summary>Every node that the text reads, with the name of what reads it; outputs last, so that a new one renames nothing.</summary>
    private IEnumerable<(int Node, string Target)> Roots()
    {
        foreach (var wire in _graph.Wires)
        {
            yield return (wire.Driver, wire.Name);
        }

        foreach (var instance in _graph.Instances)
        {
            foreach (var (port, info) in InputsOf(instance))
            {
                yield return (instance.Connections[port], $"{instance.Name}_{info.Name}");
            }
        }

        foreach (var block in _registerBlocks)
        {
            foreach (var node in block.Reads())
            {
                yield return (node, _graph.RegisterList[block.Registers[0]].Name);
            }
        }

        foreach (var memory in _graph.Memories)
        {
            foreach (var write in memory.Writes)
            {
                yield return (write.Enable, memory.Name);
                yield return (write.Address, memory.Name);
                yield return (write.Data, memory.Name);
            }
        }

        foreach (var property in _graph.Properties)
        {
            yield return (property.Condition, property.Name);
        }

        foreach (var node in _graph.Discarded)
        {
            yield return (node, "unused");
        }

        foreach (var port in _graph.Ports.Where(p => !p.IsInput))
        {
            yield return (port.Node, port.Name);
        }
    }

    /// <summary>The text of a root: its name where it has one, else its definition.</summary>
    private string Use(int root) => _plan.IsStatement(root) || _plan.LentName(root) is not null ? _expressions.NameOf(root) : _expressions.Definition(root);

    /// <summary>True for an output that gives its name to the expression that drives it, because readers need one.</summary>
    private bool IsLending(PortInfo port) => !port.IsInput && !_merged.Contains(port.Node) && _plan.LentName(port.Node) == port.Name;

    private static bool IsBefore(WireInfo wire) => wire.Node < wire.Driver;

    private bool IsLate(WireInfo wire) => IsBefore(wire) && !_merged.Contains(wire.Node);

    /// <summary>True for a name that an always block assigns.</summary>
    private bool IsCase(int driver, string name) => _graph.Nodes[driver].Kind == NodeKind.Select && _plan.IsStatement(driver) && _plan.NameOf(driver) == name;

    /// <summary>True for an output that an always block assigns.</summary>
    private bool IsReg(PortInfo port) => (_graph.IsMergedOutput(port), _graph.Nodes[port.Node]) switch
    {
        (true, { Kind: NodeKind.Register }) => true,
        (true, { Payload: var wire }) => IsCase(_graph.Wires[wire].Driver, port.Name),
        _ => IsLending(port) && IsCase(port.Node, port.Name),
    };

    /// <summary>What stands in the text without being declared.</summary>
    private IEnumerable<string> OtherNames() =>
        _graph.Instances.Select(i => i.Name).Concat(_graph.Instances.Select(i => i.Module.BlackBox?.ModuleName ?? i.Module.Name))
            .Concat(_graph.Properties.Select(p => p.Name)).Concat(_counters);

    private IEnumerable<string> DeclaredNames() =>
        _graph.Ports.Select(p => p.Name)
            .Concat(_graph.ClockPortNames)
            .Concat(_graph.Registers.Select(r => r.Name))
            .Concat(_graph.Wires.Select(w => w.Name))
            .Concat(_graph.Memories.Select(m => m.Name))
            .Concat(_graph.Instances.Select(i => i.Name))
            .Concat(_graph.Enumerations.SelectMany(e => e.Names.Select(n => n.Name)))
            .Concat(_graph.Properties.Select(p => p.Name))
            .Concat(_graph.Instances.SelectMany(i => OutputsOf(i).Select(o => OutputName(i, o.Port))));

    private static IEnumerable<(int Port, PortInfo Info)> OutputsOf(InstanceInfo instance) =>
        instance.Module.Ports.Select((info, port) => (Port: port, Info: info)).Where(p => !p.Info.IsInput);

    private static IEnumerable<(int Port, PortInfo Info)> InputsOf(InstanceInfo instance) =>
        instance.Module.Ports.Select((info, port) => (Port: port, Info: info)).Where(p => p.Info.IsInput);

    private static string OutputName(InstanceInfo instance, int port) => $"{instance.Name}_{instance.Module.Ports[port].Name}";

    private static string Ranged(int width) => width == 1 ? string.Empty : ExpressionText.Range(width) + " ";
}
