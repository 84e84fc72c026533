using HwGen.Netlist.Passes;

namespace HwGen.Netlist.Verilog;

/// <content>What the text reads, what it must seem to read, and what things are called.</content>
internal sealed partial class ModuleText
{
    /// <summary>Reads what nothing else reads: linters take a name with "unused" in it as said on purpose.</summary>
    private void Discards()
    {
        foreach (var node in _graph.Discarded.Distinct())
        {
            _lines.Add(1, $"wire {Unique($"unused_{DiscardName(node)}")} = &{{1'b0, {_expressions.Definition(node)}}};");
        }
    }

    /// <summary>A name that nothing else in the module has.</summary>
    private string Unique(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>What a discarded value is called: the signal that it is, or that it is a part of.</summary>
    private string DiscardName(int node)
    {
        var source = _graph.Nodes[node].Kind == NodeKind.Slice ? _graph.Operands(node)[0] : node;
        return Shape.IsName(_graph.Nodes[source].Kind) ? _expressions.NameOf(source) : "value";
    }

    private static bool IsBefore(WireInfo wire) => wire.Node < wire.Driver;

    private bool IsLate(WireInfo wire) => IsBefore(wire) && !_merged.Contains(wire.Node);

    /// <summary>True for a name that an always block assigns.</summary>
    private bool IsCase(int driver) => _graph.Nodes[driver].Kind == NodeKind.Select && IsStatement(driver);

    private bool IsStatement(int id) => Shape.IsStatement(_graph, id, _systemVerilog);

    /// <summary>True for an output that an always block assigns.</summary>
    private bool IsReg(PortInfo port) => _graph.IsMergedOutput(port) && _graph.Nodes[port.Node] switch
    {
        { Kind: NodeKind.Register } => true,
        { Payload: var wire } => IsCase(_graph.Wires[wire].Driver),
    };

    /// <summary>What stands in the text without being declared.</summary>
    private IEnumerable<string> OtherNames() =>
        _graph.Instances.Select(i => i.Name).Concat(_graph.Instances.Select(i => i.Module.BlackBox?.ModuleName ?? i.Module.Name))
            .Concat(_graph.Properties.Select(p => p.Name)).Concat(_counters);

    private static IEnumerable<(int Port, PortInfo Info)> OutputsOf(InstanceInfo instance) =>
        instance.Module.Ports.Select((info, port) => (Port: port, Info: info)).Where(p => !p.Info.IsInput);

    private static IEnumerable<(int Port, PortInfo Info)> InputsOf(InstanceInfo instance) =>
        instance.Module.Ports.Select((info, port) => (Port: port, Info: info)).Where(p => p.Info.IsInput);

    private static string OutputName(InstanceInfo instance, int port) => $"{instance.Name}_{instance.Module.Ports[port].Name}";

    private static string Ranged(int width) => width == 1 ? string.Empty : ExpressionText.Range(width) + " ";
}
