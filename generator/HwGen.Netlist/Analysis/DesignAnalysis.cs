using System.Globalization;
using System.Text;

namespace HwGen.Netlist.Analysis;

/// <summary>
/// What a whole design is made of, every instance counted, and its longest path in operators between registers and ports of the top module, through instances. Levels count
/// operators, not gates, as in <see cref="ModuleAnalysis"/>. Of a black box nothing is known: its outputs begin paths, its inputs end them.
/// </summary>
/// <param name="Top">The outermost module's name.</param>
/// <param name="Modules">Distinct modules.</param>
/// <param name="Instances">Instances, the top module not counted.</param>
/// <param name="Counts">What it is made of, by kind, then width.</param>
/// <param name="Depth">Operators on the longest path.</param>
/// <param name="LongestPath">That path from its start, signals named by the path of their instance; one of several that are as long.</param>
public sealed record DesignAnalysis(string Top, int Modules, long Instances, IReadOnlyList<WidthCount> Counts, int Depth, IReadOnlyList<PathStep> LongestPath)
{
    /// <summary>Analyses a design.</summary>
    public static DesignAnalysis Of(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var instances = InstancesOf(design);
        var counts = design.Modules
            .SelectMany(module => NodeNames.Parts(module).CountBy(part => part).Select(part => (Part: part.Key, Count: part.Value * instances[module])))
            .GroupBy(part => part.Part).Select(group => new WidthCount(group.Key.What, group.Key.Width, group.Sum(part => part.Count)))
            .OrderBy(count => count.What, StringComparer.Ordinal).ThenBy(count => count.Width);
        var path = new PathFinder(entersInstances: true).Of(design.Top);
        return new DesignAnalysis(design.Top.Name, design.Modules.Count, instances.Values.Sum() - 1, [.. counts], path.Count == 0 ? 0 : path[^1].Level, path);
    }

    /// <summary>The analysis as a table of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Top}: {Modules} modules, {Instances} instances\n");
        AnalysisText.Append(text, Counts, 10, Depth, LongestPath);
        return text.ToString();
    }

    /// <summary>How often each module stands in the design.</summary>
    private static Dictionary<ModuleGraph, long> InstancesOf(Design design)
    {
        var instances = design.Modules.ToDictionary(module => module, _ => 0L);
        instances[design.Top] = 1;
        foreach (var module in design.Modules.Reverse())
        {
            foreach (var instance in module.Instances)
            {
                instances[instance.Module] += instances[module];
            }
        }

        return instances;
    }
}
