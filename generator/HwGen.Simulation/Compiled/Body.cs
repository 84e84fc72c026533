using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>A step of a method: of the evaluation, or a change at a clock edge.</summary>
internal readonly record struct BodyStep(Item? Item, Update? Update);

/// <summary>What one compiled method does: steps of a combinational task, or changes at a clock edge with the nodes that only they need.</summary>
internal sealed class Body(ModulePlan plan)
{
    private const int LargestDepth = 20;
    private const int MostCopies = 4;
    private const int DepthOfCopies = 2;

    /// <summary>Operators that are folded into one vector expression.</summary>
    private const int LargestVectorSize = 24;

    private readonly Dictionary<int, (int Count, Reading Strongest)> _uses = [];
    private readonly HashSet<int> _owned = [];
    private readonly HashSet<int> _folded = [];
    private readonly HashSet<VectorArray> _foldedArrays = [];

    /// <summary>The steps in order: a change comes right after what it needs.</summary>
    public List<BodyStep> Steps { get; } = [];

    /// <summary>A measure of its code.</summary>
    public int Weight { get; private set; }

    /// <summary>Whether the node is computed where its one user reads it.</summary>
    public bool IsFolded(int node) => _folded.Contains(node);

    /// <summary>Whether the array is computed where its one user, a vector, reads it.</summary>
    public bool IsFolded(VectorArray array) => _foldedArrays.Contains(array);

    /// <summary>Whether anything in this method reads the node.</summary>
    public bool IsRead(int node) => _uses.ContainsKey(node);

    public void Add(Item item)
    {
        Steps.Add(new BodyStep(item, null));
        if (item.Kind == ItemKind.Node)
            _owned.Add(item.First);
        if (item.Kind == ItemKind.Array)
            plan.Vectors.Arrays[item.First].Owner = this;
        Weight += WeightOf(item);
    }

    public void Add(Update update)
    {
        Steps.Add(new BodyStep(null, update));
        Weight += update.Register >= 0 ? 2 + (3 * plan.Graph.Registers[update.Register].Drives.Count) + BitWords.Count(plan.Graph.Registers[update.Register].Width) : 4;
    }

    /// <summary>Counts the uses; nodes that another method makes get a place in the frame.</summary>
    public void FindUses()
    {
        foreach (var step in Steps)
        {
            if (step.Item is { } item)
                UseOperands(item);
            if (step.Update is not { } update)
                continue;
            foreach (var (node, reading) in update.Operands(plan))
                Use(node, reading);
            foreach (var (value, mustBeStored) in update.Vectors(plan))
                Use(value, mustBeStored);
        }
    }

    /// <summary>Decides what is folded; after all methods of the module have found their uses.</summary>
    public void Fold()
    {
        var depths = new Dictionary<int, int>();
        var sizes = new Dictionary<VectorArray, int>();
        foreach (var item in Steps.Select(step => step.Item).OfType<Item>())
        {
            if (item.Kind == ItemKind.Array)
                Fold(plan.Vectors.Arrays[item.First], sizes);
            else if (item.Kind == ItemKind.Node)
                Fold(item, depths);
        }
    }

    private void Fold(VectorArray array, Dictionary<VectorArray, int> sizes)
    {
        if (array.Kind != ArrayKind.Operator || array.IsStored || array.VectorUses != 1 || plan.IsTracing)
            return;
        var size = 1 + array.Operands.Sum(operand => operand.Array is { } part ? sizes.GetValueOrDefault(part, 1) : 1);
        if (size > LargestVectorSize)
            return;
        sizes.Add(array, size);
        _foldedArrays.Add(array);
    }

    private void Fold(Item item, Dictionary<int, int> depths)
    {
        var node = item.First;
        var depth = 1 + plan.Operands(item).Select(operand => depths.GetValueOrDefault(operand)).DefaultIfEmpty().Max();
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

    private int WeightOf(Item item)
    {
        if (item.Kind == ItemKind.Array)
        {
            var array = plan.Vectors.Arrays[item.First];
            return 4 + (4 * array.Operands.Length) + (2 * array.LoneNodes) + (4 * array.Parts.Count);
        }

        if (item.Kind != ItemKind.Node)
            return 2;
        var node = plan.Graph.Nodes[item.First];
        var widest = plan.Operands(item).Select(plan.Width).Append(node.Width).Max();
        var parts = node.Kind is NodeKind.Select or NodeKind.Concatenate && plan.Vectors.IndexedBy(item.First) is null ? node.OperandCount : 1;
        return Math.Min(BitWords.Count(widest), Demand.MostUnrolledWords) * parts;
    }

    private void UseOperands(Item item)
    {
        if (item.Kind == ItemKind.Array)
        {
            var array = plan.Vectors.Arrays[item.First];
            foreach (var operand in array.Operands.Concat(array.Parts.Select(part => part.Value).OfType<VectorValue>()))
                Use(operand, mustBeStored: false);
            foreach (var node in ModulePlan.LoneNodes(array))
                Use(node, Reading.Once);
            return;
        }

        if (item.Kind == ItemKind.Node && plan.Vectors.IndexedBy(item.First) is { } value)
        {
            var isSelect = plan.Graph.Nodes[item.First].Kind == NodeKind.Select;
            // A word of a wide concatenation may be asked for more than once, and each time its bits are made.
            Use(value, mustBeStored: isSelect || ModulePlan.IsWide(plan.Width(item.First)));
            if (isSelect)
                Use(plan.Source(plan.Graph.Operands(item.First)[0]), ModulePlan.IsWide(plan.Width(plan.Graph.Operands(item.First)[0])) ? Reading.ByAddress : Reading.Once);
            return;
        }

        var operands = plan.Operands(item);
        for (var position = 0; position < operands.Length; position++)
            Use(operands[position], ReadingOf(item, position));
    }

    private Reading ReadingOf(Item item, int position) => item.Kind switch
    {
        ItemKind.Node => Demand.Of(plan.Graph, item.First, position),
        _ when ModulePlan.IsWide(plan.Width(plan.Operands(item)[position])) => Reading.ByAddress,
        _ => Reading.Once,
    };

    private void Use(VectorValue value, bool mustBeStored)
    {
        switch (value.Kind)
        {
            case VectorKind.Uniform or VectorKind.Bits:
                Use(value.Node, ModulePlan.IsWide(plan.Width(value.Node)) ? Reading.ByAddress : Reading.Once);
                break;
            case VectorKind.Range:
                value.Array!.VectorUses++;
                value.Array.IsStored |= mustBeStored || value.Start != 0 || value.Count != value.Array.Count || value.Array.Owner != this;
                break;
        }
    }

    private void Use(int node, Reading reading)
    {
        if (plan.Vectors.OperatorOf(node) is { } array)
        {
            array.IsStored = true;
            return;
        }

        var (count, strongest) = _uses.GetValueOrDefault(node);
        _uses[node] = (count + 1, reading > strongest ? reading : strongest);
        if (plan.IsOperatorNode(node) && !_owned.Contains(node))
            plan.Slot(node);
    }
}
