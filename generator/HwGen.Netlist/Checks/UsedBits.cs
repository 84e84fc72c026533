using System.Numerics;

namespace HwGen.Netlist.Checks;

/// <summary>Which bits of each named signal are read: a slice reads its own bits, everything else reads them all.</summary>
internal sealed class UsedBits
{
    private readonly ModuleGraph _graph;
    private readonly Dictionary<int, BigInteger> _partly = [];
    private readonly HashSet<int> _wholly = [];

    /// <param name="graph">The module.</param>
    /// <param name="isLive">True for the nodes whose operands count as read.</param>
    /// <param name="roots">What is read as a whole.</param>
    public UsedBits(ModuleGraph graph, Func<int, bool> isLive, IEnumerable<int> roots)
    {
        _graph = graph;
        _wholly.UnionWith(roots);
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            if (!isLive(id))
            {
                continue;
            }

            var node = graph.Nodes[id];
            var operands = graph.Operands(id);
            if (node.Kind == NodeKind.Slice)
            {
                var mask = ((BigInteger.One << node.Width) - 1) << node.Payload;
                _partly[operands[0]] = _partly.GetValueOrDefault(operands[0]) | mask;
                continue;
            }

            foreach (var operand in operands)
            {
                _wholly.Add(operand);
            }
        }
    }

    /// <summary>The ranges of bits of a node that nothing reads, lowest first.</summary>
    public IEnumerable<(int Low, int Width)> UnusedRanges(int node)
    {
        if (_wholly.Contains(node))
        {
            yield break;
        }

        var width = _graph.Nodes[node].Width;
        var used = _partly.GetValueOrDefault(node);
        for (var low = 0; low < width;)
        {
            var high = low;
            var isUsed = !((used >> low) & 1).IsZero;
            while (high < width && !((used >> high) & 1).IsZero == isUsed)
            {
                high++;
            }

            if (!isUsed)
            {
                yield return (low, high - low);
            }

            low = high;
        }
    }
}
