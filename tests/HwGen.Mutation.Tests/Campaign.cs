using HwGen.Mutation.Tests.Benches;
using HwGen.Mutation.Tests.Faults;
using HwGen.Netlist;

namespace HwGen.Mutation.Tests;

/// <summary>A fault of a module.</summary>
/// <param name="Block">The kind of module, without the widths in its name.</param>
/// <param name="Core">The core that it was drawn from.</param>
/// <param name="Module">The module's name.</param>
/// <param name="Fault">The fault.</param>
/// <param name="What">Both in words.</param>
internal sealed record DrawnFault(string Block, Bench Core, string Module, NodeFault Fault, string What);

/// <summary>The faults of a seed, over all nodes of all distinct modules of the cores.</summary>
internal sealed class Campaign
{
    /// <summary>The fewest faults of a block: where the draw over all nodes gives fewer, more are drawn from its own.</summary>
    public const int LeastOfABlock = 20;

    private static readonly string[] s_blocks =
    [
        .. typeof(Cim.Core).Assembly.GetTypes().Concat(typeof(Module).Assembly.GetTypes()).Where(t => t.IsSubclassOf(typeof(Module)))
            .Select(t => Names.ToSnakeCase(t.Name)).OrderByDescending(name => name.Length),
    ];

    private readonly List<(Bench Core, Population Nodes)> _modules = [];

    /// <param name="cores">The cores.</param>
    /// <param name="others">Cores whose modules are left out.</param>
    public Campaign(IReadOnlyList<Bench> cores, params IReadOnlyList<Bench> others)
    {
        var seen = others.SelectMany(core => core.Design.Modules.Select(module => core.Texts[module.Name])).ToHashSet(StringComparer.Ordinal);
        foreach (var core in cores)
        {
            // What synthesis takes from elsewhere is a model of it, no hardware of ours.
            foreach (var module in core.Design.Modules.Where(module => !module.IsExternal && seen.Add(core.Texts[module.Name])))
            {
                _modules.Add((core, new Population(module)));
            }
        }
    }

    /// <summary>How many nodes each block has, over all its distinct modules.</summary>
    public IReadOnlyDictionary<string, int> Nodes =>
        _modules.GroupBy(m => BlockOf(m.Nodes.Graph.Name)).ToDictionary(g => g.Key, g => g.Sum(m => m.Nodes.Count));

    /// <summary>Draws faults: each node is as likely as any other, then each fault of it.</summary>
    public List<DrawnFault> Draw(int seed, int count, int leastOfABlock)
    {
        var random = new Random(seed);
        var drawn = new List<DrawnFault>();
        var total = _modules.Sum(m => m.Nodes.Count);
        while (drawn.Count < count)
        {
            DrawAt(_modules, random.Next(total));
        }

        foreach (var block in _modules.GroupBy(m => BlockOf(m.Nodes.Graph.Name)))
        {
            var own = block.ToList();
            while (drawn.Count(fault => fault.Block == block.Key) < leastOfABlock)
            {
                DrawAt(own, random.Next(own.Sum(m => m.Nodes.Count)));
            }
        }

        return drawn;

        void DrawAt(List<(Bench Core, Population Nodes)> modules, int place)
        {
            var next = 0;
            while (place >= modules[next].Nodes.Count)
            {
                place -= modules[next++].Nodes.Count;
            }

            var (core, nodes) = modules[next];
            if (nodes.Draw(place, random) is { } fault)
            {
                drawn.Add(new DrawnFault(BlockOf(nodes.Graph.Name), core, nodes.Graph.Name, fault, $"{nodes.Graph.Name[5..]}: {nodes.Name(fault)}: {fault.What}"));
            }
        }
    }

    /// <summary>The benches that have a fault's module, those of blocks first.</summary>
    public static IEnumerable<Bench> BenchesOf(DrawnFault fault, IReadOnlyList<Bench> benches) =>
        benches.Where(bench => bench.Texts.GetValueOrDefault(fault.Module) == fault.Core.Texts[fault.Module] && NodesOf(bench, fault).SequenceEqual(NodesOf(fault.Core, fault)));

    private static IReadOnlyList<Node> NodesOf(Bench bench, DrawnFault fault) => bench.Design.Modules.First(module => module.Name == fault.Module).Nodes;

    /// <summary>Whether a module is one of a core, and not one around a block under test.</summary>
    public static bool IsBlock(string module) => s_blocks.Any(block => module["unit_".Length..].StartsWith(block, StringComparison.Ordinal));

    public static string BlockOf(string module) => s_blocks.First(block => module["unit_".Length..].StartsWith(block, StringComparison.Ordinal));
}
