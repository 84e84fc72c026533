using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <summary>The signals of a module that have names in its Verilog: what a trace shows.</summary>
internal static class NamedSignals
{
    /// <summary>The signals with their nodes; −1 for a clock or reset.</summary>
    public static IEnumerable<(TracedSignal Signal, int Node)> Of(ModuleGraph graph, IReadOnlyList<string> scopes)
    {
        var controls = graph.Domains.Select(domain => domain.Clock).Concat(graph.Domains.Where(graph.UsesReset).Select(domain => domain.Reset));
        foreach (var name in controls.Distinct(StringComparer.Ordinal))
            yield return (new TracedSignal(scopes, name, 1, false, true), -1);
        foreach (var port in graph.Ports)
        {
            var isRegister = graph.IsMergedOutput(port) && graph.Nodes[port.Node].Kind == NodeKind.Register;
            yield return (new TracedSignal(scopes, port.Name, port.Width, isRegister, false), port.Node);
        }

        var ports = graph.Ports.Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var register in graph.Registers.Where(register => !ports.Contains(register.Name)))
            yield return (new TracedSignal(scopes, register.Name, register.Width, true, false), register.Node);
        foreach (var wire in graph.Wires.Where(wire => !ports.Contains(wire.Name)))
            yield return (new TracedSignal(scopes, wire.Name, wire.Width, false, false), wire.Node);
    }
}
