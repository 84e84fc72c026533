using System.Globalization;
using System.Text;
using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Analysis;

/// <summary>How many of one thing a module has, by width.</summary>
/// <param name="What">Registers, Memory bits, or the node kind of an operator.</param>
/// <param name="Width">Bits of each.</param>
/// <param name="Count">How many.</param>
public sealed record WidthCount(string What, int Width, int Count);

/// <summary>A step of a path.</summary>
/// <param name="Name">The signal, or the operator.</param>
/// <param name="Level">Operators up to here.</param>
public sealed record PathStep(string Name, int Level);

/// <summary>A signal and how many places read it.</summary>
/// <param name="Name">The signal.</param>
/// <param name="Readers">Operands, drives and connections that read it.</param>
public sealed record FanOut(string Name, int Readers);

/// <summary>
/// What a module is made of, and its longest path in operators between registers, ports and instances. Levels count operators, not gates:
/// slices, extensions and concatenations count nothing. What is inside instances is not looked at: <see cref="DesignAnalysis"/> does.
/// </summary>
/// <param name="Module">The module's name.</param>
/// <param name="Counts">What it is made of, by kind, then width.</param>
/// <param name="Depth">Operators on the longest path.</param>
/// <param name="LongestPath">That path, from its start; one of several that are as long.</param>
/// <param name="LargestFanOut">The ten most read signals, most first.</param>
public sealed record ModuleAnalysis(
    string Module, IReadOnlyList<WidthCount> Counts, int Depth, IReadOnlyList<PathStep> LongestPath, IReadOnlyList<FanOut> LargestFanOut)
{
    /// <summary>Analyses one module.</summary>
    public static ModuleAnalysis Of(ModuleGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var counts = new SortedDictionary<(string, int), int>(Comparer<(string What, int Width)>.Create((a, b) =>
            string.CompareOrdinal(a.What, b.What) is var order and not 0 ? order : a.Width.CompareTo(b.Width)));
        foreach (var part in NodeNames.Parts(graph))
        {
            counts[part] = counts.GetValueOrDefault(part) + 1;
        }

        var path = Longest(graph);
        return new ModuleAnalysis(graph.Name, [.. counts.Select(c => new WidthCount(c.Key.Item1, c.Key.Item2, c.Value))], path.Count == 0 ? 0 : path[^1].Level, path, FanOuts(graph));
    }

    /// <summary>The analysis as a table of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Module}\n{"what",-18}{"bits",8}{"count",8}\n");
        foreach (var count in Counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count.What,-18}{count.Width,8}{count.Count,8}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nlongest path: {Depth} operators\n{"level",5}  signal\n");
        foreach (var step in LongestPath)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Level,5}  {step.Name}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{"readers",7}  signal\n");
        foreach (var signal in LargestFanOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"{signal.Readers,7}  {signal.Name}\n");
        }

        return text.ToString();
    }

    private static List<PathStep> Longest(ModuleGraph graph)
    {
        var levels = new int[graph.Nodes.Count];
        var before = new int[graph.Nodes.Count];
        var done = new bool[graph.Nodes.Count];
        var deepest = -1;
        foreach (var root in Sinks.Of(graph))
        {
            // Wires may be driven by later nodes: an own stack instead of the order of the ids.
            var stack = new Stack<int>([root]);
            while (stack.TryPeek(out var id))
            {
                int[] operands = graph.Nodes[id].Kind == NodeKind.Wire ? [graph.Wires[graph.Nodes[id].Payload].Driver] : graph.Operands(id).ToArray();
                var missing = done[id] ? [] : operands.Where(o => !done[o]).ToArray();
                if (missing.Length > 0)
                {
                    Array.ForEach(missing, stack.Push);
                    continue;
                }

                stack.Pop();
                if (!done[id])
                {
                    done[id] = true;
                    before[id] = operands.Length == 0 ? -1 : operands.MaxBy(o => levels[o]);
                    levels[id] = (operands.Length == 0 ? 0 : levels[before[id]]) + (NodeNames.IsOperator(graph.Nodes[id].Kind) ? 1 : 0);
                }
            }

            deepest = deepest < 0 || levels[root] > levels[deepest] ? root : deepest;
        }

        var path = new List<PathStep>();
        for (var id = deepest; id >= 0; id = before[id])
        {
            path.Add(new PathStep(NodeNames.Of(graph, id), levels[id]));
        }

        path.Reverse();
        return path;
    }

    private static List<FanOut> FanOuts(ModuleGraph graph)
    {
        var readers = new int[graph.Nodes.Count];
        foreach (var node in Enumerable.Range(0, graph.Nodes.Count).SelectMany(id => graph.Operands(id).ToArray()).Concat(Sinks.Of(graph)))
        {
            readers[node]++;
        }

        return [.. Enumerable.Range(0, readers.Length).Where(id => readers[id] > 0 && graph.Nodes[id].Kind != NodeKind.Constant)
            .OrderByDescending(id => readers[id]).ThenBy(id => id).Take(10).Select(id => new FanOut(NodeNames.Of(graph, id), readers[id]))];
    }
}
