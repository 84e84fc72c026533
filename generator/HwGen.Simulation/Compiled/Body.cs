using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>What one compiled method does: steps of a combinational task, or changes at a clock edge with the nodes that only they need.</summary>
internal sealed class Body(ModulePlan plan)
{
    private const int LargestDepth = 20;
    private const int MostCopies = 4;
    private const int DepthOfCopies = 2;

    private readonly Dictionary<int, (int Count, Reading Strongest)> _uses = [];
    private readonly HashSet<int> _owned = [];
    private readonly HashSet<int> _folded = [];

    public List<Item> Items { get; } = [];

    public List<Update> Updates { get; } = [];

    /// <summary>A measure of its code.</summary>
    public int Weight { get; private set; }

    public bool Owns(int node) => _owned.Contains(node);

    /// <summary>Whether the node is computed where its one user reads it.</summary>
    public bool IsFolded(int node) => _folded.Contains(node);

    /// <summary>Whether anything in this method reads the node.</summary>
    public bool IsRead(int node) => _uses.ContainsKey(node);

    public void Add(Item item)
    {
        Items.Add(item);
        if (item.Kind == ItemKind.Node)
            _owned.Add(item.First);
        Weight += WeightOf(item);
    }

    public void Add(Update update)
    {
        Updates.Add(update);
        Weight += update.Register >= 0 ? 2 + (3 * plan.Graph.Registers[update.Register].Drives.Count) + BitWords.Count(plan.Graph.Registers[update.Register].Width) : 4;
    }

    /// <summary>Counts the uses; nodes that another method makes get a place in the frame.</summary>
    public void FindUses()
    {
        foreach (var item in Items)
        {
            var operands = plan.Operands(item);
            for (var position = 0; position < operands.Length; position++)
                Use(operands[position], ReadingOf(item, position));
        }

        foreach (var (node, reading) in Updates.SelectMany(update => update.Operands(plan)))
            Use(node, reading);
    }

    /// <summary>Decides what is folded; after all methods of the module have found their uses.</summary>
    public void Fold()
    {
        var depths = new Dictionary<int, int>();
        foreach (var item in Items.Where(item => item.Kind == ItemKind.Node))
        {
            var node = item.First;
            var depth = 1 + plan.Operands(item).Max(operand => depths.GetValueOrDefault(operand));
            var (count, reading) = _uses.GetValueOrDefault(node);
            var isWide = ModulePlan.IsWide(plan.Width(node));
            var isCheap = isWide && count <= MostCopies && depth <= DepthOfCopies && Demand.IsCheap(plan.Graph, node);
            var isFolded = (count == 1 || isCheap) && depth < LargestDepth && !plan.Slots.ContainsKey(node)
                && (isWide ? reading == Reading.WordByWord && Demand.CanBeFolded(plan.Graph, node) : reading == Reading.Once);
            if (isFolded)
            {
                _folded.Add(node);
                depths[node] = depth;
            }
            else if (isWide)
            {
                plan.Slot(node);
            }
        }
    }

    private int WeightOf(Item item)
    {
        if (item.Kind != ItemKind.Node)
            return 2;
        var node = plan.Graph.Nodes[item.First];
        var widest = plan.Operands(item).Select(plan.Width).Append(node.Width).Max();
        return Math.Min(BitWords.Count(widest), Demand.MostUnrolledWords) * (node.Kind is NodeKind.Select or NodeKind.Concatenate ? node.OperandCount : 1);
    }

    private Reading ReadingOf(Item item, int position) => item.Kind switch
    {
        ItemKind.Node => Demand.Of(plan.Graph, item.First, position),
        _ when ModulePlan.IsWide(plan.Width(plan.Operands(item)[position])) => Reading.ByAddress,
        _ => Reading.Once,
    };

    private void Use(int node, Reading reading)
    {
        var (count, strongest) = _uses.GetValueOrDefault(node);
        _uses[node] = (count + 1, reading > strongest ? reading : strongest);
        if (plan.IsOperatorNode(node) && !_owned.Contains(node))
            plan.Slot(node);
    }
}
