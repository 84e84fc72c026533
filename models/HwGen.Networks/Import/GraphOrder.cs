using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>The nodes that the output needs, each behind what it reads.</summary>
internal static class GraphOrder
{
    public static List<NodeProto> Sorted(OnnxFile file)
    {
        GraphProto graph = file.Model.Graph;
        if (graph.Output.Count != 1)
            throw new InputFileException(file.Path, "", Invariant($"the graph has {graph.Output.Count} outputs; one is supported"));
        var known = graph.Initializer.Select(tensor => tensor.Name).Concat(graph.Input.Select(input => input.Name)).ToHashSet(StringComparer.Ordinal);
        var makers = new Dictionary<string, NodeProto>(StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
        {
            foreach (string name in node.Output.Where(name => name.Length > 0))
            {
                if (known.Contains(name) || !makers.TryAdd(name, node))
                    throw new InputFileException(file.Path, Describe(node), Invariant($"makes '{name}', which is made twice"));
            }
            if (node.Output.Count == 0)
                throw new InputFileException(file.Path, Describe(node), "makes nothing");
        }
        return Walk(file, graph.Output[0].Name, known, makers);
    }

    public static string Describe(NodeProto node) =>
        Invariant($"node '{Shorten(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "")}' ({Shorten(node.OpType)})");

    // Depth first without recursion: a chain of a million nodes must not end the stack.
    private static List<NodeProto> Walk(OnnxFile file, string output, HashSet<string> known, Dictionary<string, NodeProto> makers)
    {
        var sorted = new List<NodeProto>();
        var state = new Dictionary<NodeProto, bool>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(NodeProto Node, int Next)>();
        Enter(output, null);
        while (open.Count > 0)
        {
            (NodeProto node, int next) = open.Pop();
            if (next == node.Input.Count)
            {
                state[node] = true;
                sorted.Add(node);
                continue;
            }
            open.Push((node, next + 1));
            if (node.Input[next].Length > 0)
                Enter(node.Input[next], node);
        }
        return sorted;

        void Enter(string name, NodeProto? reader)
        {
            if (known.Contains(name))
                return;
            string place = reader is null ? "the graph's output" : Describe(reader);
            if (!makers.TryGetValue(name, out NodeProto? maker))
                throw new InputFileException(file.Path, place, Invariant($"reads '{Shorten(name)}', which no node and no initializer makes"));
            if (!state.TryGetValue(maker, out bool done))
            {
                state[maker] = false;
                open.Push((maker, 0));
            }
            else if (!done)
                throw new InputFileException(file.Path, place, Invariant($"reads '{Shorten(name)}', which depends on itself: the graph has a cycle"));
        }
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
