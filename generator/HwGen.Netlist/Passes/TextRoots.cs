using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Passes;

/// <summary>What the text of a module reads, and what is declared in it.</summary>
internal static class TextRoots
{
    /// <summary>Every node that the text reads as a whole, with the name of what reads it; outputs last, so that a new one renames nothing.</summary>
    public static IEnumerable<(int Node, string Target)> Of(ModuleGraph graph)
    {
        foreach (var wire in graph.Wires)
        {
            yield return (wire.Driver, wire.Name);
        }

        foreach (var instance in graph.Instances)
        {
            for (var port = 0; port < instance.Connections.Count; port++)
            {
                if (instance.Connections[port] >= 0)
                {
                    yield return (instance.Connections[port], $"{instance.Name}_{instance.Module.Ports[port].Name}");
                }
            }
        }

        foreach (var block in RegisterBlock.Of(graph))
        {
            foreach (var node in block.Reads())
            {
                yield return (node, graph.RegisterList[block.Registers[0]].Name);
            }
        }

        foreach (var memory in graph.Memories)
        {
            foreach (var write in memory.Writes)
            {
                yield return (write.Enable, memory.Name);
                yield return (write.Address, memory.Name);
                yield return (write.Data, memory.Name);
            }
        }

        foreach (var property in graph.Properties)
        {
            yield return (property.Condition, property.Name);
        }

        foreach (var node in graph.Discarded)
        {
            yield return (node, "unused");
        }

        foreach (var port in graph.Ports.Where(p => !p.IsInput))
        {
            yield return (port.Node, port.Name);
        }
    }

    /// <summary>The names that a module's text declares.</summary>
    public static IEnumerable<string> Names(ModuleGraph graph) =>
        graph.Ports.Select(p => p.Name)
            .Concat(graph.ClockPortNames)
            .Concat(graph.Registers.Select(r => r.Name))
            .Concat(graph.Wires.Select(w => w.Name))
            .Concat(graph.Memories.Select(m => m.Name))
            .Concat(graph.Instances.Select(i => i.Name))
            .Concat(graph.Enumerations.SelectMany(e => e.Names.Select(n => n.Name)))
            .Concat(graph.Properties.Select(p => p.Name))
            .Concat(graph.Instances.SelectMany(i => i.Module.Ports.Where(p => !p.IsInput).Select(p => $"{i.Name}_{p.Name}")));
}
