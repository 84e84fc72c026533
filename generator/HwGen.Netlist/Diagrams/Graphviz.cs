using System.Text;

namespace HwGen.Netlist.Diagrams;

/// <summary>Diagrams in the language of Graphviz: <c>dot -Tsvg</c> draws them.</summary>
public static class Graphviz
{
    private const int MostNodes = 5_000;

    /// <summary>The hierarchy: a box a module, an arrow to each module that it instantiates, with the number of instances.</summary>
    public static string Hierarchy(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var text = new StringBuilder("digraph hierarchy {\n    node [shape=box, fontname=\"sans-serif\"];\n");
        foreach (var module in design.Modules.Reverse())
        {
            text.Append($"    {Quoted(module.Name)}{(module.BlackBox is null ? string.Empty : " [style=filled]")};\n");
        }

        foreach (var module in design.Modules.Reverse())
        {
            foreach (var children in module.Instances.GroupBy(i => i.Module.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var count = children.Count();
                var label = count == 1 ? string.Empty : FormattableString.Invariant($" [label=\"× {count}\"]");
                text.Append($"    {Quoted(module.Name)} -> {Quoted(children.Key)}{label};\n");
            }
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>One module: ports, registers, memories and instances as boxes, operators as ellipses, an arrow from each value to what reads it.</summary>
    /// <exception cref="ArgumentException">The module has more nodes than a diagram can show (5,000).</exception>
    public static string Module(ModuleGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Nodes.Count > MostNodes)
        {
            throw new ArgumentException(FormattableString.Invariant($"{graph.Name} has {graph.Nodes.Count} nodes; a diagram shows at most {MostNodes}."), nameof(graph));
        }

        var text = new StringBuilder($"digraph {Quoted(graph.Name)} {{\n    rankdir=LR;\n    node [fontname=\"sans-serif\"];\n");
        var edges = new StringBuilder();
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var node = graph.Nodes[id];
            if (node.Kind is NodeKind.Register or NodeKind.InstanceOutput)
            {
                continue;
            }

            var shape = node.Kind switch { NodeKind.Input => "cds", NodeKind.Constant => "plaintext", NodeKind.Wire => "box", _ => "ellipse" };
            text.Append($"    n{id} [shape={shape}, label={Quoted(Label(graph, id))}];\n");
            foreach (var operand in graph.Operands(id))
            {
                Edge(operand, $"n{id}");
            }
        }

        for (var i = 0; i < graph.Registers.Count; i++)
        {
            var register = graph.Registers[i];
            text.Append($"    r{i} [shape=box, style=bold, label={Quoted($"{register.Name}[{register.Width}]")}];\n");
            foreach (var node in register.Drives.SelectMany(d => new[] { d.Condition, d.Value }).Where(n => n >= 0).Distinct())
            {
                Edge(node, $"r{i}");
            }
        }

        for (var i = 0; i < graph.Instances.Count; i++)
        {
            text.Append($"    i{i} [shape=component, label={Quoted($"{graph.Instances[i].Name}\n{graph.Instances[i].Module.Name}")}];\n");
            foreach (var node in graph.Instances[i].Connections.Where(n => n >= 0).Distinct())
            {
                Edge(node, $"i{i}");
            }
        }

        foreach (var wire in graph.Wires)
        {
            Edge(wire.Driver, $"n{wire.Node}");
        }

        for (var i = 0; i < graph.Memories.Count; i++)
        {
            text.Append($"    m{i} [shape=cylinder, label={Quoted(FormattableString.Invariant($"{graph.Memories[i].Name}\n{graph.Memories[i].Depth} × {graph.Memories[i].Width}"))}];\n");
            foreach (var node in graph.Memories[i].Writes.SelectMany(w => new[] { w.Enable, w.Address, w.Data }).Distinct())
            {
                Edge(node, $"m{i}");
            }
        }

        foreach (var port in graph.Ports.Where(p => !p.IsInput))
        {
            text.Append($"    o_{port.Name} [shape=cds, label={Quoted(port.Name)}];\n");
            Edge(port.Node, $"o_{port.Name}");
        }

        return text.Append(edges).Append("}\n").ToString();

        void Edge(int from, string to)
        {
            var node = graph.Nodes[from];
            var source = node.Kind switch
            {
                NodeKind.Register => $"r{node.Payload}",
                NodeKind.InstanceOutput => $"i{graph.InstanceOutputs[node.Payload].Instance}",
                _ => $"n{from}",
            };
            edges.Append($"    {source} -> {to};\n");
            if (to[0] == 'n' && node.Kind != NodeKind.Constant && graph.Nodes[int.Parse(to[1..], System.Globalization.CultureInfo.InvariantCulture)] is { Kind: NodeKind.MemoryRead, Payload: var memory })
            {
                edges.Append($"    m{memory} -> {to};\n");
            }
        }
    }

    private static string Label(ModuleGraph graph, int id)
    {
        var node = graph.Nodes[id];
        return node.Kind switch
        {
            NodeKind.Input => graph.Ports[node.Payload].Name,
            NodeKind.Wire => graph.Wires[node.Payload].Name,
            NodeKind.Constant => FormattableString.Invariant($"{node.Width}'d{graph.ConstantValue(id)}"),
            NodeKind.Slice => FormattableString.Invariant($"[{node.Payload + node.Width - 1}:{node.Payload}]"),
            _ => node.Kind.ToString(),
        };
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"").Replace("\n", "\\n")}\"";
}
