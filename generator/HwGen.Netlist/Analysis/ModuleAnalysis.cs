using System.Globalization;
using System.Text;
using HwGen.Netlist.Checks;

namespace HwGen.Netlist.Analysis;

/// <summary>How many of one thing a module has, or a design in all instances together, by width.</summary>
/// <param name="What">Register, Memory, or the node kind of an operator: Add is an adder, Select a multiplexer.</param>
/// <param name="Width">Bits of each; of a memory all of its bits.</param>
/// <param name="Count">How many.</param>
public sealed record WidthCount(string What, int Width, long Count);

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

        var path = new PathFinder(entersInstances: false).Of(graph);
        return new ModuleAnalysis(graph.Name, [.. counts.Select(c => new WidthCount(c.Key.Item1, c.Key.Item2, c.Value))], path.Count == 0 ? 0 : path[^1].Level, path, FanOuts(graph));
    }

    /// <summary>The analysis as a table of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Module}\n");
        AnalysisText.Append(text, Counts, 8, Depth, LongestPath);
        text.Append(CultureInfo.InvariantCulture, $"\n{"readers",7}  signal\n");
        foreach (var signal in LargestFanOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"{signal.Readers,7}  {signal.Name}\n");
        }

        return text.ToString();
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
